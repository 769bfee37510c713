import type { FairnessGroup, FairnessReport, MatchRate, NonMatchRate } from './fairness.ts'
import type { Dimension } from './fairness-groups.ts'

const TITLES: Readonly<Record<Dimension, string>> = {
  age: 'Age band (from the birth date in the number; on the day of the newest record)',
  sex: 'Sex (from the number)',
  ethnicity: 'Ethnicity field of the card',
  portraitAge: 'Age of the reference portrait, years',
}

/** The report as Markdown, limits first. `sha256` is of its JSON. */
export function fairnessDocument(
  report: FairnessReport,
  about: { readonly origin: string; readonly sha256: string },
): string {
  const { simulated, smallestGroup, uncompared, excludedPairs, overall, dimensions, accept } = report
  const mark = simulated
    ? '\n**SIMULATED 模拟: made-up people and hardware; these numbers are about nobody.**\n'
    : ''
  const accepts = Object.entries(accept).map(([model, value]) => `${value} for \`${model.slice(0, 16)}\``)
  return `# Errors of the face check by groups of people
${mark}
Station \`${about.origin}\`. sha256 of the same report as JSON: \`${about.sha256}\`.

## What each number rests on

- **False non-match rate**: checks of this site in which the face check said no or wasn't sure and a supervisor then signed, in the same session,
  that it was this person, over those and all matches. Checks that said no and that nobody signed for (*unresolved*) may have been
  somebody else: “at most” counts them all as the right person. The truth lies between.
- A match may have been an impostor too; the site can't know.
- Interval: Wilson's, 95 %. One person's checks fail together, so checks are divided by the design effect between people. Where there is no
  failure that can't be measured, and a person counts as one check.
- **False match rate**: never from decisions, because nobody learns of an impostor who got through. Estimated from the templates of
  people who agreed to comparing inside their class: pairs of two different people *of the same group*, live against live, at the
  threshold of the door (accept ${accepts.join(', ') || 'unknown'}). At the door a live face meets a portrait, several frames decide, and impostors choose whom
  to resemble: this is another number than the door's. Pairs share people, so its interval is too narrow.
- Pairs in an identity review count only once two people have found them different: ${excludedPairs} pairs are left out for this, or because their
  model's threshold is not known.
- ${uncompared} looks ended without a comparison and are in no rate.
- Groups of fewer than ${smallestGroup} people are not shown (“–”), nor so many more that nobody can subtract them. Differences between reports of
  different days can still tell something about few people: give out one.
- *unknown*: the site holds nothing. Ethnicity and the card's date are kept only where the site chose to (\`cardFacts\`), the notice said so and
  the person agreed. A portrait that the institution brought has no date.

## All

${table([overall])}
${dimensions.map(({ dimension, known, groups }) => `\n## ${TITLES[dimension]}\n\nKnown of ${known === null ? 'too few people to say' : `${Math.round(100 * known)} % of people`}.\n\n${groups.length === 0 ? 'Unknown: no check was compared yet.' : table(groups)}`).join('\n')}
`
}

function table(groups: readonly FairnessGroup[]): string {
  return `| group | people | checks | false non-matches | FNMR (95 %) | at most (unresolved) | people with templates | pairs | FMR (95 %) |
|---|---|---|---|---|---|---|---|---|
${groups.map(({ group, nonMatch, match }) => `| ${[group, ...nonMatchCells(nonMatch), ...matchCells(match)].join(' | ')} |`).join('\n')}`
}

function nonMatchCells(rate: NonMatchRate | null): (string | number)[] {
  if (rate === null) return ['–', '–', '–', '–', '–']
  const { people, checks, falseNonMatches, unresolved, interval95 } = rate
  return [
    people,
    checks,
    falseNonMatches,
    share(rate.rate, interval95),
    `${percent(rate.atMost)} (${unresolved})`,
  ]
}

function matchCells(rate: MatchRate | null): (string | number)[] {
  if (rate === null) return ['–', '–', '–']
  return [rate.people, rate.pairs, share(rate.rate, rate.interval95)]
}

function share(rate: number | null, [low, high]: readonly [number, number]): string {
  return rate === null ? 'unknown' : `${percent(rate)} (${percent(low)}–${percent(high)})`
}

function percent(rate: number | null): string {
  return rate === null ? 'unknown' : `${Number((100 * rate).toPrecision(2))} %`
}
