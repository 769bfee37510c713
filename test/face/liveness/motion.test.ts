import { describe, expect, test } from 'vitest'
import { motionReading } from '../../../src/face/liveness/motion.ts'
import { rigidMotion } from '../../../src/face/liveness/rigid-fit.ts'
import { followingOdds, surroundFit } from '../../../src/face/liveness/surround-fit.ts'
import { surroundMotion } from '../../../src/face/liveness/surround-motion.ts'
import { type Move, mesh, observation, room, tilted, turned } from './observations.ts'

describe('the fit of a rigid motion', () => {
  test('sees the sine of a head’s turn as parallax', () => {
    const motion = rigidMotion(mesh(), mesh(turned(15)))
    expect(motion!.parallax).toBeCloseTo(Math.sin((15 * Math.PI) / 180), 2)
    expect(motion!.residual).toBeLessThan(0.01)
    expect(motion!.planeResidual).toBeGreaterThan(2 * motion!.residual)
  })

  test('sees no parallax in a tilted photograph, but its squeeze', () => {
    const motion = rigidMotion(mesh(), mesh(tilted(25)))
    expect(motion!.parallax).toBeLessThan(0.05)
    expect(motion!.squeeze).toBeCloseTo(Math.cos((25 * Math.PI) / 180), 1)
  })

  test('sees neither when a face is only moved, enlarged and rolled', () => {
    const [sin, cos] = [1.2 * Math.sin(0.2), 1.2 * Math.cos(0.2)]
    const motion = rigidMotion(
      mesh(),
      mesh((x, y, z) => [cos * x - sin * y + 30, sin * x + cos * y, 1.2 * z]),
    )
    expect(motion!.parallax).toBeLessThan(1e-3)
    expect(motion!.squeeze).toBeCloseTo(1, 3)
  })

  test('is null for landmarks that fall together or are no numbers', () => {
    expect(rigidMotion(new Float32Array(3 * 468), mesh())).toBeNull()
    expect(rigidMotion(new Float32Array(3 * 468).fill(Number.NaN), mesh())).toBeNull()
  })
})

describe('the surroundings', () => {
  const moved: Move = (x, y, z) => [x + 40, y, z]
  const frame = (move: Move, thumbnail: Uint8Array) => ({
    mesh: mesh(move),
    thumbnail,
    width: 640,
    height: 480,
  })
  const still: Move = (x, y, z) => [x, y, z]

  test('stay behind a person who steps aside', () => {
    const seen = surroundMotion(frame(still, room()), frame(moved, room()), 2)
    expect(seen!.following).toBeLessThan(0.1)
  })

  test('follow a photograph that is moved', () => {
    const seen = surroundMotion(frame(still, room()), frame(moved, room(4, 0)), 2)
    expect(seen!.following).toBeGreaterThan(0.9)
  })

  test('say nothing when the face hardly moved or the wall is plain', () => {
    const plain = new Uint8Array(64 * 48).fill(120)
    expect(surroundMotion(frame(still, room()), frame(still, room()), 2)).toBeNull()
    expect(surroundMotion(frame(still, plain), frame(moved, plain), 2)).toBeNull()
  })
})

describe('the fit of the surroundings', () => {
  const frame = (pixels: number, thumbnail: Uint8Array) => ({
    mesh: mesh((x, y, z) => [x + pixels, y, z]),
    thumbnail,
    width: 640,
    height: 480,
  })
  const oddsOf = (pixels: number, thumbnail: Uint8Array) => {
    const fit = surroundFit(frame(0, room()), frame(pixels, thumbnail), 0.7)
    return fit === null ? null : followingOdds([fit])
  }

  test('tells a person from a moved photograph by moves of one cell', () => {
    expect(oddsOf(10, room())).toBeLessThan(-2)
    expect(oddsOf(10, room(1, 0))).toBeGreaterThan(2)
  })

  test('is not disturbed by a lamp that grows brighter', () => {
    const brighter = room().map((level) => Math.round(20 + 0.8 * level))
    expect(oddsOf(10, brighter)).toBeLessThan(-2)
  })

  test('says nothing of a plain wall', () => {
    const plain = new Uint8Array(64 * 48).fill(120)
    const fit = surroundFit(frame(0, plain), frame(20, plain), 0.7)
    expect(followingOdds([fit!])).toBeCloseTo(0, 6)
  })

  test('is null when the face hardly moved, or lies outside the frame', () => {
    expect(oddsOf(5, room())).toBeNull()
    expect(surroundFit(frame(5000, room()), frame(0, room()), 0.7)).toBeNull()
    expect(followingOdds([])).toBeNull()
  })
})

describe('the motion layer', () => {
  const frames = (moves: readonly Move[]) => moves.map((move) => observation({ mesh: mesh(move) }))

  test('calls a head that turns bona fide', () => {
    const reading = motionReading(frames([0, 6, 12, 18, 24].map(turned)))
    expect(reading).toMatchObject({ layer: 'motion', verdict: 'bonaFide' })
  })

  test('calls a photograph that is tilted an attack', () => {
    const reading = motionReading(frames([0, 12, 24, 36].map(tilted)))
    expect(reading).toMatchObject({ verdict: 'attack', detail: { why: 'flat' } })
  })

  test('doubts a head that turns in surroundings that move along, as in a film on a tablet', () => {
    const seen = [0, 1, 2, 3].map((step) =>
      observation({
        mesh: mesh((x, y, z) => {
          const [turnedX, turnedY, turnedZ] = turned(6 * step)(x, y, z)
          return [turnedX + 5 * step, turnedY, turnedZ]
        }),
        thumbnail: room(step / 2, 0),
      }),
    )
    const reading = motionReading(seen)
    expect(reading).toMatchObject({ verdict: 'unsure', detail: { why: 'surroundings-may-follow' } })
    expect(reading.score).toBeLessThan(0.5)
  })

  test('is unsure, without a score, of somebody who stands still', () => {
    const still = frames([0, 0.2, 0.1, 0].map(turned))
    expect(motionReading(still)).toMatchObject({ verdict: 'unsure', score: null })
  })

  test('has nothing to go by without a face or with one frame', () => {
    expect(motionReading([observation(), observation()])).toMatchObject({ detail: { why: 'no-face' } })
    expect(motionReading(frames([turned(0)]))).toMatchObject({ detail: { why: 'single-frame' } })
    expect(motionReading([])).toMatchObject({ verdict: 'unsure', score: null })
  })
})
