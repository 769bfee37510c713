import sharp from 'sharp'
import { Fault } from '../common/fault.ts'
import { failed, ok, type Result } from '../common/result.ts'
import type { RgbImage } from './recogniser.ts'

/** Largest file that is looked at, bytes. */
export const MAX_IMAGE_BYTES = 32 * 1024 * 1024
/** Largest picture that is decoded: a little more than 8K (7680 × 4320). */
export const MAX_IMAGE_PIXELS = 40_000_000
/** Longer sides are scaled down to this: no network here sees more than 256 pixels. */
const WORKING_SIDE = 1280

const FORMATS = ['jpeg', 'png', 'webp']

// One thread a picture: the kiosk has better work for its other core.
sharp.concurrency(1)
sharp.cache(false)

export interface Picture {
  readonly image: RgbImage
  /** Pixels of `image` for one pixel of the upright original: 1, or less after scaling down. */
  readonly scale: number
}

/**
 * Decodes a JPEG, PNG or WebP picture of any colour space, turned upright by its EXIF orientation.
 * Total. `FACE_IMAGE_INVALID`: not such a picture, damaged or cut off. `FACE_IMAGE_TOO_LARGE`: above the limits here.
 */
export async function decodeImage(bytes: Uint8Array): Promise<Result<Picture>> {
  if (bytes.length > MAX_IMAGE_BYTES) {
    return failed(new Fault('FACE_IMAGE_TOO_LARGE', `picture has ${bytes.length} bytes`))
  }
  try {
    const source = sharp(bytes, { limitInputPixels: false, failOn: 'warning' })
    const { format, width, height, autoOrient } = await source.metadata()
    if (!FORMATS.includes(format)) {
      return failed(new Fault('FACE_IMAGE_INVALID', `picture is ${format}, not ${FORMATS.join(', ')}`))
    }
    if (width * height > MAX_IMAGE_PIXELS) {
      return failed(new Fault('FACE_IMAGE_TOO_LARGE', `picture has ${width}x${height} pixels`))
    }
    const { data, info } = await source
      .autoOrient()
      .resize({ width: WORKING_SIDE, height: WORKING_SIDE, fit: 'inside', withoutEnlargement: true })
      .toColourspace('srgb')
      .removeAlpha()
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true })
    if (info.channels !== 3) throw new Error(`decoded to ${info.channels} channels`)
    const image = { width: info.width, height: info.height, data }
    return ok({ image, scale: info.width / autoOrient.width })
  } catch (cause) {
    return failed(new Fault('FACE_IMAGE_INVALID', 'not a picture, or a damaged one', { cause }))
  }
}
