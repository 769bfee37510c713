import { describe, expect, test } from 'vitest'
import type { Landmarks } from '../../../src/face/landmarks.ts'
import { facePatchOf, PATCH } from '../../../src/face/liveness/face-patch.ts'
import { motionReading } from '../../../src/face/liveness/motion.ts'
import { judgePrompt, neutralPose } from '../../../src/face/liveness/prompt.ts'
import { reliefOf } from '../../../src/face/liveness/relief.ts'
import { bent, flat, head, type Surface, type SurfacePose, seenSurface } from './face-surface.ts'
import { mesh, observation, room } from './observations.ts'

const film = (surface: Surface, poses: readonly SurfacePose[], landmarks?: Surface) =>
  poses.map((pose) => ({ ...seenSurface(surface, pose, landmarks), thumbnail: room() }))
/** Seven frames, from `most` on one side to `most` on the other. */
const swing = (most: number): SurfacePose[] =>
  [-3, -2, -1, 0, 1, 2, 3].map((i) => ({ yaw: (most * i) / 3, aside: 4 * i }))

describe('the relief of a face', () => {
  test('is the sine of a head’s turn', () => {
    const relief = reliefOf(film(head, swing(7)))!
    expect(relief.shown).toBeCloseTo(Math.sin((14 * Math.PI) / 180), 1)
    expect(relief.residual).toBeLessThan(0.2)
  })

  test.each([
    ['flat', flat],
    ['bent', bent],
  ])('is missing on %s paper that turns as far', (_, paper) => {
    const relief = reliefOf(film(paper, swing(12)))!
    expect(relief.shown).toBeLessThan(0.03)
    expect(relief.moved).toBeGreaterThan(0.2)
  })

  test('is missing on paper in which the landmarks see a head that turns', () => {
    expect(reliefOf(film(flat, swing(12), head))!.shown).toBeLessThan(0.03)
  })

  test('is near zero of a head that only moves aside, and the way is told in eye distances', () => {
    const relief = reliefOf(
      film(
        head,
        [-9, -6, -3, 0, 3, 6, 9].map((aside) => ({ aside })),
      ),
    )!
    expect(relief.shown).toBeLessThan(0.03)
    expect(relief.moved).toBeCloseTo(18 / 90, 2)
  })

  test('is not judged by a few frames, without pictures of the face, or where landmarks are no numbers', () => {
    expect(reliefOf(film(head, swing(7).slice(0, 4)))).toBeNull()
    expect(reliefOf(Array.from({ length: 8 }, () => observation({ mesh: mesh() })))).toBeNull()
    const broken = film(head, swing(7)).map((frame) => ({
      ...frame,
      mesh: frame.mesh!.map(() => Number.NaN),
    }))
    expect(reliefOf(broken)).toBeNull()
  })

  test('of a face without any structure is no number that decides, but zero', () => {
    const plain = film(head, swing(7)).map((frame) => ({
      ...frame,
      patch: new Uint8Array(PATCH.side ** 2).fill(90),
    }))
    expect(reliefOf(plain)!.shown).toBeLessThan(1e-6)
  })
})

describe('the motion layer', () => {
  test('asks who moves and shows no relief, as a worn paper mask does', () => {
    const reading = motionReading(film(bent, swing(6)))
    expect(reading).toMatchObject({ layer: 'motion', verdict: 'unsure', detail: { why: 'no-relief' } })
    expect(reading.score).toBeLessThan(0.5)
  })

  test('does not ask a head that turns, nor somebody who stands still', () => {
    expect(motionReading(film(head, swing(6))).detail.why).not.toBe('no-relief')
    const still = [0, 0.1, 0, -0.1, 0, 0.1].map((yaw) => ({ yaw }))
    expect(motionReading(film(head, still)).detail.why).not.toBe('no-relief')
  })
})

describe('a prompt to turn', () => {
  const poses = Array.from({ length: 16 }, (_, i) => ({ yaw: Math.min(24, Math.max(0, 3 * (i - 3))) }))
  const stateOf = (seen: ReturnType<typeof film>) =>
    judgePrompt('turn-left', neutralPose(seen.slice(0, 3))!, seen).state

  test('is done by a head, whose picture turns with the landmarks', () => {
    expect(stateOf(film(head, poses))).toBe('done')
  })

  test('is done by a head that waited for long before it turned', () => {
    const waiting = Array.from({ length: 60 }, () => ({ yaw: 0 }))
    expect(stateOf(film(head, [...waiting, ...poses]))).toBe('done')
  })

  test('is done by a head that turns at once, faster than its picture can be followed', () => {
    expect(
      stateOf(
        film(
          head,
          [0, 0, 0, 0, 0, 24, 24, 24].map((yaw) => ({ yaw })),
        ),
      ),
    ).toBe('done')
  })

  test('is found out when the landmarks turn and the picture stays a sheet’s', () => {
    expect(stateOf(film(flat, poses, head))).toBe('flat')
  })
})

describe('the patch of a face', () => {
  const width = 640
  const height = 480
  /** White to the right of the line between the eyes’ middle and below, for eyes on a line of that angle. */
  const patchAt = (angle: number) => {
    const points = new Float32Array(3 * 468)
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)]
    points.set([320 - 45 * cos, 240 - 45 * sin, 0], 3 * 33)
    points.set([320 + 45 * cos, 240 + 45 * sin, 0], 3 * 263)
    const data = new Uint8Array(3 * width * height)
    for (let i = 0; i < width * height; i++) {
      const right = cos * ((i % width) - 320) + sin * (Math.floor(i / width) - 240)
      data.fill(right > 0 ? 255 : 0, 3 * i, 3 * i + 3)
    }
    return facePatchOf({ width, height, data }, { points } as Landmarks)!
  }

  test.each([0, 0.5, -1])('is upright however the head is held (%s rad)', (angle) => {
    const patch = patchAt(angle)
    for (const row of [0, 20, 63]) {
      const columns = [...patch.subarray(row * PATCH.side, (row + 1) * PATCH.side)]
      expect(columns.slice(0, 30).every((level) => level === 0)).toBe(true)
      expect(columns.slice(34).every((level) => level === 255)).toBe(true)
    }
  })

  test('is none where the eyes fall together', () => {
    const points = new Float32Array(3 * 468)
    expect(
      facePatchOf({ width, height, data: new Uint8Array(3 * width * height) }, { points } as Landmarks),
    ).toBeNull()
  })
})
