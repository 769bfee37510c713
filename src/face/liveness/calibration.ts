import { Fault } from '../../common/fault.ts'
import type { ModelIdentity } from '../recogniser.ts'
import calibration from './calibration.json' with { type: 'json' }
import type { FusionWeights } from './fuse.ts'
import type { TextureLimits } from './texture.ts'

/** Two thresholds of a score: at or above `bonaFide` a person, below `attack` an attack, between them unsure. */
export interface LivenessThresholds {
  readonly bonaFide: number
  readonly attack: number
}

/** What verdicts by some weights do to the generated clips that were chosen on. */
export interface FusionOutcome {
  readonly attacks: number
  readonly passing: number
  readonly honest: number
  readonly calledAttack: number
}

/** Chosen by `build/liveness/measure.ts --choose` on half of the pictures and of the generated people: docs/liveness.md. */
export const LIVENESS_CALIBRATION: {
  readonly model: ModelIdentity
  readonly passive: LivenessThresholds
  readonly fused: LivenessThresholds
  readonly texture: TextureLimits
  /** From which `followingOdds` on the surroundings may be a photograph's. */
  readonly followingDoubt: number
  /** A face that moved so far, eye distances, shows at least so much relief when it is no paper's. */
  readonly relief: { readonly shown: number; readonly moved: number }
  readonly weights: FusionWeights
  /** Of the regression that the weights come from or lost to: docs/liveness.md. */
  readonly fit: {
    readonly clips: number
    readonly pictures: number
    readonly weights: FusionWeights
    readonly loss: { readonly fitted: number; readonly judged: number }
    readonly outcome: { readonly fitted: FusionOutcome; readonly judged: FusionOutcome }
  }
  readonly chosenOn: string
} = calibration

/** Throws `FACE_NOT_CALIBRATED`: nobody knows what the scores of these weights mean. */
export function assertLivenessCalibrated({ name, sha256 }: ModelIdentity): void {
  if (sha256 === LIVENESS_CALIBRATION.model.sha256) return
  throw new Fault(
    'FACE_NOT_CALIBRATED',
    `the liveness thresholds were not chosen for these weights of ${name}`,
  )
}

export function verdictAt(score: number, { bonaFide, attack }: LivenessThresholds) {
  if (score >= bonaFide) return 'bonaFide'
  return score < attack ? 'attack' : 'unsure'
}
