import type { Result } from '../common/result.ts'

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

/** −1 … 1, of L2-normalised embeddings. */
export type CosineSimilarity = number

/** Name and sha256 (hex) of the weights that produced a score: stored with every template and every decision. */
export interface ModelIdentity {
  readonly name: string
  readonly sha256: string
}

/** L2-normalised embedding with the model that made it; templates of different models are never compared. */
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
}

export interface FaceFound {
  readonly box: Box
  readonly quality: FaceQuality
  readonly template: Template
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
}
