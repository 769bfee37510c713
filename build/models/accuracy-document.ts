import type { Interval } from '../../src/face/rates.ts'
import type { Calibration, Measurement } from './calibrate.ts'

const CONDITION_NAMES = {
  orig: 'both pictures as they are',
  id75: 'card portrait, JPEG q75',
  id1k: 'card portrait of 1 KB',
} as const
const LIST_NAMES = { mixed: 'mixed', population: 'East-Asian' } as const

/** docs/face-accuracy.md: limits, thresholds, table, command. */
export function accuracyDocument(calibration: Calibration, measurements: readonly Measurement[]): string {
  const { accept, reject, fmr, model, measured, population } = calibration
  const mixed = measurements.find(({ list }) => list === 'mixed')
  return `# Accuracy of the face check

*Written by \`node build/models/calibrate.ts\`; don't edit by hand.*

## What these numbers are not

- The pictures are press photographs of public figures from Labeled Faces in the Wild (the development half,
  ${mixed?.people.toLocaleString('en')} people), taken within a few years. A card's portrait is up to twenty years older than its
  holder: **expect lower acceptance at a real door.** No age gap was measured.
- No kiosk camera, no glasses, masks or backlight on purpose. Each pair is one frame; a check at the door fuses several.
- The card portrait is a stand-in: 102 × 126, eyes 28 pixels apart, then JPEG q75 (about 2.7 kB) or WebP (about 0.9 kB).
  Chinese identity cards use another codec (WLT), which can't be written freely.
- The East-Asian list was chosen by surname, a heuristic, and is small. Its 95 % intervals are wide: look at them.
- Who trained the default recogniser, and on which pictures, is not documented. If any of these public figures were
  among them, the numbers flatter it.
- Thresholds, the mirrored reference and the search limits were chosen on this same half of the people, the order of the
  colour channels (one of two) on pictures of both halves: numbers on people never used will be a little lower.
- No attack was measured here. A photograph of the right person scores like the person.

## Thresholds in use

Model \`${model.name}\`, sha256 \`${model.sha256}\`. Scores are cosines, −1 … 1.

| threshold | value | chosen so that | measured on the list |
|---|---|---|---|
| accept | ${accept.toFixed(2)} | false match rate ≤ ${percent(fmr)} inside the population, in every portrait condition | ${percent(measured.fmrAtAccept.orig)} (${range(measured.fmrInterval95.orig)}) as they are, ${percent(measured.fmrAtAccept.id1k)} (${range(measured.fmrInterval95.id1k)}) with 1 KB portraits |
| reject | ${reject.toFixed(2)} | at most 5 % of impostors reach it, in every portrait condition | ${percent(measured.fmrAtReject.id1k)} of impostors reach it with 1 KB portraits; of genuine single frames lie below ${percent(measured.fnmrAtReject.orig)} as they are, ${percent(measured.fnmrAtReject.id1k)} (${range(measured.fnmrAtRejectInterval95.id1k)}) with 1 KB portraits |

Population: ${population}. At \`accept\`, one frame verifies ${percent(measured.tarAtAccept.orig)} of genuine pairs as they
are and ${percent(measured.tarAtAccept.id1k)} with 1 KB portraits. Between the two thresholds a check is doubtful and goes to people.

The rule for \`reject\` is the second one tried. The first, "1 % of genuine frames below", gave 0.02 and left 62 % of
impostors doubtful. All nine genuine pairs below the present threshold are of one person, with two of that person's
pictures as the portrait: six with a face turned 45°, which is found wrongly once shrunk, and three with a frontal face
that is found but no longer resembles its owner at 1 KB. They are counted in every number here. That is too few people
to say how often a genuine person is refused.

The same \`accept\` stands for a false match rate of ${percent(measured.fmrAtAcceptMixed.orig)} on the mixed list. Thresholds that come
from mixed pictures are far too low for people who all come from one region.

## Rates

TAR in %, with the 95 % interval over people (bootstrap, 1,000 draws of people with all their pairs, at the threshold
measured). Impostors are all pairs of different people in the list. A picture without a found face counts as no match.
“–”: fewer than ten impostor pairs would decide.

| list | reference | EER | TAR @ FAR 1e-2 | @ 1e-3 | @ 1e-4 | @ 1e-5 | score @ 1e-3 | not found | pairs genuine / impostor |
|---|---|---|---|---|---|---|---|---|---|
${measurements.map(row).join('\n')}

## Do it yourself

With a folder of pictures named \`Person_Name_0001.jpg\`, a list of file names and a CSV \`a,b\` of same-person pairs:

    npm run -s shidao -- face bench --genuine PAIRS.csv --images LIST.txt --root DIR --portrait id1k --json

The thresholds and this page:

    npx node build/models/calibrate.ts --genuine PAIRS.csv --root DIR --population EAST-ASIAN.txt --mixed ALL.txt
`
}

function row({ list, condition, rates, failures, n }: Measurement): string {
  const { tar, interval95, thresholds } = rates
  const cell = (level: keyof typeof tar) => {
    const value = tar[level]
    const interval = interval95[level]
    return value === null || interval === null ? '–' : `${hundredths(value)} (${bounds(interval)})`
  }
  const cells = [
    LIST_NAMES[list],
    CONDITION_NAMES[condition],
    hundredths(rates.eer),
    cell('1e-2'),
    cell('1e-3'),
    cell('1e-4'),
    cell('1e-5'),
    thresholds['1e-3']?.toFixed(3) ?? '–',
    `${failures.probe + failures.portrait}`,
    `${n.genuine.toLocaleString('en')} / ${n.impostor.toLocaleString('en')}`,
  ]
  return `| ${cells.join(' | ')} |`
}

function hundredths(share: number): string {
  return (100 * share).toFixed(2)
}

function bounds([low, high]: Interval): string {
  return `${(100 * low).toFixed(1)}–${(100 * high).toFixed(1)}`
}

function percent(share: number): string {
  return `${Number((100 * share).toPrecision(3))} %`
}

function range({ low, high }: { low: number; high: number }): string {
  return `95 %: ${Number((100 * low).toPrecision(2))}–${Number((100 * high).toPrecision(2))} %`
}
