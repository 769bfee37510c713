import { createHash, createHmac } from 'node:crypto'
import { conclude, type FrameEvidence } from './decide.ts'
import type { FaceEngine } from './engine.ts'
import type { DecisionPolicy, ModelIdentity } from './recogniser.ts'

/** What a ledger event says of a face decision, as far as it can be repeated. */
export interface RecordedDecision {
  readonly engine: string
  readonly model: ModelIdentity
  readonly accept: number
  readonly reject: number
  /** Keyed hash of the portrait, hex: `portraitDigest`. */
  readonly portrait: string
  readonly score: number | null
  readonly frames: readonly {
    readonly sha256: string
    readonly score: number | null
    readonly issue: string | null
    readonly tracked?: true | undefined
  }[]
  readonly decision?: (DecisionPolicy & { readonly verdict: string; readonly software: string }) | undefined
}

/** What the decision rested on. `salt` is null where the portrait's hash can't be checked. */
export interface RecordedPictures {
  readonly portrait: Uint8Array
  readonly salt: Uint8Array | null
  /** In any order; they are known by their sha256. */
  readonly frames: readonly Uint8Array[]
}

export interface Recomputation {
  /** Every score, every issue and the verdict came out as they were recorded, to the bit. */
  readonly same: boolean
  /** The first thing that didn't. */
  readonly difference: string | null
  readonly recorded: { readonly verdict: string | null; readonly score: number | null }
  /** Null when it did not come to a verdict. */
  readonly repeated: { readonly verdict: string; readonly score: number | null } | null
  readonly frames: readonly {
    readonly sha256: string
    readonly recorded: number | null
    readonly repeated: number | null
  }[]
  /** Largest difference of two scores of a frame; 0 when all are equal. */
  readonly largestDifference: number
  /** False without the salt of the portrait's hash. */
  readonly portraitChecked: boolean
}

/** Keyed hash of a portrait, HMAC-SHA-256, hex: the same portrait at two stations cannot be linked by it. */
export function portraitDigest(salt: Uint8Array, portrait: Uint8Array): string {
  return createHmac('sha256', salt).update(portrait).digest('hex')
}

/**
 * Repeats a recorded decision from its pictures with the thresholds and the policy of the record. Total: whatever is
 * missing or other than recorded is the answer's `difference`. Another kind of processor may round a score otherwise
 * in its last digits; then `largestDifference` says how little it is.
 */
export async function recompute(
  engine: FaceEngine,
  recorded: RecordedDecision,
  pictures: RecordedPictures,
  software: string,
): Promise<Recomputation> {
  const { decision } = recorded
  const { salt, portrait } = pictures
  const frames: { sha256: string; recorded: number | null; repeated: number | null }[] = []
  const evidence: FrameEvidence[] = []
  let difference: string | null = null
  const differs = (what: string): void => {
    difference ??= what
  }
  const answer = (repeated: Recomputation['repeated']): Recomputation => ({
    same: difference === null,
    difference,
    recorded: { verdict: decision?.verdict ?? null, score: recorded.score },
    repeated,
    frames,
    largestDifference: Math.max(
      0,
      ...frames.map(({ recorded: a, repeated: b }) => (a === null || b === null ? 0 : Math.abs(a - b))),
    ),
    portraitChecked: salt !== null,
  })

  const { info } = engine
  if (decision === undefined) differs('the record is older than the record of how frames became a verdict')
  else if (decision.software !== software)
    differs(`software: recorded ${decision.software}, here ${software}`)
  if (recorded.engine !== info.engine) differs(`engine: recorded ${recorded.engine}, here ${info.engine}`)
  if (recorded.model.sha256 !== info.model.sha256) {
    differs(`model: recorded ${recorded.model.sha256}, here ${info.model.sha256}`)
  }
  if (salt !== null && portraitDigest(salt, portrait) !== recorded.portrait) {
    differs('portrait: not the one of the record')
  }
  if (difference !== null) return answer(null)

  const reference = await engine.template(portrait, 'portrait')
  if (!reference.ok) {
    differs(`portrait: ${reference.fault.code}`)
    return answer(null)
  }
  const bySha256 = new Map(pictures.frames.map((frame) => [digest(frame), frame]))
  for (const [i, frame] of recorded.frames.entries()) {
    const name = `frame ${i + 1} of ${recorded.frames.length}`
    const jpeg = bySha256.get(frame.sha256)
    if (jpeg === undefined) {
      differs(`${name}: no picture with sha256 ${frame.sha256}`)
      return answer(null)
    }
    const fresh = frame.tracked === undefined
    const compared = await engine.compare(jpeg, reference.value.template, { fresh })
    if (!compared.ok) {
      differs(`${name}: ${compared.fault.code}`)
      return answer(null)
    }
    const { score, issue, tracked } = compared.value
    frames.push({ sha256: frame.sha256, recorded: frame.score, repeated: score })
    evidence.push({ score, issue })
    if (issue !== frame.issue)
      differs(`${name}: recorded ${frame.issue ?? 'no issue'}, here ${issue ?? 'none'}`)
    if (!Object.is(score, frame.score)) differs(`${name}: recorded score ${frame.score}, here ${score}`)
    if (tracked === fresh) differs(`${name}: ${tracked ? 'followed' : 'searched'} here, not so in the record`)
  }
  const { accept, reject } = recorded
  const { impostorTail, visitSpread, verdict } = decision!
  const thresholds = { accept, reject, policy: { impostorTail, visitSpread } }
  const whole = conclude(evidence, thresholds)
  // Who cancels a look says nothing about the person, whatever the frames show.
  const repeated = verdict === 'cancelled' ? { verdict, score: null } : whole
  if (repeated.verdict !== verdict) differs(`verdict: recorded ${verdict}, here ${repeated.verdict}`)
  if (!Object.is(repeated.score, recorded.score)) {
    differs(`score: recorded ${recorded.score}, here ${repeated.score}`)
  }
  return answer(repeated)
}

function digest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
