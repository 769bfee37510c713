import type { RgbImage } from '../recogniser.ts'

/*
 * Two questions about a frame: was it seen before, and does it have the noise of a sensor? The fingerprint is a
 * difference hash: each bit tells whether the picture grows brighter from one cell to the next.
 */

const COLUMNS = 64
const ROWS = 48
/** 16 × 16 comparisons. */
const SIDE = 16

/** 256 bits, hex, of a 64 × 48 luma thumbnail. Pictures that differ by compression alone differ in a few bits. */
export function fingerprintOf(thumbnail: Uint8Array): string {
  const bytes = Buffer.alloc((SIDE * SIDE) / 8)
  for (let row = 0; row < SIDE; row++) {
    for (let column = 0; column < SIDE; column++) {
      if (cellMean(thumbnail, row, column) >= cellMean(thumbnail, row, column + 1)) continue
      const bit = row * SIDE + column
      bytes[bit >> 3]! |= 0x80 >> (bit & 7)
    }
  }
  return bytes.toString('hex')
}

/** Bits that differ, 0 … 256. Throws nothing: fingerprints of other lengths differ in all bits. */
export function fingerprintDistance(a: string, b: string): number {
  if (a.length !== b.length) return 256
  const left = Buffer.from(a, 'hex')
  const right = Buffer.from(b, 'hex')
  let bits = 0
  for (let i = 0; i < left.length; i++) {
    for (let difference = left[i]! ^ right[i]!; difference !== 0; difference &= difference - 1) bits++
  }
  return bits
}

/**
 * Standard deviation, in grey levels, of the green channel's second difference along rows, by the median of absolute
 * deviations, so that edges count little (Immerkær 1996 in one dimension).
 */
export function noiseOf({ width, height, data }: RgbImage): number {
  if (width < 3 || height < 1) return 0
  const counts = new Uint32Array(1021)
  let total = 0
  for (let y = 0; y < height; y += 2) {
    for (let x = 1; x < width - 1; x++) {
      const i = 3 * (y * width + x) + 1
      counts[Math.abs(data[i - 3]! - 2 * data[i]! + data[i + 3]!)]! += 1
      total++
    }
  }
  let seen = 0
  let median = 0
  while (seen + counts[median]! < total / 2) seen += counts[median++]!
  // Within the median's bin, as if its values were spread evenly: whole numbers are too coarse for small noise.
  const inside = (total / 2 - seen) / Math.max(1, counts[median]!)
  return (Math.max(0, median - 0.5 + inside) * 1.4826) / Math.sqrt(6)
}

/** Cells of a 17 × 16 grid over the thumbnail. */
function cellMean(thumbnail: Uint8Array, row: number, column: number): number {
  const left = Math.floor((column * COLUMNS) / (SIDE + 1))
  const right = Math.floor(((column + 1) * COLUMNS) / (SIDE + 1))
  const top = (row * ROWS) / SIDE
  let sum = 0
  for (let y = top; y < top + ROWS / SIDE; y++) {
    for (let x = left; x < right; x++) sum += thumbnail[y * COLUMNS + x]!
  }
  return sum / ((right - left) * (ROWS / SIDE))
}
