import type { Result } from '../common/result.ts'
import type { CosineSimilarity, FaceFound, Recogniser, RgbImage, Template } from './recogniser.ts'

/**
 * Scores this near `accept` are looked at twice. Measured: wider gains nothing, and inside it lie about one in ten
 * genuine frames and one impostor in a thousand.
 */
const NEAR = 0.06

/**
 * How alike a face of a frame and a reference are. Where the plain score lies near the engine's `accept`, the face's
 * careful template speaks instead: the same for every caller, so that thresholds mean what they were measured with.
 * `FACE_MODEL_MISMATCH` when the reference comes from another model.
 */
export async function matchFace(
  recogniser: Recogniser,
  image: RgbImage,
  face: FaceFound,
  reference: Template,
): Promise<Result<CosineSimilarity>> {
  const plain = recogniser.compare(face.template, reference)
  if (!plain.ok || recogniser.refine === undefined || !isNear(plain.value, recogniser.thresholds.accept)) {
    return plain
  }
  return recogniser.compare(await recogniser.refine(image, face), reference)
}

/** Whether a plain score asks for the careful template. */
export function isNear(score: CosineSimilarity, accept: CosineSimilarity): boolean {
  return Math.abs(score - accept) <= NEAR
}
