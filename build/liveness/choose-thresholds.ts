import { brightnessBand } from '../../src/face/liveness/bands.ts'
import type {
  FusionOutcome,
  LIVENESS_CALIBRATION,
  LivenessThresholds,
} from '../../src/face/liveness/calibration.ts'
import { type FusionWeights, fuseLiveness } from '../../src/face/liveness/fuse.ts'
import type { LivenessVerdict } from '../../src/face/liveness/layer.ts'
import { MOTION_LIMITS, motionReading } from '../../src/face/liveness/motion.ts'
import { passiveReading } from '../../src/face/liveness/passive-reading.ts'
import { reliefOf } from '../../src/face/liveness/relief.ts'
import { type PatternLimits, textureReading } from '../../src/face/liveness/texture.ts'
import type { ObservedClip } from './collect.ts'
import type { DevelopmentFile } from './development-set.ts'
import { fitWeights, JUDGED_WEIGHTS, type WeighedClip } from './fit-weights.ts'
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
/** Of paper, by whose clips the relief's limit is chosen: one that gleams or glows changes by itself. */
export const MATT_PAPER: readonly string[] = ['paper-mask', 'print-halftone', 'print-bent', 'print-waved']
/** Eye distances: half again what the only real person who was filmed moved while standing still. */
const MOVED = 0.05
/** Bands must explain so many times more than in any honest clip, and be so deep. */
const BAND_MARGIN = 2
const BAND_AMPLITUDE = 0.003
/** Press photographs, each of somebody else, are left out of the fit a fifth at a time. */
const PRESS_GROUPS = 5

/**
 * Thresholds by pictures and clips of one half alone. Those of the passive layer, of patterns and of all together by honest
 * pictures, as strict as people of the worse of two sources (camera files, press photographs) allow, so that no attack that was
 * chosen on flatters them. Generated clips have a say on what no picture shows: motion, bands, and the weights of the layers.
 */
export function chooseThresholds(
  real: readonly DevelopmentFile[],
  clips: readonly ObservedClip[],
): Omit<typeof LIVENESS_CALIBRATION, 'model'> {
  const honest = clips.filter(({ instrument }) => instrument === 'honest')
  const half = real.filter((file) => file.half === 'chosen-on')
  const live = half.filter(({ kind }) => kind === 'live').map(({ judged }) => judged)
  const press = half.filter(({ kind }) => kind === 'press').map(({ judged }) => judged)
  const passiveOf = (judged: DevelopmentFile['judged']) =>
    judged.layers.find(({ layer }) => layer === 'passive')?.score ?? null
  const texture = {
    luma: patternLimits([live, press], 'luma', 0),
    colour: patternLimits([live, press], 'colour', COLOUR_MARGIN),
    bands: { share: bandShare(honest), amplitude: BAND_AMPLITUDE },
  }
  const motion = {
    followingDoubt: followingDoubt(honest),
    relief: { shown: reliefShown(clips), moved: MOVED },
  }
  const generated = clips.map(
    ({ person, instrument, observations }): WeighedClip => ({
      source: 'generated',
      person,
      isBonaFide: instrument.startsWith('honest'),
      layers: [
        passiveReading(observations),
        motionReading(observations, { ...MOTION_LIMITS, ...motion }),
        textureReading(observations, texture),
      ],
    }),
  )
  const pictures = half.map(
    ({ kind, judged }, i): WeighedClip => ({
      source: 'real',
      person: kind === 'press' ? `press ${i % PRESS_GROUPS}` : kind,
      isBonaFide: kind === 'live' || kind === 'press',
      layers: judged.layers,
    }),
  )
  const fit = fitWeights([...generated, ...pictures])
  const fusedBy = (weights: FusionWeights) => {
    const scores = (files: typeof live) =>
      files.map(({ layers }) => fuseLiveness(layers, undefined, weights).score)
    const fused = thresholdsFor([scores(live), scores(press)])
    return { weights, fused, outcome: outcomeOf(generated, fused, weights) }
  }
  const judged = fusedBy(JUDGED_WEIGHTS)
  const fitted = fusedBy(fit.weights)
  const { weights, fused } = isBetter(fitted.outcome, judged.outcome) ? fitted : judged
  return {
    passive: thresholdsFor([live.map(passiveOf), press.map(passiveOf)]),
    fused,
    texture,
    ...motion,
    weights,
    fit: {
      clips: generated.length,
      pictures: pictures.length,
      weights: fit.weights,
      loss: fit.loss,
      outcome: { fitted: fitted.outcome, judged: judged.outcome },
    },
    chosenOn: `half of the honest files: ${live.length} of a camera, ${press.length} press photographs; at most ${100 * CALLED_ATTACK} % of each called an attack and ${100 * ASKED} % asked for more (of patterns ${100 * PATTERN.calledAttack} and ${100 * PATTERN.asked} %); the room's motion and bands: ${honest.length} honest generated clips of the same half of the people; relief and weights: those and ${clips.length - honest.length} others`,
  }
}

/** Fewer attacks pass and no more people are called one: what a regression thinks likely is not what its verdicts do. */
function isBetter(a: FusionOutcome, b: FusionOutcome): boolean {
  return a.passing < b.passing && a.calledAttack <= b.calledAttack
}

function outcomeOf(
  clips: readonly WeighedClip[],
  thresholds: LivenessThresholds,
  weights: FusionWeights,
): FusionOutcome {
  const verdicts = clips.map(({ isBonaFide, layers }) => ({
    isBonaFide,
    verdict: fuseLiveness(layers, thresholds, weights).verdict,
  }))
  const count = (isBonaFide: boolean, verdict: LivenessVerdict) =>
    verdicts.filter((clip) => clip.isBonaFide === isBonaFide && clip.verdict === verdict).length
  return {
    attacks: clips.filter(({ isBonaFide }) => !isBonaFide).length,
    passing: count(false, 'bonaFide'),
    honest: clips.filter(({ isBonaFide }) => isBonaFide).length,
    calledAttack: count(true, 'attack'),
  }
}

/** Halfway (as a factor) between what nearly all matt paper stays below and nearly all honest clips reach. */
function reliefShown(clips: readonly ObservedClip[]): number {
  const shownBy = (wanted: (instrument: string) => boolean) =>
    clips
      .filter(({ instrument }) => wanted(instrument))
      .map(({ observations }) => reliefOf(observations)?.shown)
      .filter((shown) => shown !== undefined)
  const paper = quantile(
    shownBy((instrument) => MATT_PAPER.includes(instrument)),
    0.95,
  )
  const people = quantile(
    shownBy((instrument) => instrument === 'honest'),
    0.05,
  )
  return Math.round(100 * Math.sqrt(paper * people)) / 100
}

function bandShare(honest: readonly ObservedClip[]): number {
  const shares = honest.map(({ observations }) => brightnessBand(observations)?.share ?? 0)
  return Math.ceil(20 * BAND_MARGIN * Math.max(...shares)) / 20
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
