import type { LIVENESS_CALIBRATION, LivenessThresholds } from '../../src/face/liveness/calibration.ts'
import { motionReading } from '../../src/face/liveness/motion.ts'
import type { PatternLimits } from '../../src/face/liveness/texture.ts'
import type { ObservedClip } from './collect.ts'
import type { DevelopmentFile } from './development-set.ts'
import { quantile } from './statistics.ts'

/** At most this share of honest people, of the source where most are, is called an attack … */
export const CALLED_ATTACK = 0.03
/** … and at most this share asked to prove themselves. */
export const ASKED = 0.1
/** The same for patterns, which fewer honest pictures have. */
export const PATTERN = { calledAttack: 0.01, asked: 0.03 } as const
/** Added to the limits of colour, decibels: JPEG keeps colour coarsely, and at quality 50 its own blocks are a pattern of 25. */
const COLOUR_MARGIN = 6
/** Generated rooms stand stiller than real ones: so much is added to the most that an honest clip of them shows. */
export const ROOM_MARGIN = 1

/**
 * Thresholds by honest pictures of one half alone, so that no attack that was chosen on flatters them: as strict as honest people
 * of the worse of two sources (camera files, press photographs) allow. Generated clips have no say but on the room's motion, which
 * no picture shows: all come from a handful of photographs, and the network likes or dislikes a photograph as a whole.
 */
export function chooseThresholds(
  real: readonly DevelopmentFile[],
  honest: readonly ObservedClip[],
): Omit<typeof LIVENESS_CALIBRATION, 'model'> {
  const half = real.filter((file) => file.half === 'chosen-on')
  const live = half.filter(({ kind }) => kind === 'live').map(({ judged }) => judged)
  const press = half.filter(({ kind }) => kind === 'press').map(({ judged }) => judged)
  const passiveOf = (judged: DevelopmentFile['judged']) =>
    judged.layers.find(({ layer }) => layer === 'passive')?.score ?? null
  return {
    passive: thresholdsFor([live.map(passiveOf), press.map(passiveOf)]),
    fused: thresholdsFor([live.map(({ score }) => score), press.map(({ score }) => score)]),
    texture: {
      luma: patternLimits([live, press], 'luma', 0),
      colour: patternLimits([live, press], 'colour', COLOUR_MARGIN),
    },
    followingDoubt: followingDoubt(honest),
    chosenOn: `half of the honest files: ${live.length} of a camera, ${press.length} press photographs; at most ${100 * CALLED_ATTACK} % of each called an attack and ${100 * ASKED} % asked for more (of patterns ${100 * PATTERN.calledAttack} and ${100 * PATTERN.asked} %); the room's motion: ${honest.length} honest generated clips of the same half of the people`,
  }
}

/** Decibels that at most those shares of each source reach, up to the next half. */
function patternLimits(
  sources: readonly (readonly DevelopmentFile['judged'][])[],
  pattern: 'luma' | 'colour',
  margin: number,
): PatternLimits {
  const strengths = sources.map((files) =>
    files
      .map(({ layers }) => layers.find(({ layer }) => layer === 'texture')?.detail[pattern])
      .filter((strength) => typeof strength === 'number'),
  )
  const reachedBy = (share: number) =>
    Math.ceil(2 * Math.max(...strengths.map((values) => quantile(values, 1 - share)))) / 2 + margin
  return { doubt: reachedBy(PATTERN.asked), attack: reachedBy(PATTERN.calledAttack) }
}

function followingDoubt(honest: readonly ObservedClip[]): number {
  const odds = honest
    .map(({ observations }) => motionReading(observations).detail.followingOdds)
    .filter((value) => typeof value === 'number')
  return Math.round(10 * (Math.max(...odds) + ROOM_MARGIN)) / 10
}

function thresholdsFor(sources: readonly (readonly (number | null)[])[]): LivenessThresholds {
  const known = sources
    .map((scores) => scores.filter((score) => score !== null))
    .filter(({ length }) => length > 0)
  const lowest = (share: number) => Math.min(...known.map((scores) => quantile(scores, share)))
  return { bonaFide: roundedDown(lowest(ASKED)), attack: roundedDown(lowest(CALLED_ATTACK)) }
}

function roundedDown(score: number): number {
  return Math.floor(100 * score) / 100
}
