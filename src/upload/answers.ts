import { z } from 'zod'
import { failed, ok, type Result } from '../common/result.ts'
import { retryAfter } from './backoff.ts'
import type { Answer } from './connection.ts'
import { UploadFault, type UploadFaultCode } from './upload-fault.ts'

/*
 * What a collector may say. Nothing in an answer is believed before its shape is checked, and the one thing that
 * counts, the cosignature, is verified against the pinned key.
 */

const size = z.int().min(0)
const root = z.string().regex(/^[0-9a-f]{64}$/)

/** To an enrolment request. */
export const enrolmentAnswer = z.looseObject({
  origin: z.string(),
  state: z.enum(['pending', 'confirmed']),
  fingerprint: z.string(),
  size,
  root,
})
/** To a batch that is durable now. */
export const cosignedAnswer = z.looseObject({ size, root, note: z.string().max(4000) })
export type CosignedAnswer = z.infer<typeof cosignedAnswer>

const refusal = z.looseObject({ code: z.string().regex(/^COLLECTOR_[A-Z_]{1,40}$/) })
const standing = z.looseObject({ size, root })

/** The collector's copy of the tree stands elsewhere: go on from there, if its root is ours at that size. */
export interface Elsewhere {
  readonly size: number
  /** Hex. */
  readonly root: string
}

/** Reads an answer of status 200 or 202. Total: every other status and every other content is a fault. */
export function readAnswer<T extends z.ZodType>(
  answer: Answer,
  shape: T,
  now: number,
): Result<z.infer<T>, UploadFault> {
  if (answer.status !== 200 && answer.status !== 202) return failed(faultOf(answer, now))
  const parsed = shape.safeParse(jsonOf(answer.body))
  return parsed.success
    ? ok(parsed.data)
    : failed(new UploadFault('UPLOAD_ANSWER', 'what answered is not a collector'))
}

/** Where the collector stands, from an answer of status 409; null for any other answer. */
export function readElsewhere(answer: Answer): Elsewhere | null {
  if (answer.status !== 409) return null
  const parsed = standing.safeParse(jsonOf(answer.body))
  return parsed.success ? { size: parsed.data.size, root: parsed.data.root } : null
}

const codes: Partial<Record<string, readonly [UploadFaultCode, string]>> = {
  COLLECTOR_UNKNOWN_STATION: ['UPLOAD_NOT_ENROLLED', 'the collector does not know this station: enrol it'],
  COLLECTOR_UNCONFIRMED: ['UPLOAD_UNCONFIRMED', 'nobody has confirmed this station at the collector yet'],
  COLLECTOR_FORK: ['UPLOAD_FORK', 'the collector holds another history of this station and kept both'],
  COLLECTOR_ROLLBACK: [
    'UPLOAD_ROLLBACK',
    'the collector holds more than this station: its ledger is an old copy',
  ],
}

function faultOf(answer: Answer, now: number): UploadFault {
  const { status } = answer
  const retryAfterMs = retryAfter(answer.headers['retry-after'], now)
  if (status === 429 || status === 503) {
    return new UploadFault('UPLOAD_BUSY', `the collector asks for patience (HTTP ${status})`, {
      retryAfterMs,
    })
  }
  if (status >= 500)
    return new UploadFault('UPLOAD_SERVER', `the collector failed (HTTP ${status})`, { retryAfterMs })
  const refused = refusal.safeParse(jsonOf(answer.body))
  if (status < 400 || !refused.success) {
    return new UploadFault('UPLOAD_ANSWER', `what answered is not a collector (HTTP ${status})`)
  }
  const { code } = refused.data
  const [known, message] = codes[code] ?? [
    'UPLOAD_REFUSED',
    `the collector refused: ${code} (HTTP ${status})`,
  ]
  return new UploadFault(known, message, { retryAfterMs })
}

function jsonOf(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))
  } catch {
    return undefined
  }
}
