import { PATCH, type PatchPlace, patchPlace } from './face-patch.ts'
import { gramOf, inverseOf, solveLinear } from './linear-system.ts'

/*
 * The points of a face's patch at which pictures are compared, and how each may move. Coordinates: eye distances from the
 * patch's middle. Every smooth sheet that is turned, tilted, bent or moved before a camera moves its points nearly as a
 * polynomial of second degree says; nose, brows and chin stand out of every such sheet.
 */

/** One, x, y, x², xy, y². */
export const TERMS = 6

export interface ReliefPoint {
  /** Cell of the patch. */
  readonly column: number
  readonly row: number
  readonly x: number
  readonly y: number
  /** Depth of the face's mesh there, less what the best polynomial of second degree has of it. */
  readonly relief: number
}

/** Outline of the face, the lids, from the Face Mesh's own drawing order. */
const OVAL = [
  10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377, 152, 148, 176, 149,
  150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109,
] as const
const LIDS = [
  [33, 7, 163, 144, 145, 153, 154, 155, 133, 173, 157, 158, 159, 160, 161, 246],
  [263, 249, 390, 373, 374, 380, 381, 382, 362, 398, 384, 385, 386, 387, 388, 466],
] as const
/** Of the outline: hair and the rim of whatever is worn stay outside. */
const INNER = 0.85
/** Half axes around an eye: gaze and lids move by themselves, and through a mask's holes somebody else looks. */
const EYE = { across: 0.3, down: 0.22 } as const
/** Standard deviation over which the mesh's depth is spread. */
const SPREAD = 0.05
const LEAST_POINTS = 150

/** Every third cell of a face. Null when too little of it is in the patch. */
export function reliefPoints(mesh: Float32Array): readonly ReliefPoint[] | null {
  const place = patchPlace(mesh)
  if (place === null) return null
  const points = Array.from({ length: mesh.length / 3 }, (_, i) => inPatch(mesh, i, place))
  const oval = OVAL.map((i) => points[i]!).map(
    ([x, y]) => [INNER * x!, INNER * (y! - PATCH.below) + PATCH.below] as const,
  )
  const eyes = LIDS.map((lids) => meanOf(lids.map((i) => points[i]!)))
  const isSkin = (x: number, y: number) =>
    isInside(oval, x, y) &&
    eyes.every(([eyeX, eyeY]) => Math.hypot((x - eyeX!) / EYE.across, (y - eyeY!) / EYE.down) >= 1)
  const found: PointInDepth[] = []
  for (let row = 2; row < PATCH.side - 2; row++) {
    for (let column = 2 + (row % 3); column < PATCH.side - 2; column += 3) {
      const [x, y] = [coordinate(column), coordinate(row)]
      if (!isSkin(x, y)) continue
      const depth = depthAt(points, x, y)
      if (depth !== null) found.push({ column, row, x, y, depth })
    }
  }
  return found.length < LEAST_POINTS ? null : withRelief(found)
}

type PointInDepth = Omit<ReliefPoint, 'relief'> & { readonly depth: number }

function withRelief(points: readonly PointInDepth[]): readonly ReliefPoint[] | null {
  const rows = points.map(({ x, y, depth }) => Float64Array.of(...termsAt(x, y), depth))
  const sheet = solveLinear(gramOf(rows).slice(0, TERMS))
  if (sheet === null) return null
  return points.map(({ column, row, x, y, depth }) => ({
    column,
    row,
    x,
    y,
    relief: depth - termsAt(x, y).reduce((sum, term, i) => sum + term * sheet[i]![0]!, 0),
  }))
}

function termsAt(x: number, y: number): readonly number[] {
  return [1, x, y, x * x, x * y, y * y]
}

/** Eye distances from the patch's middle. */
function coordinate(cell: number): number {
  return (((cell + 0.5) / PATCH.side) * 2 - 1) * PATCH.reach
}

function inPatch(mesh: Float32Array, i: number, { x, y, size, cos, sin }: PatchPlace): readonly number[] {
  const [across, down] = [mesh[3 * i]! - x, mesh[3 * i + 1]! - y]
  return [(cos * across + sin * down) / size, (cos * down - sin * across) / size, mesh[3 * i + 2]! / size]
}

function meanOf(points: readonly (readonly number[])[]): readonly number[] {
  return [0, 1].map((axis) => points.reduce((sum, point) => sum + point[axis]! / points.length, 0))
}

function depthAt(points: readonly (readonly number[])[], x: number, y: number): number | null {
  let weight = 0
  let sum = 0
  for (const point of points) {
    const across = point[0]! - x
    if (Math.abs(across) > 4 * SPREAD) continue
    const distance = across ** 2 + (point[1]! - y) ** 2
    if (distance > 16 * SPREAD ** 2) continue
    const share = Math.exp(-distance / (2 * SPREAD ** 2))
    weight += share
    sum += share * point[2]!
  }
  return weight > 0 ? sum / weight : null
}

/** Even-odd rule. */
function isInside(polygon: readonly (readonly [number, number])[], x: number, y: number): boolean {
  let inside = false
  for (const [i, [ax, ay]] of polygon.entries()) {
    const [bx, by] = polygon.at(i - 1)!
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside
  }
  return inside
}

/** How pictures near `reference` change with each unknown, and what turns their differences into a step of the unknowns. */
export interface ReliefSystem {
  readonly points: readonly ReliefPoint[]
  /** UNKNOWNS for each point, one after the other. */
  readonly slopes: Float64Array
  readonly inverse: readonly Float64Array[]
}

/** Unknowns: TERMS of x, TERMS of y, the turn by relief across and down, brightness, contrast. */
export const UNKNOWNS = 2 * TERMS + 4
/** Keeps what a plain face doesn't determine at zero. */
const RIDGE = 1e-3

/** `reference`: cells in standard deviations from their mean. Null when the face has no structure. */
export function reliefSystem(points: readonly ReliefPoint[], reference: Float64Array): ReliefSystem | null {
  const { side, reach } = PATCH
  const cells = side / 2 / reach
  const rows = points.map(({ column, row, x, y, relief }) => {
    const terms = termsAt(x, y)
    const i = row * side + column
    const across = (cells * (reference[i + 1]! - reference[i - 1]!)) / 2
    const down = (cells * (reference[i + side]! - reference[i - side]!)) / 2
    return Float64Array.of(
      ...terms.map((term) => across * term),
      ...terms.map((term) => down * term),
      across * relief,
      down * relief,
      -1,
      -reference[i]!,
    )
  })
  const gram = gramOf(rows)
  for (const [i, row] of gram.entries()) row[i]! += RIDGE
  const inverse = inverseOf(gram)
  if (inverse === null) return null
  const slopes = new Float64Array(points.length * UNKNOWNS)
  for (const [k, row] of rows.entries()) slopes.set(row, k * UNKNOWNS)
  return { points, slopes, inverse }
}
