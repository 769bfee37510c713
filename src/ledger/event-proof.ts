import { deflateSync, inflateSync } from 'fflate'
import { z } from 'zod'
import { Fault } from '../common/fault.ts'
import { failed, ok, type Result } from '../common/result.ts'
import { concatBytes } from './bytes.ts'
import { packHex, unpackHex } from './hex-packing.ts'
import type { Hash } from './merkle-hash.ts'

/*
 * Event proofs, `shidao-proof/v1`: some events of a ledger with one Merkle proof for all of them and the signed
 * checkpoint that it leads to. Of every other event it shows at most a salted hash. Forty events with all that their face
 * decisions rest on are mostly hashes, and so these stand as bytes: text of the file is only what isn't one.
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

const proofHead = z.strictObject({
  about: proofSubject,
  checkpoint: z.string().max(100_000),
  /** How many of the values at the end are nodes; the others are hex of the text. */
  nodes: z
    .int()
    .min(0)
    .max(MAX_EVENT_PROOF_BYTES / 32),
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

/** Same proof, same bytes. Throws `LEDGER_RANGE` for a body that no event has: with a raw control character in it. */
export function formatEventProof({ about, checkpoint, bodies, nodes }: EventProof): Uint8Array {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  const head: z.infer<typeof proofHead> = { about, checkpoint, nodes: nodes.length }
  const lines = [JSON.stringify(head), ...bodies.map((body) => decoder.decode(body))]
  if (lines.some((line) => line.includes('\n'))) throw new Fault('LEDGER_RANGE', 'an event has no line feed')
  const { text, values } = packHex(lines.map((line) => `${line}\n`).join(''))
  const packed = deflateSync(new TextEncoder().encode(text), { level: 9 })
  const length = new Uint8Array(4)
  new DataView(length.buffer).setUint32(0, packed.length)
  return concatBytes(MAGIC, length, packed, values, ...nodes)
}

/** Whether bytes from outside are meant to be an event proof: its first line. */
export function looksLikeEventProof(bytes: Uint8Array): boolean {
  return MAGIC.every((byte, i) => bytes[i] === byte)
}

/** Reads a proof from a stranger; nothing of it is believed yet. Total. Fault `PROOF_FORMAT`, `PROOF_TOO_LARGE`. */
export function parseEventProof(bytes: Uint8Array): Result<EventProof> {
  if (bytes.length > MAX_EVENT_PROOF_BYTES)
    return failed(new Fault('PROOF_TOO_LARGE', 'the proof is over 1 MiB'))
  const start = MAGIC.length + 4
  if (!looksLikeEventProof(bytes) || bytes.length < start) return malformed()
  const end = start + new DataView(bytes.buffer, bytes.byteOffset).getUint32(MAGIC.length)
  const packed = end > bytes.length ? null : inflate(bytes.subarray(start, end))
  if (packed === null) return malformed()
  const unpacked = unpackHex({ text: packed, values: bytes.subarray(end) }, MAX_INFLATED_BYTES)
  if (!unpacked.ok) return unpacked
  const { text, used } = unpacked.value
  const [first = '', ...events] = text.split('\n')
  const head = proofHead.safeParse(jsonOrNull(first))
  const nodes = bytes.subarray(end + used)
  const whole = events.pop() === '' && events.length > 0 && events.length <= MOST_EVENTS
  if (!whole || !head.success || nodes.length !== 32 * head.data.nodes) return malformed()
  const encoder = new TextEncoder()
  return ok({
    about: head.data.about,
    checkpoint: head.data.checkpoint,
    bodies: events.map((event) => encoder.encode(event)),
    nodes: Array.from({ length: head.data.nodes }, (_, i) => nodes.slice(32 * i, 32 * i + 32)),
  })
}

const MAGIC = new TextEncoder().encode(`${EVENT_PROOF_FORMAT}\n`)
const MOST_EVENTS = 20_000

/** UTF-8 text out of raw deflate (RFC 1951) that unpacks to 16 MiB at most; null for anything else. */
function inflate(bytes: Uint8Array): string | null {
  try {
    // A buffer of a fixed size: what would not fit is cut off there, and never allocated.
    const room = Math.min(MAX_INFLATED_BYTES, bytes.length * MOST_INFLATION) + 1
    const plain = inflateSync(bytes, { out: new Uint8Array(room) })
    if (plain.length >= room) return null
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(plain)
  } catch {
    return null
  }
}

/** Deflate gives at most 258 bytes for two bits. */
const MOST_INFLATION = 1032

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function malformed() {
  return failed(new Fault('PROOF_FORMAT', `this is not a ${EVENT_PROOF_FORMAT}, or a damaged one`))
}
