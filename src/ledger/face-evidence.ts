import { z } from 'zod'
import { label, score, sha256 } from './event-fields.ts'

/* What a record holds of the pictures that a face decision rests on: hashes and figures, never a picture. */

export const portraitSource = z.enum(['chip', 'official', 'enrolled', 'none'])
/** Where the reference portrait of a comparison came from. */
export type PortraitSource = z.infer<typeof portraitSource>

/** Pixels, degrees and grey levels of a compared face, to two decimals. */
const frameQuality = z.strictObject({
  eyeDistance: z.number(),
  yaw: z.number(),
  pitch: z.number(),
  roll: z.number(),
  sharpness: z.number(),
  brightness: z.number(),
  covering: z.number().optional(),
})

const livenessVerdict = z.enum(['bonaFide', 'attack', 'unsure'])

/** What is needed to repeat a face decision from consented frames. */
export const faceEvidence = z.strictObject({
  engine: label,
  model: z.strictObject({ name: label, sha256 }),
  accept: score,
  reject: score,
  portrait: sha256,
  score: score.nullable(),
  /** Every frame of the look that showed a face, in order: the decision rests on these and on no other. */
  frames: z
    .array(
      z.strictObject({
        sha256,
        score: score.nullable(),
        issue: label.nullable(),
        /** The face was found by the frame before, so that its score needs that one too. */
        tracked: z.literal(true).optional(),
        quality: frameQuality.optional(),
      }),
    )
    .max(256),
  /** How the frames became a verdict; ledgers from before this was recorded don't say. */
  decision: z
    .strictObject({
      verdict: z.enum(['verified', 'doubtful', 'refused', 'nobody', 'cancelled']),
      /** See `DecisionPolicy` of the face engine. */
      impostorTail: z.number(),
      visitSpread: z.number(),
      /** Frames without a face, which say nothing and are not listed. */
      noFace: z.int().min(0),
      software: label,
    })
    .optional(),
  /** No liveness layer decides yet when null. */
  liveness: z
    .strictObject({
      verdict: livenessVerdict,
      /** Null when no layer could judge. */
      score: z.number().nullable(),
      /** What each layer said by itself, and the figures that it rests on. */
      layers: z
        .array(
          z.strictObject({
            layer: label,
            verdict: livenessVerdict,
            score: z.number().nullable(),
            detail: z.record(label, z.union([z.number(), z.string().max(200)])),
          }),
        )
        .max(16)
        .optional(),
      /** What the person was asked to do, in order, and what came of it. */
      prompts: z
        .array(
          z.strictObject({
            kind: label,
            state: label,
            /** How far the asked movement went; 1 is enough. */
            moved: z.number(),
            ms: z.int().min(0),
          }),
        )
        .max(16)
        .optional(),
      /** sha256 of the frames that were looked at after the comparison, for prompts and light. */
      frames: z.array(sha256).max(1024).optional(),
    })
    .nullable(),
})
export type FaceEvidence = z.infer<typeof faceEvidence>
