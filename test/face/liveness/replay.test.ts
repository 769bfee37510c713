import { describe, expect, test } from 'vitest'
import { fingerprintOf } from '../../../src/face/liveness/fingerprint.ts'
import type { FrameObservation } from '../../../src/face/liveness/observation.ts'
import { replayReading } from '../../../src/face/liveness/replay.ts'
import { FrameMemory, mirrored } from '../../../src/face/liveness/seen-frames.ts'
import { observation, room } from './observations.ts'

/** Frames of a person who moves: no two alike. */
function visit(seed: number, count = 8) {
  return Array.from({ length: count }, (_, i) =>
    observation({ at: 100 * i, sha256: `${seed}-${i}`, thumbnail: room(seed + i, 3 * seed) }),
  )
}

describe('the replay layer', () => {
  test('knows nothing against frames that were never seen', () => {
    const memory = new FrameMemory()
    memory.addVisit(visit(1))
    expect(replayReading(visit(20), memory)).toMatchObject({ verdict: 'bonaFide', score: 1 })
  })

  test('finds every frame whose bytes were there in an earlier visit', () => {
    const memory = new FrameMemory()
    memory.addVisit(visit(1))
    const again = replayReading(visit(1), memory)
    expect(again).toMatchObject({ verdict: 'attack', score: 0, detail: { exact: 8, why: 'seen-before' } })
  })

  test('finds a single old frame among new ones, known by its hash from the ledger alone', () => {
    const memory = { hasBytes: (sha256: string) => sha256 === '1-3', sameMoment: () => null }
    const reading = replayReading([...visit(20), ...visit(1).slice(3, 4)], memory)
    expect(reading).toMatchObject({ verdict: 'attack', detail: { exact: 1 } })
  })

  test('finds the same moment compressed anew', () => {
    const memory = new FrameMemory()
    memory.addVisit(visit(1))
    const again = visit(1).map((frame, i) => ({
      ...frame,
      sha256: `new-${i}`,
      thumbnail: frame.thumbnail.map((level, cell) => level + (cell % 3) - 1),
    }))
    expect(replayReading(again, memory)).toMatchObject({ verdict: 'attack', detail: { why: 'same-moment' } })
  })

  test.each([
    ['stretched', (level: number) => 1.14 * level - 16],
    ['darkened', (level: number) => 0.8 * level],
    ['bent', (level: number) => 255 * (level / 255) ** 1.4],
  ])('finds the same moment with its tones %s', (_, tone) => {
    const memory = new FrameMemory()
    memory.addVisit(visit(1).map((frame) => ({ ...frame, fingerprint: fingerprintOf(frame.thumbnail) })))
    const again = visit(1).map((frame, i) => {
      const thumbnail = Uint8Array.from(Uint8ClampedArray.from(frame.thumbnail, tone))
      return { ...frame, sha256: `new-${i}`, thumbnail, fingerprint: fingerprintOf(thumbnail) }
    })
    expect(replayReading(again, memory)).toMatchObject({ verdict: 'attack', detail: { why: 'same-moment' } })
  })

  test('finds the same moment mirrored, and says so', () => {
    const memory = new FrameMemory()
    const withFingerprint = (frame: FrameObservation, thumbnail = frame.thumbnail) => {
      return { ...frame, thumbnail, fingerprint: fingerprintOf(thumbnail) }
    }
    memory.addVisit(visit(1).map((frame) => withFingerprint(frame)))
    const again = visit(1).map((frame, i) => {
      const thumbnail = mirrored(frame.thumbnail).map((level, cell) => level + (cell % 3) - 1)
      return { ...withFingerprint(frame, thumbnail), sha256: `new-${i}` }
    })
    expect(replayReading(again, memory)).toMatchObject({
      ...{ verdict: 'attack', detail: { moment: 8, mirrored: 8, exact: 0, why: 'same-moment' } },
    })
    expect(
      replayReading(
        visit(20).map((frame) => withFingerprint(frame)),
        memory,
      ).verdict,
    ).toBe('bonaFide')
  })

  test('takes one dark room for no other', () => {
    const memory = new FrameMemory()
    const dark = (seed: number) =>
      visit(seed).map((frame) => {
        const thumbnail = Uint8Array.from(frame.thumbnail, (level) => 8 + level / 32)
        return { ...frame, thumbnail, fingerprint: fingerprintOf(thumbnail) }
      })
    memory.addVisit(dark(1))
    expect(replayReading(dark(20), memory)).toMatchObject({ verdict: 'bonaFide' })
  })

  test('finds a picture that stands still and a film that begins again', () => {
    const [frame] = visit(1)
    const frozen = Array.from({ length: 9 }, (_, i) => ({ ...frame!, at: 100 * i }))
    expect(replayReading(frozen, new FrameMemory())).toMatchObject({ detail: { why: 'frozen' } })
    const loop = visit(1, 4)
    const looped = Array.from({ length: 12 }, (_, i) => ({ ...loop[i % 4]!, at: 100 * i }))
    expect(replayReading(looped, new FrameMemory())).toMatchObject({
      verdict: 'attack',
      detail: { why: 'loop' },
    })
  })

  test('is unsure without a frame', () => {
    expect(replayReading([], new FrameMemory())).toMatchObject({ verdict: 'unsure', score: null })
  })
})
