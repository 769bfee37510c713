import { solveLinear } from './linear-system.ts'

/*
 * How a face's landmarks went from one frame to another. A plane's points move by an affine map, and a little by
 * perspective; a head's points move further the nearer they are. Seen at a distance of several head sizes (weak
 * perspective; Koenderink & van Doorn 1991: affine structure from motion):
 *
 *     x' = a·x + b·y + c + p·z + g·x² + h·x·y        y' = d·x + e·y + f + q·z + g·x·y + h·y²
 *
 * (p, q) is the sine of the turn, for a picture of a face it is zero; (g, h) is the keystone of a tilted plane.
 */

/** Face Mesh points on bone: not lips, lids and jaw, which move by themselves. */
const RIGID = [
  10, 151, 9, 8, 168, 6, 197, 195, 5, 4, 1, 33, 133, 362, 263, 127, 356, 234, 454, 93, 323, 116, 345, 50, 280,
  101, 330, 205, 425, 48, 278, 98, 327, 103, 332, 67, 297, 109, 338, 54, 284, 21, 251, 162, 389, 117, 346,
  118, 347, 119, 348, 36, 266, 142, 371, 126, 355, 114, 343, 188, 412, 122, 351, 193, 417,
] as const
/** Outer corners of the eyes. */
const EYES = [33, 263] as const
const UNKNOWNS = 10

export interface RigidMotion {
  /** Length of (p, q): 0 for a plane, the sine of the turn for a head. */
  readonly parallax: number
  /** Smaller over larger scale of the affine part: a plane turned by t against the camera shows cos t. */
  readonly squeeze: number
  /** Root mean square of what the fit leaves, eye distances. */
  readonly residual: number
  /** The same when a plane is fitted, without p and q. */
  readonly planeResidual: number
}

/** Both meshes 468 × (x, y, depth). Null when the landmarks don't determine the motion. */
export function rigidMotion(before: Float32Array, after: Float32Array): RigidMotion | null {
  const unit = eyeDistance(before)
  if (!(unit > 1)) return null
  const from = normalised(before, unit)
  const to = normalised(after, unit)
  const solid = solve(from, to, UNKNOWNS)
  const flat = solve(from, to, UNKNOWNS - 2)
  if (solid === null || flat === null) return null
  const [a, b, , d, e] = solid as [number, number, number, number, number]
  const [p, q] = [solid[8]!, solid[9]!]
  return {
    parallax: Math.hypot(p, q),
    squeeze: squeezeOf(a, b, d, e),
    residual: residualOf(from, to, solid),
    planeResidual: residualOf(from, to, [...flat, 0, 0]),
  }
}

/** Distance of the outer eye corners, in the mesh's own unit, without depth. */
export function eyeDistance(mesh: Float32Array): number {
  const [left, right] = EYES
  return Math.hypot(mesh[3 * right]! - mesh[3 * left]!, mesh[3 * right + 1]! - mesh[3 * left + 1]!)
}

/** Rigid points, (x, y, z) each, in eye distances from their mean. */
function normalised(mesh: Float32Array, unit: number): Float64Array {
  const points = new Float64Array(3 * RIGID.length)
  const mean = [0, 0, 0]
  for (const [i, point] of RIGID.entries()) {
    for (let axis = 0; axis < 3; axis++) {
      points[3 * i + axis] = mesh[3 * point + axis]! / unit
      mean[axis]! += points[3 * i + axis]! / RIGID.length
    }
  }
  for (let i = 0; i < points.length; i++) points[i]! -= mean[i % 3]!
  return points
}

/** Rows of the equations for x' and y': unknowns a b c d e f g h, and p q when there are ten. */
function rowsOf(from: Float64Array, i: number, unknowns: number): [number[], number[]] {
  const [x, y, z] = [from[3 * i]!, from[3 * i + 1]!, from[3 * i + 2]!]
  const across = [x, y, 1, 0, 0, 0, x * x, x * y, z, 0]
  const down = [0, 0, 0, x, y, 1, x * y, y * y, 0, z]
  return [across.slice(0, unknowns), down.slice(0, unknowns)]
}

function solve(from: Float64Array, to: Float64Array, unknowns: number): number[] | null {
  const system = Array.from({ length: unknowns }, () => new Float64Array(unknowns + 1))
  for (let i = 0; i < RIGID.length; i++) {
    for (const [axis, row] of rowsOf(from, i, unknowns).entries()) {
      for (let j = 0; j < unknowns; j++) {
        if (row[j] === 0) continue
        for (let k = 0; k < unknowns; k++) system[j]![k]! += row[j]! * row[k]!
        system[j]![unknowns]! += row[j]! * to[3 * i + axis]!
      }
    }
  }
  return solveLinear(system)?.map((row) => row[0]!) ?? null
}

function residualOf(from: Float64Array, to: Float64Array, solution: readonly number[]): number {
  let sum = 0
  for (let i = 0; i < RIGID.length; i++) {
    for (const [axis, row] of rowsOf(from, i, UNKNOWNS).entries()) {
      const expected = row.reduce((total, value, j) => total + value * solution[j]!, 0)
      sum += (to[3 * i + axis]! - expected) ** 2
    }
  }
  return Math.sqrt(sum / RIGID.length)
}

/** Ratio of the singular values of ((a, b), (d, e)). */
function squeezeOf(a: number, b: number, d: number, e: number): number {
  const sum = Math.hypot(a + e, d - b)
  const difference = Math.hypot(a - e, b + d)
  const larger = sum + difference
  return larger === 0 ? 1 : Math.abs(sum - difference) / larger
}
