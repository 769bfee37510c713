import { decisionPolicy } from '../face/decide.ts'
import type { EngineInfo } from '../face/engine.ts'
import type { FaceQuality } from '../face/recogniser.ts'
import type { FaceEvidence } from '../ledger/event.ts'
import { SOFTWARE } from './data-folder.ts'
import type { FusedLiveness } from './liveness-guard.ts'
import type { Look, LookedFrame } from './look.ts'
import type { ProofOfLife } from './proof-of-life.ts'
import type { Reference } from './reference-portrait.ts'

/** A look at which the engine worked. */
export type JudgedLook = Look & { readonly verdict: Exclude<Look['verdict'], 'unavailable'> }

/** What the ledger says of a look: everything that the decision rests on but the pictures themselves. */
export function faceEvidenceOf(
  look: JudgedLook,
  reference: Reference,
  info: EngineInfo,
  proof: ProofOfLife | null,
): FaceEvidence {
  const liveness = proof?.liveness ?? look.liveness
  return {
    engine: info.engine,
    model: info.model,
    accept: info.thresholds.accept,
    reject: info.thresholds.reject,
    portrait: reference.hash,
    score: look.score,
    frames: look.frames.map(recordedFrame),
    decision: {
      verdict: look.verdict,
      ...decisionPolicy(info.thresholds),
      noFace: look.noFace,
      software: SOFTWARE,
    },
    liveness: liveness && livenessEvidence(liveness, proof),
  }
}

function livenessEvidence(
  { verdict, score, layers }: FusedLiveness,
  proof: ProofOfLife | null,
): NonNullable<FaceEvidence['liveness']> {
  const asked = proof && {
    prompts: [...proof.prompts],
    frames: proof.observations.map(({ sha256 }) => sha256),
  }
  return {
    verdict,
    score: score === null ? null : rounded(score),
    layers: layers.map(({ layer, verdict, score, detail }) => ({
      layer,
      verdict,
      score: score === null ? null : rounded(score),
      detail: Object.fromEntries(
        Object.entries(detail).map(([name, value]) => [
          name,
          typeof value === 'number' ? rounded(value) : value,
        ]),
      ),
    })),
    ...asked,
  }
}

/** Four decimals: nothing is decided from the record's figures again. */
function rounded(value: number): number {
  return Math.round(value * 1e4) / 1e4
}

function recordedFrame({
  sha256,
  score,
  issue,
  tracked,
  quality,
}: LookedFrame): FaceEvidence['frames'][number] {
  return {
    sha256,
    score,
    issue,
    ...(tracked ? { tracked } : {}),
    ...(quality === null || score === null ? {} : { quality: roundedQuality(quality) }),
  }
}

function roundedQuality(quality: FaceQuality) {
  const { eyeDistance, yaw, pitch, roll, sharpness, brightness, covering } = quality
  const round = (value: number): number => Math.round(value * 100) / 100
  return {
    eyeDistance: round(eyeDistance),
    yaw: round(yaw),
    pitch: round(pitch),
    roll: round(roll),
    sharpness: round(sharpness),
    brightness: round(brightness),
    ...(covering === undefined ? {} : { covering: round(covering) }),
  }
}
