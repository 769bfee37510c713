import { Fault } from '../common/fault.ts'
import calibration from './calibration.json' with { type: 'json' }
import type { Interval } from './rates.ts'
import type { ModelIdentity, Thresholds } from './recogniser.ts'

/** A share of pairs, 0 … 1, with its 95 % interval over people. */
export interface MeasuredShare {
  readonly rate: number
  readonly interval95: Interval
}

/** One threshold on one list: genuine pairs at or above it, impostor pairs at or above it. */
export interface MeasuredAt {
  readonly threshold: number
  readonly tar: MeasuredShare
  readonly fmr: MeasuredShare
}

/** One list of pictures in one portrait condition, one frame a pair. */
export interface MeasuredCondition {
  readonly list: 'population' | 'mixed'
  readonly portrait: 'orig' | 'id75' | 'id1k'
  readonly atAccept: MeasuredAt
  readonly atReject: MeasuredAt
  /** At the library's own threshold or, where it names none, at the one that mixed pictures give. */
  readonly atDefault: MeasuredAt
}

/** What was measured of one engine when its thresholds were chosen (`build/models/calibrate.ts`). */
export interface EngineCalibration {
  readonly engine: string
  readonly model: ModelIdentity
  readonly accept: number
  readonly reject: number
  readonly population: string
  readonly measured: readonly MeasuredCondition[]
}

const engines: Readonly<Record<string, unknown>> = calibration.engines

/**
 * Null for weights that nobody measured, and for measured ones under another name: a model folder may read the same
 * bytes in another way, and its identity's name says so.
 */
export function calibrationOf({ name, sha256 }: ModelIdentity): EngineCalibration | null {
  const entry = engines[sha256] as EngineCalibration | undefined
  return entry?.model.name === name ? entry : null
}

/** Thresholds mean nothing for other weights than those they were measured with: then `FACE_NOT_CALIBRATED`. */
export function calibratedThresholds(model: ModelIdentity): Thresholds {
  const entry = calibrationOf(model)
  if (entry === null) {
    throw new Fault('FACE_NOT_CALIBRATED', `no thresholds for these weights of ${model.name}`)
  }
  const { accept, reject, population } = entry
  return { accept, reject, fmr: calibration.fmr, population }
}
