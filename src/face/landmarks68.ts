import type { FivePoints } from './align.ts'
import type { Point } from './detect.ts'
import type { Box } from './recogniser.ts'

/** The 68 points of iBUG 300-W (Sagonas et al., 2013), in their order, image pixels. */
export type Landmarks68 = readonly Point[]

/** Side of the picture that dlib's face descriptor takes. */
export const DLIB_SIDE = 150

/**
 * Where the outer and inner corner of the eye on the image's left, the inner and outer one of the other, and the base
 * of the nose lie in that picture (dlib, `get_face_chip_details` for five points, padding 0.25).
 */
export const DLIB_TEMPLATE: FivePoints = [
  dlibPoint(0.1205750620789, 0.2137274526848),
  dlibPoint(0.3340850613712, 0.2290642403242),
  dlibPoint(0.6460604764104, 0.2289674387677),
  dlibPoint(0.8595674595992, 0.2134981538014),
  dlibPoint(0.4901123135679, 0.6277975316475),
]

/** The points of `DLIB_TEMPLATE` out of the 68. */
export function dlibPoints(points: Landmarks68): FivePoints {
  return [points[36]!, points[39]!, points[42]!, points[45]!, points[33]!]
}

/** The five points of ArcFace's alignment out of the 68: eyes as the middle of their rims. */
export function arcfacePoints(points: Landmarks68): FivePoints {
  return [centre(points.slice(36, 42)), centre(points.slice(42, 48)), points[30]!, points[48]!, points[54]!]
}

/** Upright box around all points, drawn up to the hairline: the 68 points end at the eyebrows. */
export function boxOf68(points: Landmarks68): Box {
  const xs = points.map(({ x }) => x)
  const ys = points.map(({ y }) => y)
  const x = Math.min(...xs)
  const bottom = Math.max(...ys)
  const browsToChin = bottom - Math.min(...ys)
  const height = browsToChin * BROWS_TO_HAIRLINE
  return { x, y: bottom - height, width: Math.max(...xs) - x, height }
}

/** The face mesh's boxes are this much taller on the same pictures. */
const BROWS_TO_HAIRLINE = 1.17

/**
 * Where the head is turned, degrees, signs as in `FaceQuality`. Out of what a flat picture still shows of depth: the
 * tip of the nose stands before the plane of eyes and mouth, so that a turn moves it off their middle line (yaw) and
 * up or down between them (pitch). The constants were fitted to the face mesh's depth on 201 LFW pictures: 90 % of them
 * differ from it by less than 4° in yaw and 8° in pitch.
 */
export function headTurn68(points: Landmarks68): { yaw: number; pitch: number; roll: number } {
  const [left, right, nose, mouthLeft, mouthRight] = arcfacePoints(points)
  const eyes = centre([left, right])
  const mouth = centre([mouthLeft, mouthRight])
  const roll = Math.atan2(right.y - left.y, right.x - left.x)
  const eyeDistance = Math.hypot(right.x - left.x, right.y - left.y)
  const upright = ({ x, y }: Point): Point => ({
    x: ((x - eyes.x) * Math.cos(roll) + (y - eyes.y) * Math.sin(roll)) / eyeDistance,
    y: ((y - eyes.y) * Math.cos(roll) - (x - eyes.x) * Math.sin(roll)) / eyeDistance,
  })
  const tip = upright(nose)
  const chin = upright(mouth)
  const down = tip.y / chin.y
  const aside = tip.x - chin.x * down
  return {
    yaw: degrees(Math.atan(YAW_BY_OFFSET * aside)),
    pitch: degrees(Math.atan(PITCH_BY_DESCENT * (down - LEVEL_DESCENT))),
    roll: degrees(roll),
  }
}

const YAW_BY_OFFSET = 1.64
const PITCH_BY_DESCENT = 1.52
/** Where between eyes (0) and mouth (1) the tip of the nose is on a level head. */
const LEVEL_DESCENT = 0.5

function dlibPoint(x: number, y: number): Point {
  const padding = 0.25
  const placed = (share: number) => ((share + padding) / (1 + 2 * padding)) * DLIB_SIDE
  return { x: placed(x), y: placed(y) }
}

function centre(points: readonly Point[]): Point {
  const sum = points.reduce((a, b) => ({ x: a.x + b.x, y: a.y + b.y }))
  return { x: sum.x / points.length, y: sum.y / points.length }
}

function degrees(radians: number): number {
  return (radians * 180) / Math.PI
}
