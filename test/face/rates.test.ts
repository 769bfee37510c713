import { describe, expect, test } from 'vitest'
import { falseMatchRate, measureRates, type PairScores, thresholdAt } from '../../src/face/rates.ts'

/** 100 genuine pairs of 10 people and 10,000 impostor pairs, scores spread evenly. */
function evenScores(genuineFrom: number, genuineTo: number): PairScores {
  const spread = (count: number, from: number, to: number) =>
    Float32Array.from({ length: count }, (_, i) => from + ((to - from) * (i + 0.5)) / count)
  const people = 10
  return {
    people,
    genuine: {
      scores: spread(100, genuineFrom, genuineTo),
      person: Uint32Array.from({ length: 100 }, (_, i) => i % people),
    },
    impostor: {
      scores: spread(10_000, -0.5, 0.5),
      personA: Uint32Array.from({ length: 10_000 }, (_, i) => i % people),
      personB: Uint32Array.from({ length: 10_000 }, (_, i) => (i + 1 + (Math.floor(i / 10) % 9)) % people),
    },
  }
}

describe('measured rates', () => {
  test('of kinds that overlap nowhere are perfect', () => {
    const rates = measureRates(evenScores(0.6, 0.9))
    expect(rates.eer).toBe(0)
    expect(rates.tar['1e-2']).toBe(1)
    expect(rates.tar['1e-3']).toBe(1)
    expect(rates.interval95['1e-3']).toEqual([1, 1])
  })

  test('of kinds that overlap follow from where the scores lie', () => {
    // Impostors −0.5 … 0.5, genuine 0 … 1: the rates cross where 0.5 − t = t.
    const rates = measureRates(evenScores(0, 1))
    expect(rates.eer).toBeCloseTo(0.25, 2)
    expect(rates.thresholds['1e-2']).toBeCloseTo(0.49, 3)
    expect(rates.tar['1e-2']).toBeCloseTo(0.51, 2)
  })

  test('that fewer than ten impostor pairs would decide are null', () => {
    const rates = measureRates(evenScores(0, 1))
    expect(rates.tar['1e-3']).not.toBe(null)
    expect(rates.tar['1e-4']).toBe(null)
    expect(rates.thresholds['1e-5']).toBe(null)
    expect(rates.interval95['1e-4']).toBe(null)
  })
})

test('a threshold lets through no more impostors than its level allows, even among equal scores', () => {
  const scores = new Float32Array(1000).fill(0.3).fill(0.1, 0, 900)
  const threshold = thresholdAt(scores.toSorted(), 0.05)!
  expect(scores.filter((score) => score >= threshold).length).toBeLessThanOrEqual(50)
})

test('a failed picture scores −1 and is never accepted', () => {
  const pairs = evenScores(0.6, 0.9)
  pairs.genuine.scores.fill(-1, 0, 20)
  expect(measureRates(pairs).tar['1e-2']).toBeCloseTo(0.8, 9)
})

test('the false match rate lies inside its interval, which widens when one person fails alone', () => {
  const even = falseMatchRate(evenScores(0, 1), 0.4)
  expect(even.rate).toBeCloseTo(0.1, 3)
  const [low, high] = even.interval95
  expect(low).toBeLessThan(even.rate)
  expect(high).toBeGreaterThan(even.rate)

  const oneFails = evenScores(0, 1)
  oneFails.impostor.scores.forEach((_, i) => {
    oneFails.impostor.scores[i] = oneFails.impostor.personA[i] === 0 ? 0.9 : 0
  })
  const alone = falseMatchRate(oneFails, 0.4)
  expect(alone.rate).toBeCloseTo(0.1, 3)
  expect(alone.interval95[1] - alone.interval95[0]).toBeGreaterThan(high - low)
})
