import file from './duplicate-threshold.json' with { type: 'json' }
import type { Interval } from './rates.ts'
import type { ModelIdentity } from './recogniser.ts'

/** From which score on two identities are taken for one face (`build/models/duplicate-threshold.ts`). */
export interface DuplicateThreshold {
  readonly model: ModelIdentity
  readonly threshold: number
  /** False matches a pair of different people that it aims at. */
  readonly targetFmr: number
  /** The target lies beyond what the population's pairs can show: the threshold comes from a fitted tail. */
  readonly extrapolated: boolean
  readonly population: string
  readonly measured: readonly MeasuredPairs[]
  /** Share of same-person pairs at or above the threshold, with its 95 % interval over people. */
  readonly genuine: { readonly pairs: number; readonly share: number; readonly interval95: Interval }
}

/** What one list of pictures says. */
export interface MeasuredPairs {
  readonly list: 'population' | 'mixed'
  readonly people: number
  readonly pairs: number
  /** Highest score of two different people. */
  readonly highest: number
  /** The lowest rate that ten pairs decide; below it everything is extrapolation. */
  readonly endOfData: number
  /** At the threshold; the interval takes pairs as independent, which flatters it. */
  readonly atThreshold: { readonly pairs: number; readonly rate: number; readonly interval95: Interval }
  /** Score at a false match rate, with its 95 % interval over people. */
  readonly levels: readonly {
    readonly fmr: number
    readonly score: number
    readonly interval95: Interval
    readonly from: 'data' | 'fit'
  }[]
  /** The score at the target by fits to other shares of the pairs, nothing else changed. */
  readonly fits: readonly { readonly share: number; readonly shape: number; readonly score: number }[]
}

type Entry = Omit<DuplicateThreshold, 'targetFmr'>

const models: Readonly<Record<string, unknown>> = file.models

/**
 * Null for a model that it was not measured with: then nothing is compared. Weights alone don't make the model: a folder may
 * read the same bytes in another way, and its identity's name says so (`calibrationOf`).
 */
export function duplicateThresholdOf({ name, sha256 }: ModelIdentity): DuplicateThreshold | null {
  const entry = models[sha256] as Entry | undefined
  return entry?.model.name === name ? { ...entry, targetFmr: file.targetFmr } : null
}
