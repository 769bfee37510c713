import { eyeDistance, type FivePoints } from './align.ts'
import type { Detection } from './detect.ts'
import type { Landmarks } from './landmarks.ts'
import type { FaceFound } from './recogniser.ts'

/** Where a face is to be looked for with landmarks alone: what the detector says of it, without its score. */
export type FaceRegion = Pick<Detection, 'box' | 'eyes'>

/**
 * A face followed from frame to frame of one look, so that the detector can rest. It holds places only, never a score
 * or an embedding: each frame is compared anew. Made from the frames since the last detection and nothing else, so the
 * same frames give the same tracks, to the bit.
 */
export interface Track {
  /** Frames since the detector saw the face: 0 for the frame that it was found in. */
  readonly age: number
  readonly region: FaceRegion
  readonly points: FivePoints
  /** As the detector found it, see `LocatedFace`. */
  readonly otherFaceWidth: number
}

/** What one frame of a look gave, and what the next one is to be given. */
export interface TrackedFrame {
  /** As of `Recogniser.analyse`. */
  readonly faces: readonly FaceFound[]
  readonly track: Track | null
}

export interface TrackingPolicy {
  /** Every so many frames the detector looks again: somebody else may have come, or come instead. */
  readonly detectEvery: number
  /** What the landmark network must say (0 … 1) for the face still to be there. It says 1.00 on nearly every face. */
  readonly minimumPresence: number
  /** Farthest that the middle of the face goes from one frame to the next, in distances between its eyes. */
  readonly farthestMove: number
  /** Largest change of the distance between the eyes from one frame to the next, as a factor. */
  readonly largestGrowth: number
  /** Largest turn of the line between the eyes from one frame to the next, degrees. */
  readonly largestTurn: number
}

/** At 15 frames/s a quick step aside is 0.3 eye distances; another person's face is hardly ever that near. */
export const TRACKING: TrackingPolicy = {
  detectEvery: 4,
  minimumPresence: 0.9,
  farthestMove: 0.5,
  largestGrowth: 1.2,
  largestTurn: 15,
}

/** Whether the next frame may go by this track, or must be searched. */
export function mayFollow(track: Track | null, policy: TrackingPolicy = TRACKING): track is Track {
  return track !== null && track.age + 1 < policy.detectEvery
}

/** Whether landmarks found in a track's region are the same face a moment later. */
export function isPlausible(
  track: Track,
  { presence }: Landmarks,
  points: FivePoints,
  policy: TrackingPolicy = TRACKING,
): boolean {
  const before = eyeDistance(track.points)
  const growth = eyeDistance(points) / before
  const from = middle(track.points)
  const to = middle(points)
  const turn = Math.abs(eyeAngle(points) - eyeAngle(track.points)) * (180 / Math.PI)
  // Written so that NaN is not plausible.
  return (
    presence >= policy.minimumPresence &&
    Math.hypot(to.x - from.x, to.y - from.y) <= policy.farthestMove * before &&
    growth <= policy.largestGrowth &&
    growth >= 1 / policy.largestGrowth &&
    Math.min(turn, 360 - turn) <= policy.largestTurn
  )
}

/** The track that a detection begins. */
export function beginTrack(landmarks: Landmarks, points: FivePoints, otherFaceWidth: number): Track {
  return { age: 0, region: regionOf(landmarks, points), points, otherFaceWidth }
}

/** The track after one more frame on it. */
export function continueTrack(track: Track, landmarks: Landmarks, points: FivePoints): Track {
  const { age, otherFaceWidth } = track
  return { age: age + 1, region: regionOf(landmarks, points), points, otherFaceWidth }
}

/**
 * The detector's box beside that around the mesh, upright, as shares of the longer side of the latter: medians over
 * 302 press photographs. So the landmark network sees a followed face as it sees a found one.
 */
const DETECTOR_SIDE = 0.914
const DETECTOR_LOWER = 0.035

/** Where the detector would see the face that these landmarks are of. */
export function regionOf({ points: mesh }: Landmarks, points: FivePoints): FaceRegion {
  const angle = eyeAngle(points)
  const cos = Math.cos(angle)
  const sin = Math.sin(angle)
  let left = Number.POSITIVE_INFINITY
  let top = Number.POSITIVE_INFINITY
  let right = Number.NEGATIVE_INFINITY
  let bottom = Number.NEGATIVE_INFINITY
  for (let i = 0; i < mesh.length; i += 3) {
    const across = cos * mesh[i]! + sin * mesh[i + 1]!
    const down = cos * mesh[i + 1]! - sin * mesh[i]!
    left = Math.min(left, across)
    right = Math.max(right, across)
    top = Math.min(top, down)
    bottom = Math.max(bottom, down)
  }
  const longer = Math.max(right - left, bottom - top)
  const side = DETECTOR_SIDE * longer
  const across = (left + right) / 2
  const down = (top + bottom) / 2 + DETECTOR_LOWER * longer
  const box = {
    x: cos * across - sin * down - side / 2,
    y: sin * across + cos * down - side / 2,
    width: side,
    height: side,
  }
  return { box, eyes: [points[0], points[1]] }
}

function eyeAngle([left, right]: FivePoints): number {
  return Math.atan2(right.y - left.y, right.x - left.x)
}

function middle(points: FivePoints): { readonly x: number; readonly y: number } {
  let x = 0
  let y = 0
  for (const point of points) {
    x += point.x / points.length
    y += point.y / points.length
  }
  return { x, y }
}
