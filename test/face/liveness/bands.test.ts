import { describe, expect, test } from 'vitest'
import { brightnessBand } from '../../../src/face/liveness/bands.ts'
import { textureReading } from '../../../src/face/liveness/texture.ts'
import { mesh, observation, room } from './observations.ts'

const limits = {
  luma: { doubt: 18, attack: 21 },
  colour: { doubt: 18, attack: 21 },
  bands: { share: 0.45, amplitude: 0.003 },
}

/** A room, ten frames a second, each cell multiplied by a factor of its height (0 … 1) and the time in seconds. */
function film(factor: (y: number, seconds: number) => number, frames = 12) {
  return Array.from({ length: frames }, (_, i) =>
    observation({
      at: 5_000 + 100 * i,
      mesh: mesh(),
      thumbnail: room().map((level, cell) => Math.round(level * factor(Math.floor(cell / 64) / 48, i / 10))),
      texture: { luma: 9, colour: 10, frequency: 0.3 },
    }),
  )
}

const wave = (inHeight: number, perSecond: number, depth: number) =>
  film((y, seconds) => 1 + depth * Math.sin(2 * Math.PI * (inHeight * y - perSecond * seconds)))

describe('a band of brightness', () => {
  test.each([
    [2, 1.2],
    [3, -0.8],
  ])('is found with its size, way and speed (%s in the height, %s a second)', (inHeight, perSecond) => {
    const band = brightnessBand(wave(inHeight, perSecond, 0.02))!
    expect(band.share).toBeGreaterThan(0.7)
    expect(band.amplitude).toBeCloseTo(0.02, 2)
    expect(band.inHeight).toBeCloseTo(inHeight, 0)
    expect(band.perSecond).toBeCloseTo(perSecond, 1)
  })

  test('is none where the whole picture grows brighter and darker', () => {
    const exposure = film((_, seconds) => 1 + 0.05 * Math.sin(9 * seconds))
    expect(brightnessBand(exposure)!.amplitude).toBeLessThan(0.003)
  })

  test('is none where a part of the picture goes on and off in its place', () => {
    const blinking = film((y, seconds) =>
      y > 0.4 && y < 0.6 && Math.floor(seconds * 3) % 2 === 0 ? 1.03 : 1,
    )
    expect(brightnessBand(blinking)!.share).toBeLessThan(0.45)
  })

  test('is not looked for in few frames, or beside a head that fills the picture', () => {
    expect(brightnessBand(wave(2, 1, 0.02).slice(0, 5))).toBeNull()
    const points = mesh()
    points[3 * 234] = 20
    points[3 * 454] = 620
    const near = wave(2, 1, 0.02).map((frame) => ({ ...frame, mesh: points }))
    expect(brightnessBand(near)).toBeNull()
  })
})

describe('the texture layer', () => {
  test('asks where a band wanders, and calls nobody an attack for it: lamps flicker too', () => {
    const reading = textureReading(wave(2, 1.2, 0.02), limits)
    expect(reading).toMatchObject({ verdict: 'unsure', detail: { why: 'bands' } })
    expect(reading.score).toBeLessThan(0.5)
    expect(
      textureReading(
        film(() => 1),
        limits,
      ),
    ).toMatchObject({ score: null, detail: { why: 'no-pattern' } })
  })

  test('does not ask for a band that is fainter than a sensor’s own flicker', () => {
    expect(textureReading(wave(2, 1.2, 0.001), limits).detail.why).toBe('no-pattern')
  })
})
