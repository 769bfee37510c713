import { unwrap } from '../common/result.ts'
import { decodeImage } from './image.ts'
import { matchFace } from './match.ts'
import { firstIssue, GATES, shareOutside } from './quality.ts'
import type { Box, FaceFound, FaceQuality, Recogniser, RgbImage } from './recogniser.ts'

/** The face of one of two pictures; `quality.issue` is judged as for a portrait. */
export interface PictureFace {
  /** Pixels of the upright picture. */
  readonly box: Box
  readonly quality: FaceQuality
}

export interface PictureComparison {
  /** −1 … 1; null unless both pictures have a face that can be compared. */
  readonly score: number | null
  readonly verdict: 'match' | 'nonmatch' | 'no-face' | 'low-quality'
  /** Of the first and the second picture; null where there is no face. */
  readonly faces: readonly [PictureFace | null, PictureFace | null]
}

/**
 * Compares a picture with a portrait, both encoded. One frame, one score: no fusion and no liveness.
 * No better frame will come, so only what is hopeless counts as low quality.
 * Throws `FACE_IMAGE_INVALID` or `FACE_IMAGE_TOO_LARGE`.
 */
export async function comparePictures(
  recogniser: Recogniser,
  picture: Uint8Array,
  portrait: Uint8Array,
): Promise<PictureComparison> {
  // Analysed as a frame first, because that is what the thresholds were measured with.
  const a = await findFace(recogniser, picture, ['frame', 'portrait'])
  const b = await findFace(recogniser, portrait, ['portrait'])
  const faces = [a?.face ?? null, b?.face ?? null] as const
  if (a === null || b === null) return { score: null, verdict: 'no-face', faces }
  if (a.face.quality.issue !== null || b.face.quality.issue !== null) {
    return { score: null, verdict: 'low-quality', faces }
  }
  const score = unwrap(await matchFace(recogniser, a.image, a.found, b.found.template))
  return { score, verdict: score >= recogniser.thresholds.accept ? 'match' : 'nonmatch', faces }
}

async function findFace(
  recogniser: Recogniser,
  encoded: Uint8Array,
  purposes: readonly ('frame' | 'portrait')[],
): Promise<{ face: PictureFace; image: RgbImage; found: FaceFound } | null> {
  const { image, scale } = unwrap(await decodeImage(encoded))
  for (const purpose of purposes) {
    const [found] = await recogniser.analyse(image, purpose)
    if (found === undefined) continue
    const { box, quality } = found
    const surroundings = { outside: shareOutside(box, image), otherFaceWidth: 0 }
    const issue = firstIssue(quality, surroundings, GATES.portrait)
    const inPicture = {
      x: box.x / scale,
      y: box.y / scale,
      width: box.width / scale,
      height: box.height / scale,
    }
    return { face: { box: inPicture, quality: { ...quality, issue } }, image, found }
  }
  return null
}
