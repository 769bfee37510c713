import { LIVENESS_CALIBRATION, type LivenessThresholds, verdictAt } from './calibration.ts'
import type { LayerName, LayerReading, LivenessVerdict } from './layer.ts'
import { logOdds, probabilityOf } from './log-odds.ts'

/** What all layers say together, and each by itself. */
export interface FusedLiveness {
  readonly verdict: LivenessVerdict
  /** 0 attack … 1 bona fide; null when no layer could judge. */
  readonly score: number | null
  readonly layers: readonly LayerReading[]
}

/** How the layers that only watch go together: docs/liveness.md says how they were fitted. */
export interface FusionWeights {
  readonly bias: number
  /** Of the passive layer's log-odds. */
  readonly passive: number
  /** What these add to the log-odds when they are quite sure (score 0 or 1). */
  readonly motion: number
  readonly texture: number
}

/**
 * The same of the proofs. Passed ones settle what is left unsure and can't turn a clear attack; they are a judgement, for
 * want of data: nobody was prompted when thresholds were chosen.
 */
const OF_PROOFS = { prompt: 3, light: 3, replay: 0, camera: 0 } as const

/** Layers whose `attack` is one, whatever the others see. */
const DECISIVE: ReadonlySet<LayerName> = new Set(['replay', 'camera', 'prompt', 'light', 'motion', 'texture'])

/** Layers whose doubt (unsure, and nearer to an attack) is enough to ask, and the proofs that settle it. */
const DOUBTING: ReadonlySet<LayerName> = new Set(['motion', 'texture'])
const PROOFS: ReadonlySet<LayerName> = new Set(['prompt', 'light'])

/**
 * The verdict of a visit. An attack that replay, camera, motion, texture, a failed prompt or light found stands. Otherwise the
 * log-odds of the passive layer are moved by what the others say, and compared with two thresholds; a doubt of motion or
 * texture keeps it from `bonaFide` until a prompt or light proved the person. Without a word of the passive layer it is
 * `unsure`: no other layer alone makes a face live.
 */
export function fuseLiveness(
  layers: readonly LayerReading[],
  thresholds: LivenessThresholds = LIVENESS_CALIBRATION.fused,
  weights: FusionWeights = LIVENESS_CALIBRATION.weights,
): FusedLiveness {
  const passive = layers.find(({ layer }) => layer === 'passive')?.score ?? null
  const score = passive === null ? null : fusedScore(passive, layers, weights)
  const found = layers.filter(({ layer, verdict }) => verdict === 'attack' && DECISIVE.has(layer))
  if (found.length > 0) {
    const lowest = Math.min(score ?? 1, ...found.map((reading) => reading.score ?? 0))
    return { verdict: 'attack', score: lowest, layers }
  }
  const verdict = score === null ? 'unsure' : verdictAt(score, thresholds)
  return { verdict: verdict === 'bonaFide' && isDoubted(layers) ? 'unsure' : verdict, score, layers }
}

function isDoubted(layers: readonly LayerReading[]): boolean {
  if (layers.some(({ layer, verdict }) => PROOFS.has(layer) && verdict === 'bonaFide')) return false
  return layers.some(
    ({ layer, verdict, score }) =>
      DOUBTING.has(layer) && verdict === 'unsure' && score !== null && score < 0.5,
  )
}

function fusedScore(passive: number, layers: readonly LayerReading[], weights: FusionWeights): number {
  const each = { ...weights, ...OF_PROOFS }
  let sum = weights.bias + weights.passive * logOdds(passive)
  for (const { layer, score } of layers) {
    if (layer !== 'passive' && score !== null) sum += each[layer] * (2 * score - 1)
  }
  return probabilityOf(sum)
}
