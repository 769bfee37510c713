import type { Point } from './detect.ts'
import type { Landmarks } from './landmarks.ts'
import type { Affine } from './warp.ts'

/** Eye on the image's left, eye on its right, tip of the nose, mouth corner on the left, mouth corner on the right. */
export type FivePoints = readonly [Point, Point, Point, Point, Point]

/** The picture that an embedding network was trained on: its size in pixels and where the five points lie in it. */
export interface AlignedGeometry {
  readonly width: number
  readonly height: number
  readonly template: FivePoints
}

/** Side of the picture that ArcFace networks take. */
export const ALIGNED_SIDE = 112

/** Where the five points lie in that picture (deepinsight/insightface, `arcface_dst`; OpenCV's SFace has the same). */
export const ARCFACE_TEMPLATE: FivePoints = [
  { x: 38.2946, y: 51.6963 },
  { x: 73.5318, y: 51.5014 },
  { x: 56.0252, y: 71.7366 },
  { x: 41.5493, y: 92.3655 },
  { x: 70.7299, y: 92.2041 },
]

/** What ArcFace, SFace, MobileFaceNet and most networks since are trained on. */
export const ARCFACE_GEOMETRY: AlignedGeometry = {
  width: ALIGNED_SIDE,
  height: ALIGNED_SIDE,
  template: ARCFACE_TEMPLATE,
}

/** The five points out of the mesh: eyes as the middle of their corners. */
export function fivePoints({ points }: Landmarks): FivePoints {
  const point = (i: number): Point => ({ x: points[3 * i]!, y: points[3 * i + 1]! })
  const between = (i: number, j: number): Point => ({
    x: (point(i).x + point(j).x) / 2,
    y: (point(i).y + point(j).y) / 2,
  })
  return [between(33, 133), between(362, 263), point(1), point(61), point(291)]
}

/** Distance between the eyes, pixels. */
export function eyeDistance([left, right]: FivePoints): number {
  return Math.hypot(right.x - left.x, right.y - left.y)
}

/**
 * The similarity (turn, scale, shift; no mirror) that maps `template` onto `points` after the least-squares fit of
 * `points` onto `template` (Umeyama 1991): what `warp` needs to draw the face in template position.
 * Points that all coincide give the map of a face of no size, which no caller may warp by.
 */
export function similarity(points: FivePoints, template: FivePoints): Affine {
  const from = centre(points)
  const to = centre(template)
  let cos = 0
  let sin = 0
  let spread = 0
  for (let i = 0; i < points.length; i++) {
    const x = points[i]!.x - from.x
    const y = points[i]!.y - from.y
    const u = template[i]!.x - to.x
    const v = template[i]!.y - to.y
    cos += x * u + y * v
    sin += x * v - y * u
    spread += x * x + y * y
  }
  const square = (cos * cos + sin * sin) / spread
  const a = cos / square
  const b = sin / square
  return [a, b, from.x - a * to.x - b * to.y, -b, a, from.y + b * to.x - a * to.y]
}

/** The same map read from right to left: it draws the mirror image. */
export function mirrored([a, b, c, d, e, f]: Affine, width: number): Affine {
  return [-a, b, a * (width - 1) + c, -d, e, d * (width - 1) + f]
}

/** The same map with the face `factor` times as large in the drawing, about a point of it. */
export function enlarged([a, b, c, d, e, f]: Affine, factor: number, { x, y }: Point): Affine {
  const scale = 1 / factor
  const rest = 1 - scale
  return [a * scale, b * scale, (a * x + b * y) * rest + c, d * scale, e * scale, (d * x + e * y) * rest + f]
}

function centre(points: FivePoints): Point {
  let x = 0
  let y = 0
  for (const point of points) {
    x += point.x / points.length
    y += point.y / points.length
  }
  return { x, y }
}
