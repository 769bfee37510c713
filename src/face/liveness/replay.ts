import { type LayerReading, nothingSeen } from './layer.ts'
import type { FrameObservation } from './observation.ts'
import { type SeenFrames, thumbnailDifference } from './seen-frames.ts'

export interface ReplayLimits {
  /** A picture that stands this long without any change came from no sensor, milliseconds. */
  readonly frozenMs: number
  /** Between two frames of a loop that are alike the picture must have moved, grey levels. */
  readonly movedLevels: number
  /** Equal pairs that make a loop: one may be chance in a scene that hardly moves. */
  readonly pairsOfLoop: number
  /** Standard deviation of the finest detail below which no camera made the picture, grey levels. */
  readonly leastNoise: number
}

export const REPLAY_LIMITS: ReplayLimits = { frozenMs: 700, movedLevels: 6, pairsOfLoop: 3, leastNoise: 0.05 }

/**
 * Finds frames that were shown before: the same bytes or the same moment as in an earlier visit (mirrored too), a picture that stands
 * still, a film that begins again, a picture without any noise. It says nothing about a film that is shown for the
 * first time: that is the other layers' work.
 */
export function replayReading(
  observations: readonly FrameObservation[],
  seen: SeenFrames,
  limits: ReplayLimits = REPLAY_LIMITS,
): LayerReading {
  if (observations.length === 0) return nothingSeen('replay', 'no-frames')
  const moments = observations.map((observation) => seen.sameMoment(observation))
  const found = {
    exact: observations.filter(({ sha256 }) => seen.hasBytes(sha256)).length,
    moment: moments.filter((moment) => moment !== null).length,
    mirrored: moments.filter((moment) => moment?.isMirrored).length,
    frozenMs: longestStandstill(observations),
    loopPairs: countLoopPairs(observations, limits.movedLevels),
    noise: medianNoise(observations),
  }
  const reasons = [
    found.exact > 0 && 'seen-before',
    found.moment > 0 && 'same-moment',
    found.frozenMs >= limits.frozenMs && 'frozen',
    found.loopPairs >= limits.pairsOfLoop && 'loop',
    found.noise < limits.leastNoise && 'no-noise',
  ].filter((reason) => reason !== false)
  const [why] = reasons
  return {
    layer: 'replay',
    verdict: why === undefined ? 'bonaFide' : 'attack',
    score: why === undefined ? 1 : 0,
    detail: { ...found, ...(why === undefined ? {} : { why }) },
  }
}

/** Milliseconds of the longest run in which no cell of the picture changes: a sensor's noise alone moves some. */
function longestStandstill(observations: readonly FrameObservation[]): number {
  let longest = 0
  let since = observations[0]!
  for (const [i, observation] of observations.entries()) {
    if (i > 0 && !unchanged(observations[i - 1]!, observation)) since = observation
    longest = Math.max(longest, observation.at - since.at)
  }
  return longest
}

function unchanged(a: FrameObservation, b: FrameObservation): boolean {
  return a.sha256 === b.sha256 || a.thumbnail.every((level, cell) => level === b.thumbnail[cell])
}

/** Pairs of frames that show one moment although the picture moved between them. */
function countLoopPairs(observations: readonly FrameObservation[], movedLevels: number): number {
  let pairs = 0
  for (let later = 2; later < observations.length; later++) {
    for (let earlier = 0; earlier < later - 1; earlier++) {
      const first = observations[earlier]!
      const second = observations[later]!
      if (!unchanged(first, second)) continue
      const between = observations.slice(earlier + 1, later)
      const moved = between.some(
        ({ thumbnail }) => thumbnailDifference(first.thumbnail, thumbnail) >= movedLevels,
      )
      if (moved) pairs++
    }
  }
  return pairs
}

function medianNoise(observations: readonly FrameObservation[]): number {
  const noises = observations.map(({ noise }) => noise).sort((a, b) => a - b)
  return noises[Math.floor(noises.length / 2)]!
}
