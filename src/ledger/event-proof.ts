import { gunzipSync, gzipSync } from 'fflate'
import { z } from 'zod'
import { Fault } from '../common/fault.ts'
import { failed, ok, type Result } from '../common/result.ts'
import { decodeBase64, encodeBase64 } from './base64.ts'
import type { Hash } from './merkle-hash.ts'

/*
 * Event proofs, `shidao-proof/v1`: some events of a ledger with one Merkle proof for all of them and the signed
 * checkpoint that it leads to, as JSON in gzip. Of every other event it shows at most a salted hash.
 */

export const EVENT_PROOF_FORMAT = 'shidao-proof/v1'
export const EVENT_PROOF_EXTENSION = '.shidao-proof'
/** Larger files are refused unread: about 2,000 events. */
export const MAX_EVENT_PROOF_BYTES = 1024 * 1024
const MAX_INFLATED_BYTES = 16 * 1024 * 1024

const personId = z.string().regex(/^[0-9a-f]{32}$/)
const count = z.int().min(0)

const proofSubject = z.discriminatedUnion('kind', [
  /** One event, whatever it is about. */
  z.strictObject({ kind: z.literal('event'), index: count }),
  /** What the ledger records about one person. */
  z.strictObject({ kind: z.literal('person'), person: personId }),
  /** Attendance of one person in the sessions that overlap from ≤ t < to; milliseconds since 1970. */
  z.strictObject({ kind: z.literal('hour'), person: personId, from: count, to: count }),
])
/** What a proof is about. */
export type ProofSubject = z.infer<typeof proofSubject>

const proofDocument = z.strictObject({
  format: z.literal(EVENT_PROOF_FORMAT),
  about: proofSubject,
  checkpoint: z.string().max(100_000),
  events: z.array(z.string().min(2)).min(1).max(20_000),
  nodes: z.array(z.string().length(44)).max(1_000_000),
})

export interface EventProof {
  readonly about: ProofSubject
  /** Signed note, with whatever cosignatures it has. */
  readonly checkpoint: string
  /** Exact bytes of the events that are shown, by rising index. */
  readonly bodies: readonly Uint8Array[]
  /** See multi-proof.ts. */
  readonly nodes: readonly Hash[]
}

/** Same proof, same bytes. */
export function formatEventProof({ about, checkpoint, bodies, nodes }: EventProof): Uint8Array {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  const document: z.infer<typeof proofDocument> = {
    format: EVENT_PROOF_FORMAT,
    about,
    checkpoint,
    events: bodies.map((body) => decoder.decode(body)),
    nodes: nodes.map(encodeBase64),
  }
  return gzipSync(new TextEncoder().encode(JSON.stringify(document)), { level: 9, mtime: 0 })
}

/** Whether bytes from outside are meant to be an event proof: gzip's first two. */
export function looksLikeEventProof(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b
}

/** Reads a proof from a stranger; nothing of it is believed yet. Total. Fault `PROOF_FORMAT`, `PROOF_TOO_LARGE`. */
export function parseEventProof(bytes: Uint8Array): Result<EventProof> {
  if (bytes.length > MAX_EVENT_PROOF_BYTES)
    return failed(new Fault('PROOF_TOO_LARGE', 'the proof is over 1 MiB'))
  const json = inflate(bytes)
  if (!json.ok) return json
  const document = proofDocument.safeParse(json.value)
  const nodes = document.success ? document.data.nodes.map(decodeBase64) : [null]
  if (!document.success || nodes.some((node) => node?.length !== 32)) {
    return failed(new Fault('PROOF_FORMAT', `this is not a ${EVENT_PROOF_FORMAT}, or a damaged one`))
  }
  const { about, checkpoint, events } = document.data
  const bodies = events.map((text) => new TextEncoder().encode(text))
  return ok({ about, checkpoint, bodies, nodes: nodes as Hash[] })
}

function inflate(bytes: Uint8Array): Result<unknown> {
  // The last four bytes announce the length: it is allocated only if it can be true.
  const announced = new DataView(bytes.buffer, bytes.byteOffset + Math.max(0, bytes.length - 4))
  const length = looksLikeEventProof(bytes) && bytes.length > 18 ? announced.getUint32(0, true) : 0
  if (length > MAX_INFLATED_BYTES)
    return failed(new Fault('PROOF_TOO_LARGE', 'the proof unpacks to over 16 MiB'))
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(gunzipSync(bytes))
    return ok(JSON.parse(text))
  } catch (cause) {
    return failed(new Fault('PROOF_FORMAT', 'this is not a proof, or a damaged one', { cause }))
  }
}
