import sharp from 'sharp'
import { Fault } from '../common/fault.ts'
import { cardPortrait } from '../face/card-portrait.ts'
import { cutOut, type DemoFace } from './faces.ts'

/** What a card's photo block of 1,024 bytes leaves for the picture in the project's own, simulated photo format. */
export const MAX_PORTRAIT_BYTES = 1016

/**
 * A simulated card portrait: 102 × 126 WebP of at most 1,016 bytes, as good as fits.
 * Portrait and camera frames come from one photograph, so whatever they score proves nothing about accuracy.
 */
export async function makePortrait(face: DemoFace): Promise<Uint8Array> {
  const { image, eyes } = await cutOut(face)
  const picture = await cardPortrait(image, eyes).png().toBuffer()
  let best: Uint8Array | null = null
  let low = 1
  let high = 90
  while (low <= high) {
    const quality = Math.floor((low + high) / 2)
    const encoded = await encode(picture, quality)
    if (encoded.length <= MAX_PORTRAIT_BYTES) {
      best = encoded
      low = quality + 1
    } else {
      high = quality - 1
    }
  }
  if (best === null) throw new Fault('FACE_PORTRAIT_SIZE', 'this face doesn’t fit into a card portrait')
  return best
}

function encode(picture: Uint8Array, quality: number): Promise<Uint8Array> {
  return sharp(picture).webp({ quality, effort: 6 }).toBuffer()
}
