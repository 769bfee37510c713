import type { Landmarks } from '../landmarks.ts'
import type { RgbImage } from '../recogniser.ts'

/** A small upright picture of the face, its eyes always at the same place: PATCH.side² luma, rows first. */
export type FacePatch = Uint8Array

/** `reach`: from the patch's middle to its rim; `below`: from between the eyes to its middle. Eye distances (outer corners). */
export const PATCH = { side: 64, reach: 0.85, below: 0.35 } as const

/** Points at the outer corners of the eyes. */
const EYES = [33, 263] as const
/** Samples a side for each cell at most: more would only cost time. */
const MOST_SAMPLES = 3

/** Where a face's patch lies in the frame. */
export interface PatchPlace {
  /** The patch's middle, frame pixels. */
  readonly x: number
  readonly y: number
  /** Eye distance, frame pixels, and the direction of the eyes' line. */
  readonly size: number
  readonly cos: number
  readonly sin: number
}

/** `points`: 468 × (x, y, depth). Null when the eyes fall together. */
export function patchPlace(points: Float32Array): PatchPlace | null {
  const [left, right] = EYES
  const across = points[3 * right]! - points[3 * left]!
  const down = points[3 * right + 1]! - points[3 * left + 1]!
  const size = Math.hypot(across, down)
  if (!(size > 1)) return null
  const [cos, sin] = [across / size, down / size]
  return {
    x: (points[3 * left]! + points[3 * right]!) / 2 - sin * PATCH.below * size,
    y: (points[3 * left + 1]! + points[3 * right + 1]!) / 2 + cos * PATCH.below * size,
    size,
    cos,
    sin,
  }
}

/** Mean luma (BT.601) of each cell; the picture's rim goes on for ever outside. Null without eyes. */
export function facePatchOf({ width, height, data }: RgbImage, { points }: Landmarks): FacePatch | null {
  const place = patchPlace(points)
  if (place === null) return null
  const { side, reach } = PATCH
  const cell = (2 * reach * place.size) / side
  const samples = Math.max(1, Math.min(MOST_SAMPLES, Math.round(cell)))
  const step = cell / samples
  const patch = new Uint8Array(side * side)
  for (let row = 0; row < side * samples; row++) {
    const down = (row + 0.5) * step - reach * place.size
    for (let column = 0; column < side * samples; column++) {
      const across = (column + 0.5) * step - reach * place.size
      const x = within(Math.round(place.x + place.cos * across - place.sin * down), width - 1)
      const y = within(Math.round(place.y + place.sin * across + place.cos * down), height - 1)
      const i = 3 * (y * width + x)
      sums[column] = 0.299 * data[i]! + 0.587 * data[i + 1]! + 0.114 * data[i + 2]!
    }
    addRow(patch, row, samples)
  }
  return patch
}

/** One row of samples, and what the samples of one row of cells come to; overwritten by every call. */
const sums = new Float64Array(PATCH.side * MOST_SAMPLES)
const cells = new Float64Array(PATCH.side)

function addRow(patch: Uint8Array, row: number, samples: number): void {
  if (row % samples === 0) cells.fill(0)
  for (let i = 0; i < PATCH.side * samples; i++) cells[Math.floor(i / samples)]! += sums[i]!
  if (row % samples !== samples - 1) return
  const start = Math.floor(row / samples) * PATCH.side
  for (let i = 0; i < PATCH.side; i++) patch[start + i] = Math.round(cells[i]! / samples ** 2)
}

function within(value: number, most: number): number {
  // NaN too.
  return value > 0 ? Math.min(value, most) : 0
}
