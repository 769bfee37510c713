import { LIVENESS_CALIBRATION } from './calibration.ts'
import { type LayerReading, nothingSeen } from './layer.ts'
import type { FrameObservation } from './observation.ts'
import { type Relief, reliefOf } from './relief.ts'
import { eyeDistance, rigidMotion } from './rigid-fit.ts'
import { followingOdds, type SurroundFit, surroundFit } from './surround-fit.ts'
import { surroundMotion } from './surround-motion.ts'

export interface MotionLimits {
  /** Sine of a turn, seen as parallax, from which on it was a solid head that turned. */
  readonly solid: number
  /** Something whose affine map shows a tilt of at least this sine … */
  readonly tilted: number
  /** … and that shows less than this share of it as parallax, is flat. */
  readonly flatShare: number
  /** How far the face must have moved between two frames before the surroundings are asked, cells of the thumbnail. */
  readonly leastMove: number
  /** Share of the surroundings that moves along with a photograph. */
  readonly following: number
  /** How far the face must have moved before both explanations are fitted to the whole ring, cells of the thumbnail. */
  readonly leastMoveOfFit: number
  /** `followingOdds` from which on somebody is asked to prove themselves: hair on a plain wall follows a face too. */
  readonly followingDoubt: number
  /** A face that went at least so far, eye distances, and showed less relief than this, is asked: it may be paper. */
  readonly relief: { readonly shown: number; readonly moved: number }
}

/** Set by hand on generated clips but for the last two: docs/liveness.md. Landmarks of people who stand still show a tilt of 0.25 too. */
export const MOTION_LIMITS: MotionLimits = {
  solid: 0.2,
  tilted: 0.4,
  flatShare: 0.4,
  leastMove: 2,
  following: 0.5,
  leastMoveOfFit: 0.7,
  followingDoubt: LIVENESS_CALIBRATION.followingDoubt,
  relief: LIVENESS_CALIBRATION.relief,
}

/** Frames compared with each other: all pairs of more would only cost time. */
const MOST_FRAMES = 10

/**
 * Motion in depth. A head that turns moves its nose before its ears, a picture of a head, flat or bent or worn as a mask, doesn't;
 * around a person the room stays, around a held photograph it moves along. A film that is played shows both like a person: against that
 * this layer is blind, and whoever stands still gives it nothing.
 */
export function motionReading(
  observations: readonly FrameObservation[],
  limits: MotionLimits = MOTION_LIMITS,
): LayerReading {
  const frames = evenly(observations.filter(hasFace), MOST_FRAMES)
  if (frames.length < 2) return nothingSeen('motion', frames.length === 0 ? 'no-face' : 'single-frame')
  const turn = turnOf(frames)
  const following = followingOf(frames, limits.leastMove)
  const odds = followingOdds(fitsOf(frames, limits.leastMoveOfFit))
  const relief = reliefOf(observations)
  const detail = {
    frames: frames.length,
    ...(turn === null ? {} : turn),
    ...(following === null ? {} : { following }),
    ...(odds === null ? {} : { followingOdds: odds }),
    ...(relief === null ? {} : { relief: relief.shown, moved: relief.moved }),
  }
  const flat = turn !== null && turn.tilt >= limits.tilted && turn.parallax < limits.flatShare * turn.tilt
  if (flat) return { layer: 'motion', verdict: 'attack', score: 0.05, detail: { ...detail, why: 'flat' } }
  if (following !== null && following >= limits.following) {
    return {
      layer: 'motion',
      verdict: 'attack',
      score: 0.1,
      detail: { ...detail, why: 'surroundings-follow' },
    }
  }
  if (odds !== null && odds >= limits.followingDoubt) {
    const why = 'surroundings-may-follow'
    return { layer: 'motion', verdict: 'unsure', score: 0.3, detail: { ...detail, why } }
  }
  if (isFlatFace(relief, limits)) {
    return { layer: 'motion', verdict: 'unsure', score: 0.3, detail: { ...detail, why: 'no-relief' } }
  }
  if (turn !== null && turn.parallax >= limits.solid) {
    return { layer: 'motion', verdict: 'bonaFide', score: 0.9, detail }
  }
  return { layer: 'motion', verdict: 'unsure', score: null, detail: { ...detail, why: 'hardly-moved' } }
}

function isFlatFace(relief: Relief | null, { relief: { shown, moved } }: MotionLimits): boolean {
  return relief !== null && relief.moved >= moved && relief.shown < shown
}

type FrameWithFace = FrameObservation & { readonly mesh: Float32Array }

function hasFace(observation: FrameObservation): observation is FrameWithFace {
  return observation.mesh !== null
}

function evenly<Item>(items: readonly Item[], most: number): Item[] {
  if (items.length <= most) return [...items]
  return Array.from({ length: most }, (_, i) => items[Math.round((i * (items.length - 1)) / (most - 1))]!)
}

interface Turn {
  /** Largest parallax between two frames, the sine of a solid head's turn. */
  readonly parallax: number
  /** Largest tilt between two frames by the squeeze of their affine map, its sine. */
  readonly tilt: number
}

function turnOf(frames: readonly FrameWithFace[]): Turn | null {
  let parallax = 0
  let squeeze = 1
  let pairs = 0
  for (const before of frames) {
    for (const after of frames) {
      const motion = before === after ? null : rigidMotion(before.mesh, after.mesh)
      if (motion === null) continue
      parallax = Math.max(parallax, motion.parallax)
      squeeze = Math.min(squeeze, motion.squeeze)
      pairs++
    }
  }
  return pairs === 0 ? null : { parallax, tilt: Math.sqrt(1 - squeeze ** 2) }
}

/** Of the two frames between which the face moved farthest and the surroundings say something. */
function followingOf(frames: readonly FrameWithFace[], leastMove: number): number | null {
  let best: { following: number; cells: number } | null = null
  for (const [i, before] of frames.entries()) {
    for (const after of frames.slice(i + 1)) {
      const seen = eyeDistance(before.mesh) > 1 ? surroundMotion(before, after, leastMove) : null
      if (seen !== null && (best === null || seen.cells > best.cells)) best = seen
    }
  }
  return best === null ? null : best.following
}

function fitsOf(frames: readonly FrameWithFace[], leastMove: number): SurroundFit[] {
  return frames.flatMap((before, i) =>
    frames
      .slice(i + 1)
      .map((after) => (eyeDistance(before.mesh) > 1 ? surroundFit(before, after, leastMove) : null))
      .filter((fit) => fit !== null),
  )
}
