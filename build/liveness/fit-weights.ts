import { type FusionWeights, fuseLiveness } from '../../src/face/liveness/fuse.ts'
import type { LayerReading } from '../../src/face/liveness/layer.ts'
import { gramOf, solveLinear } from '../../src/face/liveness/linear-system.ts'
import { logOdds } from '../../src/face/liveness/log-odds.ts'

/** One clip or picture to fit by: what its layers said, of whom it is, and what it is. */
export interface WeighedClip {
  readonly source: 'real' | 'generated'
  /** Who is left out together. */
  readonly person: string
  readonly isBonaFide: boolean
  readonly layers: readonly LayerReading[]
}

/** What somebody would say without data, and where the fit stays when data says little. */
export const JUDGED_WEIGHTS: FusionWeights = { bias: 0, passive: 1, motion: 2, texture: 2 }
const NAMES = ['bias', 'passive', 'motion', 'texture'] as const
/** Strength by which the fit is held to the judged weights: clips of one person are nearly one clip. */
const RIDGES = [0.3, 1, 3, 10, 30] as const
const MOST_STEPS = 50

export interface FittedWeights {
  readonly weights: FusionWeights
  /** Mean natural logarithm of what was thought impossible about clips of people who weren't fitted on: smaller is better. */
  readonly loss: { readonly fitted: number; readonly judged: number }
}

/**
 * Logistic regression with a ridge towards the judged weights (maximum a posteriori), attacks and people, real and generated
 * ones weighing the same: generated clips alone say nothing of the passive network, which knows their few photographs. The strength is chosen by leaving out one person after the other; so are the two losses.
 */
export function fitWeights(clips: readonly WeighedClip[]): FittedWeights {
  const losses = RIDGES.map((ridge) => ({ ridge, loss: lossWithout(clips, (rest) => fitted(rest, ridge)) }))
  const best = losses.reduce((a, b) => (b.loss < a.loss ? b : a))
  return {
    weights: fitted(clips, best.ridge),
    loss: { fitted: best.loss, judged: lossWithout(clips, () => JUDGED_WEIGHTS) },
  }
}

/** Each clip judged by weights that its own person had no part in. */
function lossWithout(
  clips: readonly WeighedClip[],
  weightsOf: (rest: readonly WeighedClip[]) => FusionWeights,
): number {
  const balance = balanceOf(clips)
  let sum = 0
  for (const left of new Set(clips.map(({ person }) => person))) {
    const weights = weightsOf(clips.filter(({ person }) => person !== left))
    for (const clip of clips.filter(({ person }) => person === left)) {
      const score = fuseLiveness(clip.layers, undefined, weights).score ?? 0.5
      sum -= balance(clip) * Math.log(Math.max(1e-6, clip.isBonaFide ? score : 1 - score))
    }
  }
  return sum
}

/** Each kind of each source weighs the same, however many there are; all together one. */
function balanceOf(clips: readonly WeighedClip[]): (clip: WeighedClip) => number {
  const kindOf = ({ source, isBonaFide }: WeighedClip) => `${source} ${isBonaFide}`
  const counts = new Map<string, number>()
  for (const clip of clips) counts.set(kindOf(clip), (counts.get(kindOf(clip)) ?? 0) + 1)
  return (clip) => 1 / counts.size / (counts.get(kindOf(clip)) ?? 1)
}

/** Newton's method; `ridge` counts as so many clips. */
function fitted(clips: readonly WeighedClip[], ridge: number): FusionWeights {
  const prior = NAMES.map((name) => JUDGED_WEIGHTS[name])
  const balance = balanceOf(clips)
  const rows = clips.map((clip) => ({ features: featuresOf(clip), clip }))
  const values = [...prior]
  for (let step = 0; step < MOST_STEPS; step++) {
    const slope = values.map((value, i) => (ridge * (prior[i]! - value)) / clips.length)
    const scaled: Float64Array[] = []
    for (const { features, clip } of rows) {
      const sum = features.reduce((total, feature, i) => total + feature * values[i]!, 0)
      const probability = 1 / (1 + Math.exp(-sum))
      const weight = balance(clip)
      for (const [i, feature] of features.entries()) {
        slope[i]! += weight * feature * (Number(clip.isBonaFide) - probability)
      }
      const root = Math.sqrt(weight * Math.max(1e-6, probability * (1 - probability)))
      scaled.push(Float64Array.from(features, (feature) => root * feature))
    }
    const system = gramOf(scaled).map((row, i) => {
      row[i]! += ridge / clips.length
      return Float64Array.of(...row, slope[i]!)
    })
    const change = solveLinear(system)
    if (change === null) break
    for (const [i, [by]] of change.entries()) values[i]! += by!
    if (change.every(([by]) => Math.abs(by!) < 1e-9)) break
  }
  const rounded = values.map((value) => Math.round(100 * value) / 100)
  return { bias: rounded[0]!, passive: rounded[1]!, motion: rounded[2]!, texture: rounded[3]! }
}

function featuresOf({ layers }: WeighedClip): readonly number[] {
  const scoreOf = (name: string) => layers.find(({ layer }) => layer === name)?.score ?? null
  const passive = scoreOf('passive')
  const certainty = (name: string) => {
    const score = scoreOf(name)
    return score === null ? 0 : 2 * score - 1
  }
  return [1, passive === null ? 0 : logOdds(passive), certainty('motion'), certainty('texture')]
}
