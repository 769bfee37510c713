import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { conclude, decide, type FrameEvidence, MOST_COMPARED } from '../../src/face/decide.ts'
import type { QualityIssue } from '../../src/face/recogniser.ts'

const thresholds = { accept: 0.47, reject: 0.27, policy: { impostorTail: 25, visitSpread: 0.08 } }
const scored = (...scores: number[]): FrameEvidence[] => scores.map((score) => ({ score, issue: null }))
const times = (count: number, score: number): number[] => Array.from({ length: count }, () => score)

const anyScore = fc.double({ min: -1, max: 1, noNaN: true })
const anyFrame: fc.Arbitrary<FrameEvidence> = fc.oneof(
  { weight: 4, arbitrary: anyScore.map((score) => ({ score, issue: null })) },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom<QualityIssue[]>('turned', 'covered')
      .map((issue) => ({ score: null, issue }) as const),
  },
)
const frames = fc.array(anyFrame, { maxLength: 20 })
const rank = { refused: 0, doubtful: 1, more: 1, verified: 2 } as const

describe('a clear case', () => {
  test('of the right person is verified by two frames, never by one', () => {
    expect(decide(scored(0.9), thresholds, false).verdict).toBe('more')
    expect(decide(scored(0.9), thresholds, true).verdict).toBe('doubtful')
    expect(decide(scored(0.9, 0.8), thresholds, false)).toMatchObject({
      verdict: 'verified',
      score: 0.8,
      frames: 2,
    })
  })

  test('of somebody else takes three frames before anybody is turned away', () => {
    expect(decide(scored(0.02), thresholds, false).verdict).toBe('more')
    expect(decide(scored(0.02, 0.05), thresholds, false).verdict).toBe('more')
    expect(decide(scored(0.02, 0.05, 0.01), thresholds, false).verdict).toBe('refused')
  })
})

describe('frames near a threshold', () => {
  test('just above accept wait for the last look, which needs hardly more than accept', () => {
    const last = scored(...times(MOST_COMPARED, 0.48))
    expect(decide(last.slice(1), thresholds, false).verdict).toBe('more')
    expect(decide(last, thresholds, false)).toMatchObject({ verdict: 'verified', compared: MOST_COMPARED })
  })

  test('between the thresholds are doubtful at the last look', () => {
    const last = scored(0.4, 0.36, 0.38, 0.35, 0.4, 0.39)
    expect(decide(last.slice(1), thresholds, false).verdict).toBe('more')
    expect(decide(last, thresholds, false).verdict).toBe('doubtful')
  })

  test('the looks together spend no more than the false match rate that accept stands for', () => {
    const needed = (n: number): number => {
      let [low, high] = [thresholds.accept, 1]
      for (let i = 0; i < 60; i++) {
        const middle = (low + high) / 2
        const { verdict, compared } = decide(scored(...times(n, middle)), thresholds, false)
        if (verdict === 'verified' && compared <= n) high = middle
        else low = middle
      }
      return high
    }
    // Equal frames are verified at the first look whose bar they reach: all early looks have one bar, the last its own.
    const early = Math.exp(-thresholds.policy.impostorTail * (needed(2) - thresholds.accept))
    const last = Math.exp(-thresholds.policy.impostorTail * (needed(MOST_COMPARED) - thresholds.accept))
    expect(needed(5)).toBeCloseTo(needed(2), 9)
    expect((MOST_COMPARED - 2) * early + last).toBeCloseTo(1, 9)
  })
})

describe('when the time is up', () => {
  test('without any compared frame it refuses and names the issue met most often', () => {
    const evidence: FrameEvidence[] = [
      { score: null, issue: 'no-face' },
      { score: null, issue: 'turned' },
      { score: null, issue: 'turned' },
    ]
    expect(decide(evidence, thresholds, false)).toMatchObject({ verdict: 'more', issue: 'turned' })
    expect(decide(evidence, thresholds, true)).toMatchObject({
      verdict: 'refused',
      score: null,
      issue: 'turned',
    })
    expect(decide([], thresholds, true)).toMatchObject({ verdict: 'refused', issue: null, frames: 0 })
  })

  test('a promising but unsure mean is doubtful, never verified', () => {
    expect(decide(scored(0.49, 0.49), thresholds, true).verdict).toBe('doubtful')
  })

  test('a face that stayed covered is doubtful, an empty room is nobody', () => {
    expect(conclude([{ score: null, issue: 'covered' }], thresholds).verdict).toBe('doubtful')
    expect(conclude([{ score: null, issue: 'no-face' }], thresholds).verdict).toBe('nobody')
    expect(conclude([], thresholds)).toEqual({ verdict: 'nobody', score: null })
  })
})

describe('for all evidence', () => {
  test('frames after the deciding one change nothing', () => {
    fc.assert(
      fc.property(frames, frames, (evidence, later) => {
        const decision = decide(evidence, thresholds, false)
        fc.pre(decision.verdict !== 'more')
        expect(decide([...evidence, ...later], thresholds, true)).toEqual(decision)
      }),
    )
  })

  test('an impostor is not verified by one lucky frame, wherever it comes and however good it is', () => {
    const below = fc.double({ min: -1, max: thresholds.accept, maxExcluded: true, noNaN: true })
    fc.assert(
      fc.property(fc.array(below, { maxLength: 12 }), anyScore, fc.nat(12), (scores, lucky, at) => {
        const evidence = scored(...scores.toSpliced(at, 0, lucky))
        for (let n = 0; n <= evidence.length; n++) {
          expect(decide(evidence.slice(0, n), thresholds, true).verdict).not.toBe('verified')
        }
      }),
    )
  })

  test('before the stop the order of arrival changes not a bit', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([0, 1, 2, 3, 4, 5], { minLength: 6 }), fc.nat(1000), (order, seed) => {
        const scores = order.map((_, i) => 0.3 + ((seed * (i + 3)) % 17) / 100)
        const whole = decide(scored(...scores), thresholds, false)
        fc.pre(whole.compared === MOST_COMPARED)
        const shuffled = decide(scored(...order.map((i) => scores[i]!)), thresholds, false)
        fc.pre(shuffled.compared === MOST_COMPARED)
        expect(shuffled).toEqual(whole)
      }),
    )
  })

  test('a higher score never makes the verdict worse', () => {
    fc.assert(
      fc.property(frames, fc.nat(), fc.double({ min: 0, max: 1, noNaN: true }), (evidence, at, gain) => {
        const i = evidence.length === 0 ? 0 : at % evidence.length
        const better = evidence.map((frame, j) =>
          i === j && frame.score !== null ? { ...frame, score: Math.min(1, frame.score + gain) } : frame,
        )
        const before = rank[decide(evidence, thresholds, true).verdict]
        expect(rank[decide(better, thresholds, true).verdict]).toBeGreaterThanOrEqual(before)
      }),
    )
  })

  test('frames with an issue, and scores that are no cosine, never decide', () => {
    const wrong = fc.constantFrom<FrameEvidence[]>(
      { score: Number.NaN, issue: null },
      { score: Number.POSITIVE_INFINITY, issue: null },
      { score: Number.NEGATIVE_INFINITY, issue: null },
      { score: 1.5, issue: null },
      { score: null, issue: 'blurred' },
    )
    fc.assert(
      fc.property(frames, fc.array(fc.tuple(fc.nat(20), wrong), { maxLength: 5 }), (evidence, noise) => {
        const noisy = noise.reduce((all, [at, frame]) => all.toSpliced(at, 0, frame), [...evidence])
        const { verdict, score, compared } = decide(evidence, thresholds, true)
        expect(decide(noisy, thresholds, true)).toMatchObject({ verdict, score, compared })
      }),
    )
  })

  test('a check that has ended always has an answer', () => {
    fc.assert(
      fc.property(frames, (evidence) => {
        expect(decide(evidence, thresholds, true).verdict).not.toBe('more')
      }),
    )
  })

  test('no check needs more compared frames than the policy allows', () => {
    fc.assert(
      fc.property(frames, (evidence) => {
        expect(decide(evidence, thresholds, false).compared).toBeLessThanOrEqual(MOST_COMPARED)
      }),
    )
  })
})

test('an engine without a measured policy gets one in proportion to its thresholds', () => {
  const { policy: _measured, ...bare } = thresholds
  const far = decide(scored(...times(2, 0.47 + 3 / 25)), bare, false)
  expect(far.verdict).toBe('verified')
  const wide = { accept: 0.47, reject: 0.07 }
  expect(decide(scored(...times(2, 0.47 + 3 / 25)), wide, false).verdict).toBe('more')
})
