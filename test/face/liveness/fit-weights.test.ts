import { describe, expect, test } from 'vitest'
import { fitWeights, JUDGED_WEIGHTS, type WeighedClip } from '../../../build/liveness/fit-weights.ts'
import type { LayerName } from '../../../src/face/liveness/layer.ts'
import { gramOf, inverseOf, solveLinear } from '../../../src/face/liveness/linear-system.ts'

const says = (layer: LayerName, score: number | null) =>
  ({ layer, verdict: 'unsure', score, detail: {} }) as const

/** Clips of four people in which motion tells attacks from people with few errors, and the network doesn’t at all. */
function clips(count: number): WeighedClip[] {
  return Array.from({ length: count }, (_, i) => {
    const isBonaFide = i % 2 === 0
    const isError = i % 15 === 0
    return {
      source: 'generated',
      person: `${Math.floor(i / 2) % 4}`,
      isBonaFide,
      layers: [says('passive', i % 3 === 0 ? 0.9 : 0.1), says('motion', isBonaFide === isError ? 0.3 : 0.9)],
    }
  })
}

describe('the fit of the weights', () => {
  test('trusts what tells attacks from people, and the network no longer when it doesn’t', () => {
    const { weights, loss } = fitWeights(clips(240))
    expect(weights.passive).toBeLessThan(0.3)
    expect(weights.motion).toBeGreaterThan(JUDGED_WEIGHTS.motion)
    expect(loss.fitted).toBeLessThan(loss.judged)
  })

  test('stays near the judged weights where a layer said nothing', () => {
    expect(fitWeights(clips(240)).weights.texture).toBeCloseTo(JUDGED_WEIGHTS.texture, 1)
  })
})

describe('linear equations', () => {
  test('are solved whatever the order of rows', () => {
    const solution = solveLinear([Float64Array.of(0, 2, 4), Float64Array.of(1, 1, 5)])
    expect(solution!.map(([value]) => value)).toEqual([3, 2])
  })

  test('that are singular or no numbers have none', () => {
    expect(solveLinear([Float64Array.of(1, 2, 1), Float64Array.of(2, 4, 1)])).toBeNull()
    expect(inverseOf([Float64Array.of(Number.NaN)])).toBeNull()
  })

  test('of least squares come from sums of products', () => {
    const gram = gramOf([Float64Array.of(1, 2), Float64Array.of(3, 4)])
    expect(gram.map((row) => [...row])).toEqual([
      [10, 14],
      [14, 20],
    ])
  })
})
