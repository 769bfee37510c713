import type { MeasuredAt, MeasuredShare } from '../../src/face/calibrated-thresholds.ts'
import type { Interval } from '../../src/face/rates.ts'
import type { MeasuredEngine, Measurement } from './calibrate.ts'

const CONDITION_NAMES = {
  orig: 'both pictures as they are',
  id75: 'card portrait, JPEG q75',
  id1k: 'card portrait of 1 KB',
} as const
const LIST_NAMES = { mixed: 'mixed', population: 'East-Asian' } as const

/** docs/face-accuracy.md: limits, thresholds of every engine, rates, commands. */
export function accuracyDocument(engines: readonly MeasuredEngine[], targetFmr: number): string {
  const mixed = engines[0]?.measured.find(({ list }) => list === 'mixed')
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
  among them, the numbers flatter it. The other engine's makers name their data (dlib: FaceScrub, VGG Face and the web),
  which may hold them too.
- Thresholds, search limits and alignment of both engines were chosen on this same half of the people, the order of the
  default engine's colour channels (one of two) on pictures of both halves: numbers on people never used will be a
  little lower.
- No attack was measured here. A photograph of the right person scores like the person.

## Two engines

\`arcface\` is the default: BlazeFace, Face Mesh, 5-point similarity, an ArcFace-family network on onnxruntime. Its score is a
cosine. A reference is the middle of four views (as it is, mirrored, a tenth larger, a tenth smaller); a frame that scores
within 0.06 of \`accept\` is looked at again with its mirror image averaged in, here as at the door. \`face-api\` is the detector, the 68 landmarks and the descriptor of @vladmandic/face-api; its score is
1 − Euclidean distance, so that the library's own threshold of 0.6 is a score of 0.4. Two things were added to it because
they measured better: dlib's 5-point alignment before the descriptor and several detector sizes (the library's one size
misses up to half of the card portraits).

${comparisonTable(engines)}

“Default” is what the library starts with: 0.6 for face-api. The package that ships the default engine's network names no
threshold; in its place stands the one that 0.1 % of the mixed impostors reach, as anyone would take it who measures on
mixed pictures. The calibrated threshold of each engine is its \`accept\`. “0 % (0–0)”: not one pair reached it; drawing people
anew can't show more than the pairs do, which is a rate below three in their number.

${engines.map((engine) => thresholdSection(engine, targetFmr)).join('\n\n')}

The rule for \`reject\` is the second one tried. The first, "1 % of genuine frames below", hung on nine pairs of one person
of the list and left 62 % of impostors doubtful with the default engine. They are counted in every number here.
That is too few people to say how often a genuine person is refused.

## Rates

TAR in %, with the 95 % interval over people (bootstrap, 1,000 draws of people with all their pairs, at the threshold
measured). Impostors are all pairs of different people in the list. A picture without a found face counts as no match.
“–”: fewer than ten impostor pairs would decide.

${sampleNote(engines)}| engine | list | reference | EER | TAR @ FAR 1e-2 | @ 1e-3 | @ 1e-4 | @ 1e-5 | score @ 1e-3 | not found | pairs genuine / impostor |
|---|---|---|---|---|---|---|---|---|---|---|
${engines.flatMap(({ engine, measured }) => measured.map((one) => ratesRow(engine, one))).join('\n')}

## Do it yourself

With a folder of pictures named \`Person_Name_0001.jpg\`, a list of file names and a CSV \`a,b\` of same-person pairs:

    npm run -s shidao -- face bench --genuine PAIRS.csv --images LIST.txt --root DIR --portrait id1k --engine face-api --json

The thresholds of both engines and this page (without --sample two hours on two cores, nearly all of it for face-api):

    npx node build/models/calibrate.ts --genuine PAIRS.csv --root DIR --population EAST-ASIAN.txt --mixed ALL.txt --sample 400
`
}

/** Says which engines saw fewer pictures of the mixed list than the default one did. */
function sampleNote(engines: readonly MeasuredEngine[]): string {
  const mixedPeople = ({ measured }: MeasuredEngine) =>
    measured.find(({ list }) => list === 'mixed')?.people ?? 0
  const [first] = engines
  const sampled = engines.filter((engine) => first !== undefined && mixedPeople(engine) < mixedPeople(first))
  return sampled
    .map(
      (engine) =>
        `\`${engine.engine}\` saw only the beginning of the mixed list, ${mixedPeople(engine)} people: it is slow.\n\n`,
    )
    .join('')
}

/** The engines beside each other, with 1 KB portraits; README.md and the document show the same. */
export function comparisonTable(engines: readonly MeasuredEngine[]): string {
  const rows = engines.flatMap(({ engine, measured }) => {
    const population = measured.find(({ list, portrait }) => list === 'population' && portrait === 'id1k')!
    const mixed = measured.find(({ list, portrait }) => list === 'mixed' && portrait === 'id1k')!
    const calibrated = comparisonRow(engine, 'calibrated', population.atAccept, mixed.atAccept)
    const [inPopulation, inMixed] = [population.atDefault, mixed.atDefault]
    return [comparisonRow(engine, 'default', inPopulation, inMixed), calibrated]
  })
  return `| engine | threshold | East-Asian: impostors accepted | East-Asian: genuine accepted | mixed: impostors accepted | mixed: genuine accepted |
|---|---|---|---|---|---|
${rows.join('\n')}`
}

function comparisonRow(engine: string, name: string, population: MeasuredAt, mixed: MeasuredAt): string {
  const cells = [
    `\`${engine}\``,
    `${name}, ${population.threshold}`,
    share(population.fmr),
    share(population.tar),
    share(mixed.fmr),
    share(mixed.tar),
  ]
  return `| ${cells.join(' | ')} |`
}

function thresholdSection(engine: MeasuredEngine, targetFmr: number): string {
  const { accept, reject, model, measured, population } = engine
  const rows = measured.map(({ list, portrait, atAccept, atReject }) => {
    const cells = [
      LIST_NAMES[list],
      CONDITION_NAMES[portrait],
      share(atAccept.fmr),
      share(atAccept.tar),
      share(atReject.fmr),
      `${percent(atReject.tar.rate - atAccept.tar.rate)} / ${percent(atReject.fmr.rate - atAccept.fmr.rate)}`,
    ]
    return `| ${cells.join(' | ')} |`
  })
  return `### \`${engine.engine}\`: accept from ${accept}, reject below ${reject}

Model \`${model.name}\`, sha256 \`${model.sha256}\`. Population: ${population}.
\`accept\` keeps the false match rate at ${percent(targetFmr)} or less inside the population in every portrait condition, \`reject\`
leaves at most 5 % of its impostors at or above itself. Between the two a check is doubtful and goes to people.

| list | reference | impostors from accept | genuine from accept | impostors from reject | doubtful genuine / impostor |
|---|---|---|---|---|---|
${rows.join('\n')}`
}

function ratesRow(engine: string, { list, portrait, rates, failures, n }: Measurement): string {
  const { tar, interval95, thresholds } = rates
  const cell = (level: keyof typeof tar) => {
    const value = tar[level]
    const interval = interval95[level]
    return value === null || interval === null ? '–' : `${hundredths(value)} (${bounds(interval)})`
  }
  const cells = [
    `\`${engine}\``,
    LIST_NAMES[list],
    CONDITION_NAMES[portrait],
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

/** A share in per cent with its interval. */
function share({ rate, interval95: [low, high] }: MeasuredShare): string {
  return `${percent(rate)} (${digits(low)}–${digits(high)})`
}

function percent(rate: number): string {
  return `${digits(rate)} %`
}

function digits(rate: number): string {
  return rate > 0.9 ? (100 * rate).toFixed(1) : `${Number((100 * rate).toPrecision(2))}`
}

function hundredths(rate: number): string {
  return (100 * rate).toFixed(2)
}

function bounds([low, high]: Interval): string {
  return `${(100 * low).toFixed(1)}–${(100 * high).toFixed(1)}`
}
