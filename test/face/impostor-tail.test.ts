import fc from 'fast-check'
import { expect, test } from 'vitest'
import { calibrationOf } from '../../src/face/calibrated-thresholds.ts'
import { duplicateThresholdOf } from '../../src/face/duplicate-threshold.ts'
import { fitImpostorTail, rateAtScore, scoreAtRate } from '../../src/face/impostor-tail.ts'
import { lockedModels } from './duplicate-model.ts'

/** Scores at the plotting positions of a generalised Pareto tail above `from`: no chance in it. */
function quantiles(shape: number, scale: number, n: number, from: number): number[] {
  return Array.from({ length: n }, (_, i) => {
    const beyond = 1 - (i + 1 - 0.35) / n
    return from + (shape === 0 ? -scale * Math.log(beyond) : (scale * (beyond ** -shape - 1)) / shape)
  })
}

test.each([
  [-0.3, 0.06],
  [-0.1, 0.05],
  [0, 0.04],
])('a tail of shape %d and scale %d is found again', (shape, scale) => {
  const tail = fitImpostorTail({ scores: quantiles(shape, scale, 2000, 0.3) }, 0.3, 100_000)!
  expect(tail.shape).toBeCloseTo(shape, 1)
  expect(tail.scale).toBeCloseTo(scale, 2)
  expect(tail).toMatchObject({ from: 0.3, share: 0.02, excesses: 2000 })
})

test('the score at a rate and the rate at a score undo each other, also beyond the data', () => {
  fc.assert(
    fc.property(
      fc.double({ min: -0.4, max: 0.2, noNaN: true }),
      fc.double({ min: 1e-7, max: 0.02, noNaN: true }),
      (shape, rate) => {
        const tail = { from: 0.3, share: 0.02, shape, scale: 0.05, excesses: 400 }
        const score = scoreAtRate(tail, rate)
        if (score < 1) expect(rateAtScore(tail, score) / rate).toBeCloseTo(1, 4)
      },
    ),
  )
})

test('a tail with an end says that nothing lies beyond it', () => {
  const tail = { from: 0.3, share: 0.02, shape: -0.5, scale: 0.1, excesses: 400 }
  expect(rateAtScore(tail, 0.5)).toBe(0)
  expect(scoreAtRate(tail, 1e-12)).toBeCloseTo(0.5, 4)
})

test('a weight of three is the same as the score three times, a weight of none as without it', () => {
  const scores = quantiles(-0.2, 0.06, 60, 0.3)
  const weights = scores.map((_, i) => i % 4)
  const repeated = scores.flatMap((score, i) => Array.from({ length: i % 4 }, () => score))
  const weighted = fitImpostorTail({ scores, weights }, 0.3, 10_000)!
  const listed = fitImpostorTail({ scores: repeated }, 0.3, 10_000)!
  expect(weighted.shape).toBeCloseTo(listed.shape, 9)
  expect(weighted.scale).toBeCloseTo(listed.scale, 9)
  expect(weighted.excesses).toBe(listed.excesses)
})

test('too few excesses or equal ones give no tail', () => {
  expect(fitImpostorTail({ scores: quantiles(0, 0.05, 19, 0.3) }, 0.3, 1000)).toBeNull()
  expect(fitImpostorTail({ scores: new Array(50).fill(0.3) }, 0.3, 1000)).toBeNull()
})

test('the default model has a threshold that says how far its data reach, other weights have none', () => {
  const found = lockedModels.map(duplicateThresholdOf).filter((one) => one !== null)
  expect(found).toHaveLength(1)
  const [chosen] = found
  expect(chosen!.targetFmr).toBe(1e-5)
  expect(chosen!.threshold).toBeGreaterThan(calibrationOf(chosen!.model)!.accept)
  const [population] = chosen!.measured
  expect(chosen!.extrapolated).toBe(population!.endOfData > chosen!.targetFmr)
  expect(duplicateThresholdOf({ ...chosen!.model, sha256: 'f'.repeat(64) })).toBeNull()
})

test('a model folder that reads the default weights in another way has no duplicate threshold', () => {
  const { model } = lockedModels.map(duplicateThresholdOf).find((one) => one !== null)!
  expect(duplicateThresholdOf({ ...model, name: `${model.name}@0a1b2c3d` })).toBeNull()
})
