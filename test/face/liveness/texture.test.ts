import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { pseudoRandom } from '../../../src/common/pseudo-random.ts'
import { unwrap } from '../../../src/common/result.ts'
import { decodeImage } from '../../../src/face/image.ts'
import type { Landmarks } from '../../../src/face/landmarks.ts'
import { SPECTRUM_SIDE, spectraOf } from '../../../src/face/liveness/spectrum.ts'
import { textureReading } from '../../../src/face/liveness/texture.ts'
import { type FaceTexture, textureOf } from '../../../src/face/liveness/texture-measure.ts'
import type { RgbImage } from '../../../src/face/recogniser.ts'
import { mesh, observation } from './observations.ts'

type Shade = (x: number, y: number) => readonly [red: number, green: number, blue: number]

/** Skin-coloured, lit from one side, with a sensor's noise; `shade` is added. */
function picture(shade: Shade = () => [0, 0, 0], width = 640, height = 480): RgbImage {
  const random = pseudoRandom(7)
  const data = new Uint8ClampedArray(3 * width * height)
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const light = 0.8 + (0.2 * x) / width + 0.1 * Math.sin(y / 60)
      const added = shade(x, y)
      for (const [channel, skin] of [170, 130, 110].entries()) {
        data[i++] = light * skin + added[channel]! + 8 * (random() - 0.5)
      }
    }
  }
  return { width, height, data: new Uint8Array(data.buffer) }
}

const landmarks = { points: mesh() } as Landmarks
const grey = (value: number) => [value, value, value] as const
const limits = {
  luma: { doubt: 18, attack: 21 },
  colour: { doubt: 18, attack: 21 },
  bands: { share: 0.45, amplitude: 0.003 },
}

function plainTexture(facts: Partial<FaceTexture> = {}): FaceTexture {
  return { luma: 9, colour: 10, frequency: 0.3, ...facts }
}

describe('the spectrum of a patch', () => {
  const patch = (value: (x: number, y: number) => number) =>
    Float64Array.from({ length: SPECTRUM_SIDE ** 2 }, (_, i) => value(i % SPECTRUM_SIDE, i >> 7))
  const strongest = (power: Float32Array) => {
    const i = power.indexOf(power.reduce((most, value) => Math.max(most, value), 0))
    return { row: Math.floor(i / SPECTRUM_SIDE), column: i % SPECTRUM_SIDE }
  }

  test('has a wave’s power at its frequency, apart for brightness and colour', () => {
    const waves = (perSideX: number, perSideY: number) =>
      patch((x, y) => Math.cos((2 * Math.PI * (perSideX * x + perSideY * y)) / SPECTRUM_SIDE))
    const { luma, colour } = spectraOf(waves(20, 5), waves(-30, 11))
    expect(strongest(luma)).toEqual({ row: 5, column: 20 })
    expect(strongest(colour)).toEqual({ row: 11, column: SPECTRUM_SIDE - 30 })
  })

  test('is that of the definition of the discrete Fourier transform', () => {
    const random = pseudoRandom(3)
    const values = patch(() => random() - 0.5)
    const { luma } = spectraOf(
      Float64Array.from(values),
      patch(() => 0),
    )
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length
    const hann = (i: number) => 0.5 - 0.5 * Math.cos((2 * Math.PI * (i + 0.5)) / SPECTRUM_SIDE)
    for (const [row, column] of [
      [3, 7],
      [40, 100],
    ] as const) {
      let [real, imaginary] = [0, 0]
      for (const [i, value] of values.entries()) {
        const [x, y] = [i % SPECTRUM_SIDE, i >> 7]
        const angle = (2 * Math.PI * (column * x + row * y)) / SPECTRUM_SIDE
        const weighed = (value - mean) * hann(x) * hann(y)
        real += weighed * Math.cos(angle)
        imaginary -= weighed * Math.sin(angle)
      }
      expect(luma[row * SPECTRUM_SIDE + column]).toBeCloseTo(real ** 2 + imaginary ** 2, 3)
    }
  })
})

describe('the texture of a face', () => {
  test('has a strong pattern where dots of a printer or a display’s pixels are', () => {
    const dots = textureOf(
      picture((x, y) => grey(6 * Math.cos(1.3 * x + 0.4 * y))),
      landmarks,
    )
    expect(dots!.luma).toBeGreaterThan(textureOf(picture(), landmarks)!.luma + 8)
    expect(dots!.frequency).toBeCloseTo(Math.hypot(1.3, 0.4) / (2 * Math.PI), 1)
  })

  test('has a pattern of colours where a display’s stripes beat without changing the brightness', () => {
    const beat = (x: number, y: number) => 8 * Math.cos(0.9 * x - 0.5 * y)
    // Red and blue against each other so that their shares of luma cancel.
    const rainbow = textureOf(
      picture((x, y) => [(beat(x, y) * 0.114) / 0.299, 0, -beat(x, y)]),
      landmarks,
    )
    expect(rainbow!.colour).toBeGreaterThan(20)
    expect(rainbow!.luma).toBeLessThan(18)
  })

  test('is not disturbed by the 8 × 8 blocks of a camera’s JPEG compression', async () => {
    const { data, width, height } = picture()
    const jpeg = await sharp(data, { raw: { width, height, channels: 3 } })
      .jpeg({ quality: 75 })
      .toBuffer()
    const { luma } = textureOf(unwrap(await decodeImage(jpeg)).image, landmarks)!
    expect(luma).toBeLessThan(18)
  })

  test('is not judged in a picture smaller than a patch, and stays inside the picture at its rim', () => {
    expect(textureOf(picture(undefined, 120, 200), landmarks)).toBeNull()
    const outside = { points: new Float32Array(3 * 468).fill(-500) } as Landmarks
    expect(Number.isFinite(textureOf(picture(), outside)!.luma)).toBe(true)
    const nowhere = { points: new Float32Array(3 * 468).fill(Number.NaN) } as Landmarks
    expect(Number.isFinite(textureOf(picture(), nowhere)!.luma)).toBe(true)
  })

  test('of a picture of one colour has no pattern', () => {
    const flat = { width: 640, height: 480, data: new Uint8Array(3 * 640 * 480).fill(90) }
    expect(textureOf(flat, landmarks)).toMatchObject({ luma: 0, colour: 0 })
  })
})

describe('the texture layer', () => {
  const readingOf = (...textures: (FaceTexture | null)[]) =>
    textureReading(
      textures.map((texture) => observation({ texture })),
      limits,
    )

  test('calls a strong pattern in most frames an attack, in brightness or in colour', () => {
    const strong = plainTexture({ luma: 27 })
    expect(readingOf(strong, strong, plainTexture())).toMatchObject({
      layer: 'texture',
      verdict: 'attack',
      detail: { why: 'pattern', luma: 27 },
    })
    expect(readingOf(plainTexture({ colour: 24 }))).toMatchObject({ verdict: 'attack' })
  })

  test('is not led by one frame in which something is striped', () => {
    const reading = readingOf(plainTexture(), plainTexture({ luma: 35 }), plainTexture())
    expect(reading).toMatchObject({ verdict: 'unsure', score: null })
  })

  test('doubts a faint pattern', () => {
    const reading = readingOf(plainTexture({ luma: 19 }))
    expect(reading).toMatchObject({ verdict: 'unsure', detail: { why: 'faint-pattern' } })
    expect(reading.score).toBeLessThan(0.5)
  })

  test('never takes the absence of a pattern for a person', () => {
    expect(readingOf(plainTexture())).toMatchObject({ verdict: 'unsure', score: null })
  })

  test('has nothing to go by without a face, or in observations of a station that didn’t measure it', () => {
    expect(readingOf(null)).toMatchObject({ score: null, detail: { why: 'no-face' } })
    expect(textureReading([observation()], limits)).toMatchObject({ verdict: 'unsure', score: null })
    expect(textureReading([], limits)).toMatchObject({ verdict: 'unsure', score: null })
  })
})
