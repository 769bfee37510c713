import sharp, { type Sharp } from 'sharp'
import type { Point } from './detect.ts'
import type { RgbImage } from './recogniser.ts'
import { type Affine, samplesFor, warp } from './warp.ts'

export const PORTRAIT_WIDTH = 102
export const PORTRAIT_HEIGHT = 126
/** Framing of a card's photograph: eyes this far apart, on this line, in the middle. */
const EYE_DISTANCE = 28
const EYE_LINE = 62
/** Drawn larger first, so that the resampling filter has something to average. */
const OVERSIZE = 2

/**
 * Crops and shrinks a face to the framing of a card's photograph, 102 × 126 RGB.
 * `left` and `right` are the eyes as the image shows them. The codec of identity cards (WLT) can't be written freely,
 * so whoever encodes this encodes a stand-in.
 */
export function cardPortrait(image: RgbImage, [left, right]: readonly [Point, Point]): Sharp {
  const width = PORTRAIT_WIDTH * OVERSIZE
  const height = PORTRAIT_HEIGHT * OVERSIZE
  const scale = Math.max(Math.hypot(right.x - left.x, right.y - left.y), 4) / (EYE_DISTANCE * OVERSIZE)
  const middleX = (left.x + right.x) / 2
  const middleY = (left.y + right.y) / 2
  const map: Affine = [
    scale,
    0,
    middleX - (width / 2) * scale,
    0,
    scale,
    middleY - EYE_LINE * OVERSIZE * scale,
  ]
  const planes = new Float32Array(3 * width * height)
  warp(image, map, { width, height, order: 'rgb', scale: 1, offset: 0 }, planes, samplesFor(map, 1.5))
  return sharp(interleaved(planes, width * height), { raw: { width, height, channels: 3 } }).resize(
    PORTRAIT_WIDTH,
    PORTRAIT_HEIGHT,
    { kernel: 'lanczos3' },
  )
}

function interleaved(planes: Float32Array, count: number): Uint8Array {
  const pixels = new Uint8Array(3 * count)
  for (let i = 0; i < count; i++)
    for (let channel = 0; channel < 3; channel++)
      pixels[3 * i + channel] = Math.max(0, Math.min(255, Math.round(planes[channel * count + i]!)))
  return pixels
}
