import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { DECISION_POLICY, decide, type FrameEvidence } from '../../src/face/decide.ts'

const thresholds = { accept: 0.47, reject: 0.25 }
const scored = (...scores: number[]): FrameEvidence[] => scores.map((score) => ({ score, issue: null }))

const anyFrame: fc.Arbitrary<FrameEvidence> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.double({ min: -1, max: 1, noNaN: true }).map((score) => ({ score, issue: null })),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom('no-face', 'turned').map((issue) => ({ score: null, issue }) as const),
  },
)
const frames = fc.array(anyFrame, { maxLength: 20 })
const rank = { refused: 0, doubtful: 1, more: 1, verified: 2 } as const

describe('one clear frame', () => {
  test('of the right person verifies at once', () => {
    expect(decide(scored(0.8), thresholds, false)).toMatchObject({
      verdict: 'verified',
      score: 0.8,
      frames: 1,
    })
  })

  test('of somebody else asks for more before it turns anybody away', () => {
    expect(decide(scored(0.02), thresholds, false).verdict).toBe('more')
    expect(decide(scored(0.02, 0.05), thresholds, false).verdict).toBe('more')
    expect(decide(scored(0.02, 0.05, 0.01), thresholds, false).verdict).toBe('refused')
  })
})

describe('frames near a threshold', () => {
  test('just above accept need company until the scatter is averaged out', () => {
    expect(decide(scored(0.48), thresholds, false).verdict).toBe('more')
    expect(decide(scored(0.48, 0.48, 0.48, 0.48, 0.48), thresholds, false)).toMatchObject({
      verdict: 'verified',
      compared: 5,
    })
  })

  test('between the thresholds are doubtful once there are enough of them', () => {
    expect(decide(scored(0.4, 0.36, 0.38, 0.35), thresholds, false).verdict).toBe('more')
    expect(decide(scored(0.4, 0.36, 0.38, 0.35, 0.4), thresholds, false).verdict).toBe('doubtful')
  })

  test('one lucky frame among many bad ones does not verify', () => {
    expect(decide(scored(0.1, 0.1, 0.62, 0.1, 0.1), thresholds, true).verdict).toBe('refused')
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

  test('frames with an issue never decide', () => {
    fc.assert(
      fc.property(frames, (evidence) => {
        const compared = evidence.filter(({ score }) => score !== null)
        fc.pre(compared.length > 0)
        expect(decide(evidence, thresholds, true).verdict).toBe(decide(compared, thresholds, true).verdict)
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
        const { compared } = decide(evidence, thresholds, false)
        expect(compared).toBeLessThanOrEqual(DECISION_POLICY.enoughFrames)
      }),
    )
  })
})
