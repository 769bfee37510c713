import { expect, test } from 'vitest'
import { pseudoRandom } from '../../../src/common/pseudo-random.ts'
import type { FrameObservation } from '../../../src/face/liveness/observation.ts'
import {
  drawPrompts,
  headPose,
  judgePrompt,
  neutralPose,
  type PromptKind,
  type PromptResult,
  promptReading,
} from '../../../src/face/liveness/prompt.ts'
import { type HeadMovement, headObservation } from './moving-head.ts'

const DEEP: readonly PromptKind[] = ['turn-left', 'turn-right', 'look-up', 'look-down']
const rest = [0, 1, 2].map((i) => headObservation(i * 66, {}))
const neutral = neutralPose(rest)!

const moves: Record<PromptKind, HeadMovement> = {
  'turn-left': { yaw: 25 },
  'turn-right': { yaw: -25 },
  'look-up': { pitch: -18 },
  'look-down': { pitch: 18 },
  'open-mouth': { mouth: 0.12 },
  'come-closer': { growth: 1.35 },
}

/** A movement that begins at rest, goes out in ten frames and stays there for five. */
function film(movement: HeadMovement, flat = false): FrameObservation[] {
  return Array.from({ length: 18 }, (_, i) => {
    const share = Math.min(1, Math.max(0, (i - 2) / 10))
    return headObservation(i * 66, {
      flat,
      yaw: (movement.yaw ?? 0) * share,
      pitch: (movement.pitch ?? 0) * share,
      mouth: (movement.mouth ?? 0) * share,
      growth: 1 + ((movement.growth ?? 1) - 1) * share,
    })
  })
}

test.each(Object.keys(moves) as PromptKind[])('%s is done by a head that does it', (kind) => {
  expect(judgePrompt(kind, neutral, film(moves[kind])).state).toBe('done')
})

test.each(Object.keys(moves) as PromptKind[])('%s is not done by a head that stays', (kind) => {
  expect(judgePrompt(kind, neutral, film({})).state).toBe('waiting')
})

test('no movement is taken for another one', () => {
  for (const asked of Object.keys(moves) as PromptKind[]) {
    for (const made of Object.keys(moves) as PromptKind[]) {
      if (made === asked) continue
      expect(judgePrompt(asked, neutral, film(moves[made])).state, `${asked} by ${made}`).not.toBe('done')
    }
  }
})

test('a flat picture that is turned or tilted however far does no movement that needs depth', () => {
  for (const kind of DEEP) {
    for (const share of [1, 2]) {
      const { yaw = 0, pitch = 0 } = moves[kind]
      const state = judgePrompt(kind, neutral, film({ yaw: yaw * share, pitch: pitch * share }, true)).state
      expect(['flat', 'waiting']).toContain(state)
    }
  }
})

test('a turn that only the depth of the network sees is known as a plane’s', () => {
  expect(judgePrompt('turn-left', neutral, film({ yaw: 40 }, true)).state).toBe('flat')
})

test('the measures of a plane are the same after any turn, tilt, shear and shift', () => {
  const random = pseudoRandom(5)
  const pose = headPose(headObservation(0, { flat: true }))!
  for (let i = 0; i < 50; i++) {
    const moved = headPose(
      headObservation(0, {
        flat: true,
        yaw: 80 * random() - 40,
        pitch: 80 * random() - 40,
        roll: 60 * random(),
      }),
    )!
    expect(moved.aside).toBeCloseTo(pose.aside, 4)
    expect(moved.down).toBeCloseTo(pose.down, 4)
  }
})

test('one wrong movement is forgiven, a film that tries them all is not', () => {
  const back = film({}).slice(0, 3)
  const wrongThenRight = [...film(moves['turn-right']), ...back, ...film(moves['turn-left'])]
  expect(judgePrompt('turn-left', neutral, wrongThenRight).state).toBe('done')
  const all = [...film(moves['look-up']), ...back, ...film(moves['turn-right']), ...back]
  expect(judgePrompt('turn-left', neutral, [...all, ...film(moves['turn-left'])]).state).toBe('other')
})

test('a head that was turned when the prompt came must come back first', () => {
  const turned = Array.from({ length: 10 }, (_, i) => headObservation(i * 66, { yaw: 25 }))
  expect(judgePrompt('turn-left', neutral, turned).state).toBe('waiting')
  expect(judgePrompt('turn-left', neutral, [...turned, ...film(moves['turn-left'])]).state).toBe('done')
})

test('one frame is no movement', () => {
  const slip = [...rest, headObservation(200, { yaw: 30 }), ...rest]
  expect(judgePrompt('turn-left', neutral, slip).state).toBe('waiting')
})

test('two prompts are never the same, one needs depth, and every pair comes up', () => {
  const random = pseudoRandom(3)
  const pairs = new Set<string>()
  for (let i = 0; i < 5_000; i++) {
    const drawn = drawPrompts(2, (limit) => Math.floor(random() * limit))
    expect(new Set(drawn).size).toBe(2)
    expect(drawn.some((kind) => DEEP.includes(kind))).toBe(true)
    pairs.add(drawn.join())
  }
  // 6 × 5 ordered pairs but the two without depth.
  expect(pairs.size).toBe(28)
})

test('only all prompts done are a living person; a failed one is unsure, a plane or another face an attack', () => {
  const result = (state: PromptResult['state']): PromptResult => ({
    kind: 'look-up',
    state,
    moved: 1,
    ms: 900,
  })
  const verdict = (...states: PromptResult['state'][]) => promptReading(states.map(result)).verdict
  expect(verdict('done', 'done')).toBe('bonaFide')
  expect(verdict('done', 'timed-out')).toBe('unsure')
  expect(verdict('left')).toBe('unsure')
  expect(verdict('other')).toBe('unsure')
  expect(verdict('done', 'flat')).toBe('attack')
  expect(verdict('somebody-else')).toBe('attack')
  expect(promptReading([])).toMatchObject({ verdict: 'unsure', score: null })
})
