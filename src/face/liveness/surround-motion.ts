import { THUMBNAIL } from './observation.ts'

/** How the picture around a face behaved while the face moved. */
export interface SurroundMotion {
  /** Share of the cells that tell both apart which moved along with the face, 0 … 1. */
  readonly following: number
  /** How many cells told both apart: plain walls don't. */
  readonly cells: number
}

/** A frame and where its face lies in it. */
export interface Placed {
  readonly thumbnail: Uint8Array
  readonly mesh: Float32Array
  readonly width: number
  readonly height: number
}

/** Outer corners of the eyes. */
const EYES = [33, 263] as const
/** The ring, in eye distances from between the eyes: beside and above the head, never below the chin. */
const RING = { from: 1.2, to: 1.7, above: -2.4, below: 0.9 } as const
/** Grey levels by which a cell must differ between the two explanations to have a say. */
const TELLING = 10
const LEAST_CELLS = 40

/**
 * Behind a person the room stays where it is; around a photograph that is moved the picture moves along. Compares each
 * cell of a ring around the face with both explanations. Null when the face hardly moved or the ring is too plain.
 */
export function surroundMotion(before: Placed, after: Placed, leastMove: number): SurroundMotion | null {
  const from = placeOf(before)
  const to = placeOf(after)
  if (Math.hypot(to.x - from.x, to.y - from.y) < leastMove) return null
  const scale = to.size / from.size
  const cos = scale * Math.cos(to.angle - from.angle)
  const sin = scale * Math.sin(to.angle - from.angle)
  let following = 0
  let cells = 0
  for (let y = 0; y < THUMBNAIL.height; y++) {
    for (let x = 0; x < THUMBNAIL.width; x++) {
      const right = x - from.x
      const down = y - from.y
      if (!isInRing(right / from.size, down / from.size)) continue
      const movedX = to.x + cos * right - sin * down
      const movedY = to.y + sin * right + cos * down
      const moved = sampleAt(after.thumbnail, movedX, movedY)
      if (moved === null) continue
      const here = before.thumbnail[y * THUMBNAIL.width + x]!
      const stayed = after.thumbnail[y * THUMBNAIL.width + x]!
      if (Math.abs(moved - stayed) < TELLING) continue
      cells++
      if (Math.abs(here - moved) < Math.abs(here - stayed)) following++
    }
  }
  return cells < LEAST_CELLS ? null : { following: following / cells, cells }
}

/** Eye distances from between the eyes. */
export function isInRing(across: number, down: number): boolean {
  if (down < RING.above || down > RING.below) return false
  const radius = Math.hypot(across, 0.8 * down)
  return radius >= RING.from && radius <= RING.to
}

export interface Place {
  readonly x: number
  readonly y: number
  readonly size: number
  readonly angle: number
}

/** Between the eyes, their distance and the angle of their line; cells of the thumbnail. */
export function placeOf({ mesh, width, height }: Placed): Place {
  const [left, right] = EYES
  const across = THUMBNAIL.width / width
  const down = THUMBNAIL.height / height
  const [x1, y1] = [mesh[3 * left]! * across - 0.5, mesh[3 * left + 1]! * down - 0.5]
  const [x2, y2] = [mesh[3 * right]! * across - 0.5, mesh[3 * right + 1]! * down - 0.5]
  return {
    x: (x1 + x2) / 2,
    y: (y1 + y2) / 2,
    size: Math.hypot(x2 - x1, y2 - y1),
    angle: Math.atan2(y2 - y1, x2 - x1),
  }
}

/** Bilinear; null outside. */
export function sampleAt(thumbnail: Uint8Array, x: number, y: number): number | null {
  const { width, height } = THUMBNAIL
  if (!(x >= 0 && y >= 0 && x < width - 1 && y < height - 1)) return null
  const left = Math.floor(x)
  const top = Math.floor(y)
  const right = x - left
  const down = y - top
  const i = top * width + left
  const upper = thumbnail[i]! * (1 - right) + thumbnail[i + 1]! * right
  const lower = thumbnail[i + width]! * (1 - right) + thumbnail[i + width + 1]! * right
  return upper * (1 - down) + lower * down
}
