import { expect, test } from 'vitest'
import { pseudoRandom } from '../../../src/common/pseudo-random.ts'
import {
  drawLight,
  LIGHT_COLOURS,
  LIGHT_MS,
  type LightSchedule,
  lightReading,
} from '../../../src/face/liveness/light.ts'
import type { FrameObservation, Rgb } from '../../../src/face/liveness/observation.ts'
import { headObservation } from './moving-head.ts'

/*
 * Simulated: no screen shone on anybody. A surface sends back albedo × (room + screen), the camera makes sRGB of it with
 * a gain of its own for each channel, and noise is added.
 */

const random = pseudoRandom(11)
const draw = (from: number): LightSchedule => drawLight(from, (limit) => Math.floor(random() * limit))

interface Scene {
  /** The screen's light on the face, and on what is beside the head, in shares of the room's light. */
  readonly onFace: number
  readonly onSurround: number
  /** Which sequence falls on the face; the asked one when absent. */
  readonly lit?: LightSchedule
  readonly delay?: number
  readonly noise?: number
}

function film(schedule: LightSchedule, scene: Scene): FrameObservation[] {
  const { onFace, onSurround, lit = schedule, delay = 150, noise = 0.4 } = scene
  const first = schedule[0]!.from
  return Array.from({ length: 44 }, (_, i) => {
    const at = first + i * 84
    const shown = lit.find(({ from, until }) => at - delay >= from && at - delay < until)?.colour ?? [0, 0, 0]
    // Exposure and white balance wander, for the whole picture alike.
    const gain = 1 + 0.1 * Math.sin(i / 9)
    const seen = (albedo: Rgb, share: number): Rgb => {
      const level = (c: 0 | 1 | 2) => {
        const light = albedo[c] * (0.5 + 0.5 * share * (shown[c] / 255) ** 2.2) * gain * (c === 2 ? 1.05 : 1)
        return Math.min(255, 255 * light ** (1 / 2.2) + noise * (random() + random() - 1))
      }
      return [level(0), level(1), level(2)]
    }
    const colour = { face: seen([0.6, 0.42, 0.33], onFace), surround: seen([0.7, 0.7, 0.66], onSurround) }
    return headObservation(at, {}, colour)
  })
}

test('a sequence has four to six colours of equal length, none twice in a row', () => {
  for (let i = 0; i < 200; i++) {
    const schedule = draw(1_000)
    expect(schedule.length).toBeGreaterThanOrEqual(4)
    expect(schedule.length).toBeLessThanOrEqual(6)
    for (const [step, { colour, from, until }] of schedule.entries()) {
      expect(until - from).toBe(LIGHT_MS)
      expect(from).toBe(1_000 + step * LIGHT_MS)
      expect(colour).not.toBe(schedule[step + 1]?.colour)
    }
  }
})

test('the colours never flash: under two changes a second, near in luminance, no saturated red (WCAG 2.3.1)', () => {
  expect(1000 / LIGHT_MS).toBeLessThan(2)
  const linear = (level: number) => {
    const share = level / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  }
  const luminances = LIGHT_COLOURS.map(
    ([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b),
  )
  expect(Math.max(...luminances) - Math.min(...luminances)).toBeLessThan(0.25)
  for (const [r, g, b] of LIGHT_COLOURS) {
    expect(linear(r) / (linear(r) + linear(g) + linear(b))).toBeLessThan(0.8)
  }
})

test('a face that reflects the screen is known, whatever the delay', () => {
  for (const delay of [0, 150, 300, 440]) {
    const schedule = draw(5_000)
    expect(lightReading(film(schedule, { onFace: 0.15, onSurround: 0.02, delay }), schedule)).toMatchObject({
      verdict: 'bonaFide',
    })
  }
})

test('a face that the light does not reach is never known, and never called an attack for that', () => {
  for (let i = 0; i < 20; i++) {
    const schedule = draw(5_000)
    expect(lightReading(film(schedule, { onFace: 0, onSurround: 0 }), schedule).verdict).toBe('unsure')
  }
})

test('a film of another visit’s colours is an attack or unsure, never known', () => {
  const verdicts = Array.from({ length: 40 }, () => {
    const schedule = draw(5_000)
    return lightReading(film(schedule, { onFace: 0.3, onSurround: 0, lit: draw(5_000) }), schedule).verdict
  })
  expect(verdicts.filter((verdict) => verdict === 'bonaFide').length).toBeLessThanOrEqual(1)
  expect(verdicts).toContain('attack')
})

test('light that falls on the whole picture alike says nothing of the face', () => {
  const schedule = draw(5_000)
  expect(lightReading(film(schedule, { onFace: 0.15, onSurround: 0.15 }), schedule).verdict).not.toBe(
    'bonaFide',
  )
})

test('too few frames are nothing to go by', () => {
  const schedule = draw(5_000)
  const few = film(schedule, { onFace: 0.2, onSurround: 0 }).slice(0, 6)
  expect(lightReading(few, schedule)).toMatchObject({ verdict: 'unsure', score: null })
})
