import { expect, test } from 'vitest'
import { type ArrivedFacts, clockFindings } from '../../../src/station/camera/frame-clock.ts'

/** Twelve frames a second of a camera that gives fifteen, sent for `seconds`. */
function honest(seconds: number): ArrivedFacts[] {
  return Array.from({ length: Math.round(seconds * 12) }, (_, i) => {
    const sent = 5_000 + i * 84
    const shown = Math.floor((i * 84) / 66.7)
    return {
      run: 1,
      sent,
      at: 90_000 + i * 84 + (i % 3) * 7,
      captureTime: sent - 40,
      mediaTime: 2 + shown * 0.0667,
      presentedFrames: 3 + shown,
    }
  })
}

const found = (frames: readonly ArrivedFacts[]) => clockFindings(frames).map(({ finding }) => finding)
const changed = (change: (frame: ArrivedFacts, i: number) => Partial<ArrivedFacts>) =>
  honest(5).map((frame, i) => ({ ...frame, ...change(frame, i) }))

test('an honest stream has nothing against it, at any length', () => {
  for (const seconds of [0, 0.1, 1, 8, 40]) expect(found(honest(seconds))).toEqual([])
})

test('a stream that stands still is stopped, and is not called drifting as well', () => {
  const still = { presentedFrames: 20, mediaTime: 3.1, captureTime: 6_000 }
  expect(found(changed((_, i) => (i < 15 ? {} : { ...still })))).toContain('stopped')
  expect(found(changed(() => still))).toEqual(['stopped'])
})

test('a short stutter is no stop', () => {
  const stutter = changed((frame, i) => (i >= 20 && i < 26 ? { presentedFrames: 28, mediaTime: 3.7 } : frame))
  expect(found(stutter)).not.toContain('stopped')
})

test('a film that begins again goes backwards in its own time', () => {
  expect(found(changed((frame, i) => (i < 30 ? {} : { mediaTime: frame.mediaTime - 2 })))).toContain(
    'backwards',
  )
})

test('capture times and frame counts that go back are found too', () => {
  expect(found(changed((_, i) => (i === 30 ? { captureTime: 1 } : {})))).toContain('backwards')
  expect(found(changed((_, i) => (i === 30 ? { presentedFrames: 1 } : {})))).toContain('backwards')
})

test('more frames than any camera gives in that time are a jump', () => {
  expect(
    found(changed((frame, i) => (i < 30 ? {} : { presentedFrames: frame.presentedFrames + 400 }))),
  ).toEqual(['jump'])
})

test('a film at half speed drifts from the clock on the wall', () => {
  const half = changed((frame) => ({ mediaTime: frame.mediaTime / 2 }))
  expect(clockFindings(half)).toMatchObject([{ finding: 'drift', mediaMs: 2468, windowMs: 4956 }])
})

test('a window whose clock runs at another speed than the station’s drifts', () => {
  expect(
    found(changed((frame, i) => ({ sent: 5_000 + i * 30, mediaTime: frame.mediaTime * 0.36 }))),
  ).toContain('drift')
})

test('a camera that never says when it took a picture is judged by the rest', () => {
  expect(found(changed(() => ({ captureTime: null })))).toEqual([])
})
