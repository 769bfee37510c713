import { THUMBNAIL } from './observation.ts'
import { isInRing, type Placed, placeOf, sampleAt } from './surround-motion.ts'

/** Mean squares, grey levels², of what two explanations leave of the ring around a face between two frames. */
export interface SurroundFit {
  /** … if the surroundings stayed where they were. */
  readonly staying: number
  /** … if they moved, turned and grew with the face. */
  readonly following: number
}

const LEAST_CELLS = 60
/** Sensor noise and rounding, grey levels²: a plain wall fits both explanations, and must say nothing. */
const NOISE = 4

/**
 * Finer than the count of cells in surround-motion.ts: both explanations are fitted to the whole ring, brightness and contrast
 * free, so that moves of seven pixels suffice. Null when the face moved less than `leastMove` cells or the ring isn't in view.
 */
export function surroundFit(before: Placed, after: Placed, leastMove: number): SurroundFit | null {
  const from = placeOf(before)
  const to = placeOf(after)
  if (!(Math.hypot(to.x - from.x, to.y - from.y) >= leastMove)) return null
  const scale = to.size / from.size
  const cos = scale * Math.cos(to.angle - from.angle)
  const sin = scale * Math.sin(to.angle - from.angle)
  const staying = new Regression()
  const following = new Regression()
  for (let y = 0; y < THUMBNAIL.height; y++) {
    for (let x = 0; x < THUMBNAIL.width; x++) {
      const right = x - from.x
      const down = y - from.y
      if (!isInRing(right / from.size, down / from.size)) continue
      const moved = sampleAt(
        after.thumbnail,
        to.x + cos * right - sin * down,
        to.y + sin * right + cos * down,
      )
      if (moved === null) continue
      const cell = y * THUMBNAIL.width + x
      staying.add(before.thumbnail[cell]!, after.thumbnail[cell]!)
      following.add(before.thumbnail[cell]!, moved)
    }
  }
  if (staying.count < LEAST_CELLS) return null
  return { staying: staying.residual(), following: following.residual() }
}

/**
 * Over all pairs of a visit: natural logarithm of the one error over the other. Far below zero the room stands still behind
 * somebody who moves; at zero and above it moves along like the rest of a photograph. Null without a pair.
 */
export function followingOdds(fits: readonly SurroundFit[]): number | null {
  if (fits.length === 0) return null
  const sum = (kind: keyof SurroundFit) => fits.reduce((total, fit) => total + fit[kind] + NOISE, 0)
  return Math.log(sum('staying') / sum('following'))
}

/** Least squares of a straight line, by sums. */
class Regression {
  count = 0
  #x = 0
  #y = 0
  #xx = 0
  #yy = 0
  #xy = 0

  add(x: number, y: number): void {
    this.count++
    this.#x += x
    this.#y += y
    this.#xx += x * x
    this.#yy += y * y
    this.#xy += x * y
  }

  /** Mean square of x that y doesn't explain. */
  residual(): number {
    const n = this.count
    const covariance = this.#xy / n - (this.#x * this.#y) / n ** 2
    const ofX = this.#xx / n - (this.#x / n) ** 2
    const ofY = this.#yy / n - (this.#y / n) ** 2
    return Math.max(0, ofX - (ofY > 1e-9 ? covariance ** 2 / ofY : 0))
  }
}
