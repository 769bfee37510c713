import type { DuplicateThreshold, MeasuredPairs } from '../../src/face/duplicate-threshold.ts'
import type { SearchCost } from './duplicate-search-cost.ts'

const LISTS = { population: 'East-Asian', mixed: 'mixed' } as const

/** The generated section of docs/duplicates.md. */
export function duplicateSection(
  chosen: DuplicateThreshold,
  { tailShare, cost }: { readonly tailShare: number; readonly cost: readonly SearchCost[] },
): string {
  const { threshold, targetFmr, model, measured, genuine, population, extrapolated } = chosen
  const [people] = measured
  const highestMixed = measured.find(({ list }) => list === 'mixed')?.highest
  return `
Model \`${model.name}\`, sha256 \`${model.sha256}\`. Population: ${population}.

**Raised from a score of ${threshold} on.** That is the upper end of the 95 % interval of the score at ${targetFmr.toExponential(0)} a pair in the
population, rounded up${extrapolated ? `; **it is extrapolated**: the population's pairs decide nothing below a rate of ${rate(people!.endOfData)}, and a target of ${rate(targetFmr)} is ${Math.round(people!.endOfData / targetFmr)} times rarer` : ''}.

| list | people | pairs of different people | at or above ${threshold} | rate, 95 % interval if pairs were independent | data end at a rate of | highest score |
|---|---|---|---|---|---|---|
${measured.map(row).join('\n')}

The highest scores of the mixed list (up to ${highestMixed}) were not looked at one by one. LFW is known to hold some pictures under a wrong name;
such a pair is one face under two names, and counts here as a false match.

| list | score at 1e-3 | at 1e-4 | at 1e-5 |
|---|---|---|---|
${measured.map(levelsRow).join('\n')}

In brackets: 95 % over people (bootstrap, 1,000 draws of people with all their pairs). *Fit*: beyond the data, by a generalised Pareto
distribution fitted to the highest ${percent(tailShare)} of the pairs. How much hangs on that share:

| list | ${people!.fits.map(({ share }) => `fitted to ${percent(share)}`).join(' | ')} |
|---|${people!.fits.map(() => '---|').join('')}
${measured.map(({ list, fits }) => `| ${LISTS[list]}, score at ${rate(targetFmr)} (shape) | ${fits.map(({ score, shape }) => `${score} (${shape})`).join(' | ')} |`).join('\n')}

**What it finds**: of ${genuine.pairs.toLocaleString('en')} pairs of two pictures of one person ${percent(genuine.share)} (${percent(genuine.interval95[0])}–${percent(genuine.interval95[1])}) reach it. One of
${Math.max(1, Math.round(1 / (1 - genuine.share)))} such pairs is missed on a single day. In a class of 60 (1,770 pairs) the target means one false alarm in ${Math.round(1 / (1770 * targetFmr))} classes, if the fit holds.

| people in a class | pairs | opening the sealed templates | comparing all pairs |
|---|---|---|---|
${cost.map((one) => `| ${one.people.toLocaleString('en')} | ${one.pairs.toLocaleString('en')} | ${Math.round(one.openMs)} ms | ${Math.round(one.compareMs)} ms |`).join('\n')}

Made-up templates of 512 values, one run on the machine that wrote this page. At the door one new template is compared with the others of
its class only, after the record: the opening, and of the last column 2 / people.
`
}

function row({ list, people, pairs, atThreshold, endOfData, highest }: MeasuredPairs): string {
  const [low, high] = atThreshold.interval95
  const cells = [
    LISTS[list],
    people.toLocaleString('en'),
    pairs.toLocaleString('en'),
    atThreshold.pairs,
    `${rate(atThreshold.rate)} (${rate(low)}–${rate(high)})`,
    rate(endOfData),
    highest,
  ]
  return `| ${cells.join(' | ')} |`
}

function levelsRow({ list, levels }: MeasuredPairs): string {
  const cells = levels.map(
    ({ score, interval95: [low, high], from }) =>
      `${from === 'fit' ? '*fit* ' : ''}${score} (${low}–${high})`,
  )
  return `| ${LISTS[list]} | ${cells.join(' | ')} |`
}

function rate(value: number): string {
  return value === 0 ? '0' : value.toExponential(value === 1e-5 ? 0 : 1)
}

function percent(share: number): string {
  return `${Number((100 * share).toFixed(1))} %`
}
