import type { FaultCode } from '../common/fault.ts'
import type { FrameObservation } from './liveness/observation.ts'
import type {
  Box,
  FaceQuality,
  ModelIdentity,
  QualityIssue,
  Template,
  Thresholds,
  WeightsLicence,
} from './recogniser.ts'

/* What the station's process and the engine's process say to each other (structured clone, one request at a time). */

/** An engine as it reports itself after its self-test. */
export interface EngineInfo {
  readonly engine: string
  /** Every network that has a part in a decision. */
  readonly models: readonly ModelIdentity[]
  /** The one whose embeddings are compared. */
  readonly model: ModelIdentity
  readonly thresholds: Thresholds
  /** The network that tells living faces from pictures of them. */
  readonly liveness: ModelIdentity
  readonly selfTestMs: number
  /** Of the weights whose embeddings are compared. */
  readonly licence: WeightsLicence
}

/** The face of an encoded picture, ready to be compared. */
export interface TemplateFound {
  readonly template: Template
  readonly quality: FaceQuality
  /** Pixels of the upright picture. */
  readonly box: Box
  /** Of the encoded bytes, hex. */
  readonly sha256: string
}

/** What one camera frame showed beside a reference. */
export interface FrameComparison {
  /** −1 … 1, or null when `issue` says why there is none. */
  readonly score: number | null
  readonly issue: QualityIssue | null
  /** Of the encoded frame, hex. */
  readonly sha256: string
  /** Pixels of the upright frame; null when there is no face. */
  readonly box: Box | null
  readonly quality: FaceQuality | null
  /** The face was found by the frame before: only with that one can the score be repeated. */
  readonly tracked: boolean
  /** Decoding, analysis and comparison, ms. */
  readonly ms: number
}

export type EngineRequest =
  | { readonly type: 'template'; readonly image: Uint8Array; readonly purpose: 'portrait' | 'frame' }
  | {
      readonly type: 'compare'
      readonly frame: Uint8Array
      readonly reference: Template
      /** Search the whole frame, whatever the one before showed. */
      readonly fresh: boolean
    }
  | {
      readonly type: 'observe'
      /** When the frame that was compared last had reached the station, `FrameObservation.at`. */
      readonly at: number
      /** Ask the passive network too. */
      readonly passive: boolean
    }

export type EngineAnswer = TemplateFound | FrameComparison | FrameObservation

/** Faults cross the border as code and sentence. */
export type EngineReply =
  | { readonly type: 'ready'; readonly info: EngineInfo }
  | { readonly type: 'answer'; readonly id: number; readonly value: EngineAnswer }
  | { readonly type: 'fault'; readonly id: number | null; readonly code: FaultCode; readonly message: string }
