import sharp, { type Sharp } from 'sharp'
import { describe, expect, test } from 'vitest'
import { decodeImage, MAX_IMAGE_BYTES } from '../../src/face/image.ts'

/** Left half red, right half blue. */
function redBlue(width: number, height: number): Sharp {
  const pixels = new Uint8Array(width * height * 3)
  for (let i = 0; i < width * height; i++) pixels[3 * i + (i % width < width / 2 ? 0 : 2)] = 255
  return sharp(pixels, { raw: { width, height, channels: 3 } })
}

async function decoded(bytes: Uint8Array) {
  const result = await decodeImage(bytes)
  if (!result.ok) throw result.fault
  return result.value
}

async function codeOf(bytes: Uint8Array): Promise<string | null> {
  const result = await decodeImage(bytes)
  return result.ok ? null : result.fault.code
}

describe('decodes', () => {
  test('a picture of one pixel', async () => {
    const { image } = await decoded(await redBlue(2, 1).resize(1, 1).png().toBuffer())
    expect([image.width, image.height, image.data.length]).toEqual([1, 1, 3])
  })

  test('grey, CMYK, transparent and 16-bit pictures to three channels of eight bits', async () => {
    const variants = [
      redBlue(40, 30).greyscale().jpeg(),
      redBlue(40, 30).toColourspace('cmyk').jpeg(),
      redBlue(40, 30).ensureAlpha(0.5).png(),
      redBlue(40, 30).toColourspace('rgb16').png(),
      redBlue(40, 30).webp(),
    ]
    for (const variant of variants) {
      const { image } = await decoded(await variant.toBuffer())
      expect([image.width, image.height, image.data.length]).toEqual([40, 30, 3600])
    }
    const cmyk = await decoded(await redBlue(40, 30).toColourspace('cmyk').jpeg().toBuffer())
    expect(cmyk.image.data[0]).toBeGreaterThan(cmyk.image.data[2]!)
  })

  test('a phone’s picture upright, whatever its EXIF orientation says', async () => {
    const turned = await redBlue(40, 30).withMetadata({ orientation: 6 }).png().toBuffer()
    const { image, scale } = await decoded(turned)
    expect([image.width, image.height, scale]).toEqual([30, 40, 1])
    const lastRow = image.data.subarray(-3)
    expect(Array.from(image.data.subarray(0, 3))).toEqual([255, 0, 0])
    expect(Array.from(lastRow)).toEqual([0, 0, 255])
  })

  test('an 8K picture scaled down, and says by how much', async () => {
    const { image, scale } = await decoded(await redBlue(7680, 4320).jpeg().toBuffer())
    expect([image.width, image.height]).toEqual([1280, 720])
    expect(scale).toBeCloseTo(1 / 6, 9)
  })
})

describe('refuses with a code', () => {
  test('what is no picture', async () => {
    expect(await codeOf(new Uint8Array())).toBe('FACE_IMAGE_INVALID')
    expect(await codeOf(new TextEncoder().encode('not a picture'))).toBe('FACE_IMAGE_INVALID')
    expect(await codeOf(new Uint8Array(4096))).toBe('FACE_IMAGE_INVALID')
  })

  test('a drawing that could load other files', async () => {
    const svg =
      '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>'
    expect(await codeOf(new TextEncoder().encode(svg))).toBe('FACE_IMAGE_INVALID')
  })

  test('a JPEG that is cut off anywhere', async () => {
    const whole = await redBlue(200, 200).jpeg().toBuffer()
    for (const share of [0.05, 0.3, 0.6, 0.9]) {
      expect(await codeOf(whole.subarray(0, Math.floor(whole.length * share)))).toBe('FACE_IMAGE_INVALID')
    }
  })

  test('a picture with more pixels or bytes than any camera here gives', async () => {
    expect(await codeOf(await redBlue(2, 2).resize(8000, 8000, { kernel: 'nearest' }).png().toBuffer())).toBe(
      'FACE_IMAGE_TOO_LARGE',
    )
    expect(await codeOf(new Uint8Array(MAX_IMAGE_BYTES + 1))).toBe('FACE_IMAGE_TOO_LARGE')
  })
})
