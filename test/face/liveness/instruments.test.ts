import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { FIRST_REPORTED, planOf } from '../../../build/liveness/collect.ts'
import { type Cast, FRAMES_OF_CLIP, instruments } from '../../../build/liveness/instruments/clips.ts'
import { MovingHead } from '../../../build/liveness/instruments/moving-head.ts'
import { loadRoom, loadSitters, type Sitter } from '../../../build/liveness/people.ts'
import { ArcfaceRecogniser } from '../../../src/face/arcface-recogniser.ts'
import { rigidMotion } from '../../../src/face/liveness/rigid-fit.ts'

describe('generated clips', () => {
  let recogniser: ArcfaceRecogniser
  let sitters: readonly Sitter[]
  let cast: Cast
  beforeAll(async () => {
    recogniser = await ArcfaceRecogniser.open()
    sitters = await loadSitters(recogniser)
    cast = { sitter: sitters[0]!, other: sitters[1]!, room: await loadRoom() }
  })
  afterAll(() => recogniser.close())

  test('are of people of two halves who share no photograph', () => {
    const photographs = (half: Sitter['half']) =>
      new Set(sitters.filter((sitter) => sitter.half === half).map(({ name }) => name.split('#')[0]))
    const [chosen, reported] = [photographs('chosen-on'), photographs('reported-on')]
    expect(chosen.size).toBeGreaterThan(0)
    expect(reported.size).toBeGreaterThan(0)
    expect([...chosen].filter((photograph) => reported.has(photograph))).toEqual([])
  })

  test('are of at least eight instruments', () => {
    expect(new Set(instruments.map(({ name }) => name)).size).toBeGreaterThanOrEqual(8)
  })

  test('are the same for the same seed and others for another', { timeout: 60_000 }, async () => {
    const freeze = instruments.find(({ name }) => name === 'injected-freeze')!
    const first = (await freeze.make(cast, 5)).frames[0]!
    expect((await freeze.make(cast, 5)).frames[0]).toEqual(first)
    expect((await freeze.make(cast, 6)).frames[0]).not.toEqual(first)
  })

  test('repeat frames exactly where a film is injected', { timeout: 60_000 }, async () => {
    const loop = instruments.find(({ name }) => name === 'injected-loop')!
    const { frames } = await loop.make(cast, 5)
    expect(frames).toHaveLength(FRAMES_OF_CLIP)
    expect(new Set(frames.map((frame) => Buffer.from(frame).toString('base64'))).size).toBe(6)
  })

  test('of a person show a solid head, not a plane', async () => {
    const head = new MovingHead(cast.sitter)
    const pose = { yaw: 0, pitch: 0, x: 0, y: 0, scale: 1 }
    const meshOf = async (yaw: number) => {
      const { width, height, data } = head.draw({ ...pose, yaw })
      const face = await recogniser.locate({ width, height, data: Uint8Array.from(data) }, 'frame')
      return face!.landmarks.points
    }
    const motion = rigidMotion(await meshOf(0), await meshOf(0.3))
    expect(motion!.parallax).toBeGreaterThan(0.15)
  })
})

describe('the plan of the clips', () => {
  const plan = planOf([{ half: 'chosen-on' }, { half: 'reported-on' }])

  test('chooses by people and seeds that are in no figure', () => {
    const films = plan.filter(({ instrument }) => instrument.kind !== 'injected')
    const chosen = films.filter(({ person }) => person === 0)
    const reported = films.filter(({ person }) => person === 1)
    expect(Math.max(...chosen.map(({ first }) => first))).toBeLessThan(FIRST_REPORTED)
    expect(Math.min(...reported.map(({ first }) => first))).toBe(FIRST_REPORTED)
    const names = new Set(films.map(({ instrument }) => instrument.name))
    expect(new Set(reported.map(({ instrument }) => instrument.name))).toEqual(names)
    const injected = plan.filter(({ instrument }) => instrument.kind === 'injected')
    expect(Math.min(...injected.map(({ first }) => first))).toBe(FIRST_REPORTED)
  })
})
