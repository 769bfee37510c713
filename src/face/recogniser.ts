import type { Result } from '../common/result.ts'
import type { Landmarks } from './landmarks.ts'
import type { Track, TrackedFrame } from './track.ts'

/** Interleaved 8-bit RGB, row by row, `width * height * 3` bytes. */
export interface RgbImage {
  readonly width: number
  readonly height: number
  readonly data: Uint8Array
}

/** Pixels of the image that was given, from its upper left corner. */
export interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** −1 … 1: a cosine, or what `similarityAt` makes of an engine's own metric. */
export type CosineSimilarity = number

/** Name and sha256 (hex) of the weights that produced a score: stored with every template and every decision. */
export interface ModelIdentity {
  readonly name: string
  readonly sha256: string
}

/** What may be done with weights, and where they come from. */
export interface WeightsLicence {
  readonly name: string
  /** A package, an address or a contract. */
  readonly source: string
  /** What is known of how and on which pictures they were trained. */
  readonly provenance: string
}

/**
 * Embedding, in the scale that its model is compared in (length 1 for cosines), with the model that made it; templates of
 * different models are never compared.
 */
export interface Template {
  readonly model: ModelIdentity
  readonly embedding: Float32Array
}

export type QualityIssue =
  | 'no-face'
  | 'several-faces'
  | 'too-small'
  | 'at-edge'
  | 'turned'
  | 'covered'
  | 'blurred'
  | 'too-dark'
  | 'too-bright'

/** What one frame shows. `issue` is the first gate that failed, null when the face can be compared. */
export interface FaceQuality {
  readonly issue: QualityIssue | null
  /** Distance between the eyes in pixels. */
  readonly eyeDistance: number
  /** Degrees; positive yaw turns to the image's right. */
  readonly yaw: number
  readonly pitch: number
  readonly roll: number
  /** Variance of the Laplacian over the aligned face. */
  readonly sharpness: number
  /** Mean luma of the aligned face, 0 … 255. */
  readonly brightness: number
  /** Log-odds that something is over the face, 0 at the gate; absent where the engine can't tell. */
  readonly covering?: number
}

export interface FaceFound {
  readonly box: Box
  readonly quality: FaceQuality
  readonly template: Template
  /** Found by `track` in the region of the frame before; the detector was not asked. */
  readonly tracked: boolean
  /** The mesh that the face was found by, image pixels; absent where the engine knows fewer points. */
  readonly landmarks?: Landmarks
}

export interface Recogniser {
  readonly engine: string
  readonly model: ModelIdentity
  readonly thresholds: Thresholds
  /**
   * Faces of an image, the one to compare first; empty when there is none.
   * `purpose` "portrait" skips the gates that only make sense in front of a camera.
   */
  analyse(image: RgbImage, purpose: 'frame' | 'portrait'): Promise<readonly FaceFound[]>
  /**
   * The same for the next frame of a look: `previous` is what the frame before gave, null for the first. Absent where
   * every frame is searched. Of equal frames from the last detection on it makes equal answers, to the bit.
   */
  track?(image: RgbImage, previous: Track | null): Promise<TrackedFrame>
  /** A more careful template of a face that was found in this frame; absent where there is none better. */
  refine?(image: RgbImage, face: FaceFound): Promise<Template>
  /** −1 … 1 */
  compare(a: Template, b: Template): Result<CosineSimilarity>
  close(): Promise<void>
}

/** Calibrated, with the false match rate that each stands for and the data it was measured on. */
export interface Thresholds {
  /** At or above: the same person. */
  readonly accept: number
  /** Below: another person. Between the two: doubtful. */
  readonly reject: number
  /** False match rate at `accept` on the calibration population. */
  readonly fmr: number
  readonly population: string
  /** Absent where nobody measured it for this engine. */
  readonly policy?: DecisionPolicy
}

/** What an engine's calibration says of scores over several frames (`decide`). */
export interface DecisionPolicy {
  /** The false match rate falls by the factor e for each 1/impostorTail of score above `accept`. */
  readonly impostorTail: number
  /** Standard deviation of one person's scores within a visit, or an upper bound of it. */
  readonly visitSpread: number
}
