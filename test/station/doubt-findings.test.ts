import { describe, expect, test } from 'vitest'
import type { LayerReading } from '../../src/face/liveness/layer.ts'
import { type PromptResult, promptReading } from '../../src/face/liveness/prompt.ts'
import { replayReading } from '../../src/face/liveness/replay.ts'
import { FrameMemory } from '../../src/face/liveness/seen-frames.ts'
import type { FaceEvidence } from '../../src/ledger/event.ts'
import { cameraReading } from '../../src/station/camera/camera-reading.ts'
import { findingsOf } from '../../src/station/doubt-findings.ts'
import { observation } from '../face/liveness/observations.ts'

type Liveness = NonNullable<FaceEvidence['liveness']>

function face(change: Partial<FaceEvidence> = {}): FaceEvidence {
  return {
    ...{ engine: 'arcface', model: { name: 'made up', sha256: 'a'.repeat(64) }, accept: 0.465, reject: 0.3 },
    ...{ portrait: 'b'.repeat(64), score: 0.6, frames: [], liveness: null },
    ...change,
  }
}

function seen(layers: readonly LayerReading[], more: Partial<Liveness> = {}) {
  const liveness: Liveness = {
    ...{ verdict: 'unsure', score: 0.2 },
    layers: layers.map((layer) => ({ ...layer, detail: { ...layer.detail } })),
    ...more,
  }
  const [, ...findings] = findingsOf({ reason: 'liveness-unsure', face: face({ liveness }) })
  return findings
}

const reading = (layer: LayerReading['layer'], why: string, score: number | null = 0.05): LayerReading => ({
  ...{ layer, verdict: score === 0.05 ? 'attack' : 'unsure', score, detail: { why } },
})

describe('the findings of a doubtful record', () => {
  test.each([
    [0.6, 'face-match'],
    [0.465, 'face-match'],
    [0.41, 'face-below'],
    [0.3, 'face-below'],
    [0.2, 'face-other'],
  ])('say of the similarity %d: %s, with the threshold', (score, code) => {
    const [first] = findingsOf({ reason: 'face-unsure', face: face({ score }) })
    expect(first).toEqual({ code, score, threshold: 0.465 })
  })

  test('say where no face was compared, nobody agreed, or the card was too old', () => {
    expect(findingsOf({ reason: 'face-unsure', face: null })).toEqual([{ code: 'face-none' }])
    expect(findingsOf({ reason: 'consent-refused', face: null })).toEqual([{ code: 'no-consent' }])
    const codes = findingsOf({ reason: 'card-expired', face: face({ score: null }) }).map(({ code }) => code)
    expect(codes).toEqual(['card-expired', 'face-none', 'not-judged'])
  })

  test.each([
    ['motion', 'flat', 'flat'],
    ['motion', 'surroundings-follow', 'room-follows'],
    ['texture', 'pattern', 'pattern'],
    ['replay', 'seen-before', 'seen-before'],
    ['replay', 'same-moment', 'seen-before'],
    ['replay', 'loop', 'loop'],
    ['replay', 'no-noise', 'no-noise'],
    ['light', 'foreign', 'light-foreign'],
  ] as const)('name what %s found by its reason %s', (layer, why, code) => {
    expect(seen([reading(layer, why)])).toEqual([{ code }])
  })

  test('name doubts, after what was called an attack', () => {
    const layers = [
      { layer: 'passive', verdict: 'unsure', score: 0.3, detail: {} } as const,
      reading('motion', 'surroundings-may-follow', 0.3),
      reading('texture', 'faint-pattern', 0.3),
      { layer: 'light', verdict: 'unsure', score: 0.1, detail: {} } as const,
      reading('replay', 'frozen'),
    ]
    const codes = seen(layers).map(({ code }) => code)
    expect(codes).toEqual(['frozen', 'maybe-picture', 'room-may-follow', 'faint-pattern', 'light-unseen'])
  })

  test('leave out layers that saw nothing to judge by', () => {
    const layers = [
      { layer: 'passive', verdict: 'bonaFide', score: 0.9, detail: {} } as const,
      reading('motion', 'hardly-moved', null),
      reading('texture', 'no-pattern', null),
      reading('camera', 'no-camera', null),
    ]
    expect(seen(layers, { verdict: 'bonaFide' })).toEqual([])
    expect(seen(layers, { verdict: 'unsure' })).toEqual([{ code: 'liveness-unsure' }])
    expect(seen(layers, { verdict: 'attack' })).toEqual([{ code: 'liveness-attack' }])
  })

  test.each([
    ['timed-out', 'prompt-timed-out'],
    ['left', 'prompt-left'],
    ['other', 'prompt-other'],
    ['flat', 'prompt-flat'],
    ['somebody-else', 'prompt-somebody-else'],
  ] as const)('say which prompt ended in %s', (state, code) => {
    const done: PromptResult = { kind: 'open-mouth', state: 'done', moved: 1.2, ms: 900 }
    const prompts: PromptResult[] = [done, { kind: 'turn-left', state, moved: 0.1, ms: 8_000 }]
    expect(seen([promptReading(prompts)], { prompts })).toEqual([{ code, prompt: 'turn-left' }])
    expect(seen([promptReading([done])], { prompts: [done] })).toEqual([{ code: 'prompts-done' }])
  })

  test('fit what the layers themselves say of a frozen picture and of a camera', () => {
    const frozen = Array.from({ length: 9 }, (_, i) => observation({ at: 100 * i }))
    expect(seen([replayReading(frozen, new FrameMemory())])).toEqual([{ code: 'frozen' }])
    const camera = { label: 'x', changed: ['serial'], pin: null, simulated: false }
    const of = (more: Partial<NonNullable<Parameters<typeof cameraReading>[0]>>) =>
      seen([cameraReading({ ...camera, verdict: 'real', reason: 'usb-driver', ...more }, [])])
    expect(of({})).toEqual([{ code: 'camera-changed' }])
    expect(of({ verdict: 'virtual', reason: 'virtual-name' })).toEqual([{ code: 'camera-virtual' }])
    expect(of({ changed: [], verdict: 'unknown', reason: 'not-usb' })).toEqual([{ code: 'camera-unknown' }])
    const simulated = { verdict: 'virtual', reason: 'virtual-name', simulated: true } as const
    expect(of(simulated)).toEqual([{ code: 'camera-simulated' }])
  })

  test('show layers and reasons of later programs by their own names', () => {
    const later = { layer: 'warmth', verdict: 'attack', score: 0.1, detail: {} } as never
    expect(seen([later, reading('motion', 'constructor')])).toEqual([
      { code: 'other', name: 'warmth' },
      { code: 'other', name: 'constructor' },
    ])
  })
})
