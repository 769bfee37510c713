import fc from 'fast-check'
import { expect, test } from 'vitest'
import { clopperPearson, designEffectOf, wilsonInterval } from '../../src/common/proportion.ts'

const Z = 1.959963984540054
const counts = fc
  .integer({ min: 1, max: 300 })
  .chain((trials) => fc.tuple(fc.integer({ min: 0, max: trials }), fc.constant(trials)))

// By hand: z² = 3.841459; 0 of 10: high = z²/(10 + z²); 5 of 10: 0.5 ± z/(2√(10 + z²)).
test.each([
  [0, 10, 0, 3.841459 / 13.841459],
  [10, 10, 10 / 13.841459, 1],
  [5, 10, 0.236593, 0.763407],
  [1, 20, 0.0088814, 0.2361309],
])('Wilson’s interval of %d in %d is what the formula gives by hand', (hits, trials, low, high) => {
  const interval = wilsonInterval(hits, trials)
  expect(interval[0]).toBeCloseTo(low, 6)
  expect(interval[1]).toBeCloseTo(high, 6)
})

// No hit: 1 − 0.025^(1/n). 1 of 10 and 5 of 10 from the published tables (Clopper & Pearson 1934, 95 %).
test.each([
  [0, 10, 0, 1 - 0.025 ** 0.1],
  [10, 10, 0.025 ** 0.1, 1],
  [1, 10, 0.0025286, 0.4450161],
  [5, 10, 0.1870861, 0.8129139],
  [0, 19_542, 0, 1 - 0.025 ** (1 / 19_542)],
])('the exact interval of %d in %d is the one of the tables', (hits, trials, low, high) => {
  const interval = clopperPearson(hits, trials)
  expect(interval[0]).toBeCloseTo(low, 6)
  expect(interval[1]).toBeCloseTo(high, 6)
})

test('a bound of Wilson’s interval is where the observed share lies 1.96 deviations away', () => {
  fc.assert(
    fc.property(counts, ([hits, trials]) => {
      for (const bound of wilsonInterval(hits, trials)) {
        if (bound === 0 || bound === 1) continue
        const deviations = Math.abs(hits / trials - bound) / Math.sqrt((bound * (1 - bound)) / trials)
        expect(deviations).toBeCloseTo(Z, 6)
      }
    }),
  )
})

test('a bound of the exact interval leaves 2.5 % of the binomial distribution beyond what was seen', () => {
  fc.assert(
    fc.property(counts, ([hits, trials]) => {
      const [low, high] = clopperPearson(hits, trials)
      if (hits > 0) expect(1 - binomialUpTo(hits - 1, trials, low)).toBeCloseTo(0.025, 6)
      if (hits < trials) expect(binomialUpTo(hits, trials, high)).toBeCloseTo(0.025, 6)
    }),
  )
})

test('both intervals mirror when hits and misses change places, and hold the share', () => {
  fc.assert(
    fc.property(counts, ([hits, trials]) => {
      for (const interval of [wilsonInterval, clopperPearson]) {
        const [low, high] = interval(hits, trials)
        const mirrored = interval(trials - hits, trials)
        expect(mirrored[0]).toBeCloseTo(1 - high, 8)
        expect(mirrored[1]).toBeCloseTo(1 - low, 8)
        expect(low).toBeLessThanOrEqual(hits / trials)
        expect(high).toBeGreaterThanOrEqual(hits / trials)
      }
    }),
  )
})

test('without trials nothing is known', () => {
  expect(wilsonInterval(0, 0)).toEqual([0, 1])
  expect(clopperPearson(0, 0)).toEqual([0, 1])
})

test('trials that count half give the interval of half as many', () => {
  expect(wilsonInterval(10, 40, 2)).toEqual(wilsonInterval(5, 20))
})

test('people who always fail alike count as one trial each, independent ones as they are', () => {
  const alike = Array.from({ length: 100 }, (_, i) => ({ hits: i % 4 === 0 ? 5 : 0, trials: 5 }))
  expect(designEffectOf(alike)).toBeCloseTo(5, 0)
  const single = alike.map(({ hits }) => ({ hits: hits / 5, trials: 1 }))
  expect(designEffectOf(single)).toBe(1)
})

test('where nobody fails a person counts as one trial', () => {
  expect(
    designEffectOf([
      { hits: 0, trials: 8 },
      { hits: 0, trials: 4 },
    ]),
  ).toBe(6)
  expect(designEffectOf([])).toBe(1)
})

/** P(X ≤ hits), summed from its terms. */
function binomialUpTo(hits: number, trials: number, share: number): number {
  let term = trials * Math.log1p(-share)
  let sum = Math.exp(term)
  for (let k = 1; k <= hits; k++) {
    term += Math.log((trials - k + 1) / k) + Math.log(share) - Math.log1p(-share)
    sum += Math.exp(term)
  }
  return sum
}
