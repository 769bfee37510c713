import { ALIGNED_SIDE, eyeDistance, type FivePoints } from './align.ts'
import { measureCovering } from './covering.ts'
import { ALIGNED_FORMAT } from './embed.ts'
import type { Landmarks } from './landmarks.ts'
import type { Box, FaceQuality, QualityIssue, RgbImage } from './recogniser.ts'

export type Measures = Omit<FaceQuality, 'issue'>

/** What a picture must have for its face to be compared. A gate that is null isn't asked for. */
export interface Gates {
  /** Eye distance, pixels. */
  readonly minimumEyeDistance: number
  /** Degrees either way. */
  readonly maximumYaw: number
  readonly maximumPitch: number
  readonly maximumRoll: number
  /** Mean luma of the aligned face, 0 … 255. */
  readonly minimumBrightness: number
  readonly maximumBrightness: number
  /** Variance of the Laplacian over the aligned face. */
  readonly minimumSharpness: number
  /** Log-odds that something is over the face, of `measureCovering`. */
  readonly maximumCovering: number | null
  /** Share of the face's box that may lie outside the picture. */
  readonly maximumOutside: number
  /** Another face at least this wide, as a share of the first one's width, is one too many; null: any number may be there. */
  readonly otherFaceWidth: number | null
}

/** Camera: strict, because the next frame comes in a moment. Portrait: it's the only one, so only the hopeless is refused. */
export const GATES: Readonly<Record<'frame' | 'portrait', Gates>> = {
  frame: {
    minimumEyeDistance: 32,
    maximumYaw: 30,
    maximumPitch: 30,
    maximumRoll: 35,
    minimumBrightness: 40,
    maximumBrightness: 225,
    minimumSharpness: 30,
    maximumCovering: 0,
    maximumOutside: 0.05,
    otherFaceWidth: 0.6,
  },
  portrait: {
    minimumEyeDistance: 12,
    maximumYaw: 70,
    maximumPitch: 70,
    maximumRoll: 180,
    minimumBrightness: 12,
    maximumBrightness: 250,
    minimumSharpness: 3,
    maximumCovering: null,
    maximumOutside: 0.4,
    otherFaceWidth: null,
  },
}

/** `planes` is the aligned face in `ALIGNED_FORMAT`. */
export function measureFace(points: FivePoints, landmarks: Landmarks, planes: Float32Array): Measures {
  const [left, right] = points
  return {
    eyeDistance: eyeDistance(points),
    ...headTurn(landmarks),
    roll: degrees(Math.atan2(right.y - left.y, right.x - left.x)),
    ...measureAligned(planes),
    covering: measureCovering(planes, landmarks.presence),
  }
}

/** What the aligned face shows by itself, whoever aligned it. `planes` in `ALIGNED_FORMAT`. */
export function measureAligned(planes: Float32Array): Pick<Measures, 'sharpness' | 'brightness'> {
  const luma = lumaOf(planes)
  return {
    sharpness: laplacianVariance(luma),
    brightness: luma.reduce((sum, value) => sum + value, 0) / luma.length,
  }
}

/** The first gate that the face fails, in the order in which a person can mend it; null when it can be compared. */
export function firstIssue(
  measures: Measures,
  surroundings: { readonly outside: number; readonly otherFaceWidth: number },
  gates: Gates,
): QualityIssue | null {
  if (gates.otherFaceWidth !== null && surroundings.otherFaceWidth >= gates.otherFaceWidth) {
    return 'several-faces'
  }
  if (measures.eyeDistance < gates.minimumEyeDistance) return 'too-small'
  if (surroundings.outside > gates.maximumOutside) return 'at-edge'
  if (
    Math.abs(measures.yaw) > gates.maximumYaw ||
    Math.abs(measures.pitch) > gates.maximumPitch ||
    Math.abs(measures.roll) > gates.maximumRoll
  ) {
    return 'turned'
  }
  if (measures.brightness < gates.minimumBrightness) return 'too-dark'
  if (measures.brightness > gates.maximumBrightness) return 'too-bright'
  if (measures.sharpness < gates.minimumSharpness) return 'blurred'
  // Last, because the dark and the blurred look covered too.
  const { covering } = measures
  if (gates.maximumCovering !== null && covering !== undefined && covering > gates.maximumCovering) {
    return 'covered'
  }
  return null
}

/** Share of a box that lies outside the picture, 0 … 1. */
export function shareOutside(box: Box, image: RgbImage): number {
  const width = Math.min(box.x + box.width, image.width) - Math.max(box.x, 0)
  const height = Math.min(box.y + box.height, image.height) - Math.max(box.y, 0)
  return 1 - (Math.max(0, width) * Math.max(0, height)) / (box.width * box.height)
}

/** Upright box around all points of the mesh. */
export function faceBox({ points }: Landmarks): Box {
  let left = Number.POSITIVE_INFINITY
  let top = Number.POSITIVE_INFINITY
  let right = Number.NEGATIVE_INFINITY
  let bottom = Number.NEGATIVE_INFINITY
  for (let i = 0; i < points.length; i += 3) {
    left = Math.min(left, points[i]!)
    right = Math.max(right, points[i]!)
    top = Math.min(top, points[i + 1]!)
    bottom = Math.max(bottom, points[i + 1]!)
  }
  return { x: left, y: top, width: right - left, height: bottom - top }
}

// Points of the mesh: cheeks at the ears on the image's left and right, top of the forehead, chin.
const LEFT_CHEEK = 234
const RIGHT_CHEEK = 454
const FOREHEAD = 10
const CHIN = 152

/** Out of the mesh's depth: yaw by the line from ear to ear, pitch (positive looks down) by that from forehead to chin. */
function headTurn({ points }: Landmarks): { yaw: number; pitch: number } {
  const across = difference(points, LEFT_CHEEK, RIGHT_CHEEK)
  const down = difference(points, FOREHEAD, CHIN)
  return {
    yaw: degrees(Math.atan2(across.depth, Math.hypot(across.x, across.y))),
    pitch: degrees(Math.atan2(down.depth, Math.hypot(down.x, down.y))),
  }
}

function difference(points: Float32Array, from: number, to: number): { x: number; y: number; depth: number } {
  return {
    x: points[3 * to]! - points[3 * from]!,
    y: points[3 * to + 1]! - points[3 * from + 1]!,
    depth: points[3 * to + 2]! - points[3 * from + 2]!,
  }
}

/** ITU-R BT.601 luma, 0 … 255. */
function lumaOf(planes: Float32Array): Float32Array {
  const count = ALIGNED_SIDE * ALIGNED_SIDE
  const luma = new Float32Array(count)
  const { scale, offset } = ALIGNED_FORMAT
  for (let i = 0; i < count; i++) {
    const value = 0.114 * planes[i]! + 0.587 * planes[count + i]! + 0.299 * planes[2 * count + i]!
    luma[i] = (value - offset) / scale
  }
  return luma
}

/** Pech-Pacheco et al. 2000: an out-of-focus face has few edges. */
function laplacianVariance(luma: Float32Array): number {
  const side = ALIGNED_SIDE
  let sum = 0
  let squares = 0
  let count = 0
  for (let y = 1; y < side - 1; y++) {
    for (let x = 1; x < side - 1; x++) {
      const i = y * side + x
      const value = luma[i - 1]! + luma[i + 1]! + luma[i - side]! + luma[i + side]! - 4 * luma[i]!
      sum += value
      squares += value * value
      count++
    }
  }
  return squares / count - (sum / count) ** 2
}

function degrees(radians: number): number {
  return (radians * 180) / Math.PI
}
