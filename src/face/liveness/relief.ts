import { type FacePatch, PATCH, patchPlace } from './face-patch.ts'
import type { FrameObservation } from './observation.ts'
import {
  type ReliefPoint,
  type ReliefSystem,
  reliefPoints,
  reliefSystem,
  TERMS,
  UNKNOWNS,
} from './relief-model.ts'

/** What a face's picture shows of its depth while it moves. */
export interface Relief {
  /**
   * By how much it was seen to turn by its nose, brows and chin, which stand out of every smooth sheet: sine of the turn, from
   * its one end to its other. Near zero for paper and displays, flat or bent, and for whoever doesn't turn.
   */
  readonly shown: number
  /** How far it went in the frame meanwhile, eye distances. */
  readonly moved: number
  /** What the fit leaves of a picture, in its own standard deviations, median: above about 0.2 it failed, or it isn't one face. */
  readonly residual: number
  /** The same of the frame that fits worst. */
  readonly worstResidual: number
}

/** Frames that are compared with the middle one. */
const MOST_FRAMES = 10
const LEAST_FRAMES = 5
const MOST_STEPS = 12
const STILL = 3e-4
/** Larger differences, standard deviations, are highlights, hair and lips and count only by their sign. */
const OUTLIER = 0.15

/**
 * Brings the face's picture in each frame onto that of the middle frame by least squares (Lucas & Kanade 1981; plane and
 * parallax: Irani & Anandan 1996). Landmarks alone don't do: their network draws a face in depth onto flat paper too. Null with
 * fewer than five frames with a face.
 */
export function reliefOf(observations: readonly FrameObservation[]): Relief | null {
  const frames = evenly(observations.filter(hasPatch))
  const middle = frames.length >> 1
  const reference = frames[middle]
  if (frames.length < LEAST_FRAMES || reference === undefined) return null
  const points = reliefPoints(reference.mesh)
  if (points === null) return null
  const picture = standardised(reference.patch, points)
  const system = reliefSystem(points, picture)
  if (system === null) return null
  const fits: Fit[] = []
  // Outwards from the middle, each from where the one before came to rest.
  for (const ordered of [frames.slice(middle + 1), frames.slice(0, middle).reverse()]) {
    let unknowns = new Float64Array(UNKNOWNS)
    for (const { patch } of ordered) {
      const fit = fitted(system, picture, standardised(patch, points), unknowns)
      fits.push(fit)
      unknowns = fit.unknowns
    }
  }
  const turn = (axis: number) => rangeOf([0, ...fits.map(({ unknowns }) => unknowns[2 * TERMS + axis]!)])
  return {
    shown: Math.hypot(turn(0), turn(1)),
    moved: movedBy(frames),
    residual: median(fits.map(({ residual }) => residual)),
    worstResidual: Math.max(...fits.map(({ residual }) => residual)),
  }
}

type FrameWithPatch = FrameObservation & { readonly mesh: Float32Array; readonly patch: FacePatch }

function hasPatch(observation: FrameObservation): observation is FrameWithPatch {
  return observation.mesh !== null && (observation.patch ?? null) !== null
}

function evenly<Item>(items: readonly Item[]): readonly Item[] {
  if (items.length <= MOST_FRAMES) return items
  return Array.from(
    { length: MOST_FRAMES },
    (_, i) => items[Math.round((i * (items.length - 1)) / (MOST_FRAMES - 1))]!,
  )
}

interface Fit {
  readonly unknowns: Float64Array<ArrayBuffer>
  readonly residual: number
}

/** Gauss-Newton with the reference's own slopes; the differences' weights by Huber. */
function fitted(
  { points, slopes, inverse }: ReliefSystem,
  reference: Float64Array,
  picture: Float64Array,
  start: Float64Array,
): Fit {
  const cells = PATCH.side / 2 / PATCH.reach
  const unknowns = Float64Array.from(start)
  let squares = 0
  for (let step = 0; step < MOST_STEPS; step++) {
    const slope = new Float64Array(UNKNOWNS)
    squares = 0
    for (let k = 0; k < points.length; k++) {
      const { column, row, x, y, relief } = points[k]!
      const across = displacement(unknowns, 0, x, y) + relief * unknowns[2 * TERMS]!
      const down = displacement(unknowns, TERMS, x, y) + relief * unknowns[2 * TERMS + 1]!
      const expected =
        unknowns[UNKNOWNS - 2]! + (1 + unknowns[UNKNOWNS - 1]!) * reference[row * PATCH.side + column]!
      const difference = sampleAt(picture, column + cells * across, row + cells * down) - expected
      squares += difference ** 2
      const weighted = Math.max(-OUTLIER, Math.min(OUTLIER, difference))
      for (let i = 0; i < UNKNOWNS; i++) slope[i]! -= weighted * slopes[k * UNKNOWNS + i]!
    }
    let largest = 0
    for (let i = 0; i < UNKNOWNS; i++) {
      let change = 0
      for (let j = 0; j < UNKNOWNS; j++) change += inverse[i]![j]! * slope[j]!
      unknowns[i]! += change
      largest = Math.max(largest, Math.abs(change))
    }
    if (!(largest > STILL)) break
  }
  return { unknowns, residual: Math.sqrt(squares / points.length) }
}

/** The polynomial of second degree whose six coefficients begin at `first`. */
function displacement(unknowns: Float64Array, first: number, x: number, y: number): number {
  const [one, ofX, ofY] = [unknowns[first]!, unknowns[first + 1]!, unknowns[first + 2]!]
  const [ofXX, ofXY, ofYY] = [unknowns[first + 3]!, unknowns[first + 4]!, unknowns[first + 5]!]
  return one + x * (ofX + x * ofXX + y * ofXY) + y * (ofY + y * ofYY)
}

/** Smoothed by 1-2-1 each way, in standard deviations from the mean of the face's points. */
function standardised(patch: FacePatch, points: readonly ReliefPoint[]): Float64Array {
  const { side } = PATCH
  const across = Float64Array.from(patch, (value, i) => {
    const column = i % side
    return (patch[column === 0 ? i : i - 1]! + 2 * value + patch[column === side - 1 ? i : i + 1]!) / 4
  })
  const smooth = across.map(
    (value, i) => (across[i < side ? i : i - side]! + 2 * value + (across[i + side] ?? value)) / 4,
  )
  const skin = points.map(({ column, row }) => smooth[row * side + column]!)
  const mean = skin.reduce((sum, value) => sum + value, 0) / skin.length
  const deviation = Math.sqrt(skin.reduce((sum, value) => sum + (value - mean) ** 2, 0) / skin.length)
  return smooth.map((value) => (value - mean) / (deviation + 1e-6))
}

/** Bilinear; the rim goes on for ever. */
function sampleAt(picture: Float64Array, column: number, row: number): number {
  const { side } = PATCH
  const x = column > 0 ? Math.min(side - 1.001, column) : 0
  const y = row > 0 ? Math.min(side - 1.001, row) : 0
  const [left, top] = [Math.floor(x), Math.floor(y)]
  const [right, down] = [x - left, y - top]
  const i = top * side + left
  const upper = picture[i]! + right * (picture[i + 1]! - picture[i]!)
  const lower = picture[i + side]! + right * (picture[i + side + 1]! - picture[i + side]!)
  return upper + down * (lower - upper)
}

function movedBy(frames: readonly FrameWithPatch[]): number {
  const places = frames.map(({ mesh }) => patchPlace(mesh)).filter((place) => place !== null)
  const size = median(places.map((place) => place.size))
  return Math.hypot(rangeOf(places.map(({ x }) => x)), rangeOf(places.map(({ y }) => y))) / size
}

/** Without the outermost tenth on either side: a fit may fail in a frame. */
function rangeOf(values: readonly number[]): number {
  const ascending = values.toSorted((a, b) => a - b)
  const last = ascending.length - 1
  const off = Math.floor(0.1 * ascending.length)
  return ascending[last - off]! - ascending[off]!
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!
}
