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

/**
 * What a layer adds to the log-odds when it is quite sure (score 0 or 1). Passed proofs settle what is left unsure and
 * can't turn a clear attack; they are a judgement, for want of data: nobody was prompted when thresholds were chosen.
 */
const WEIGHT: Readonly<Record<Exclude<LayerName, 'passive'>, number>> = {
  motion: 2,
  texture: 2,
  prompt: 3,
  light: 3,
  replay: 0,
  camera: 0,
}

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
): FusedLiveness {
  const passive = layers.find(({ layer }) => layer === 'passive')?.score ?? null
  const score = passive === null ? null : fusedScore(passive, layers)
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

function fusedScore(passive: number, layers: readonly LayerReading[]): number {
  let sum = logOdds(passive)
  for (const { layer, score } of layers) {
    if (layer !== 'passive' && score !== null) sum += WEIGHT[layer] * (2 * score - 1)
  }
  return probabilityOf(sum)
}
