import { z } from 'zod'
import { failed, ok, type Result } from '../common/result.ts'
import { leafHash } from '../ledger/merkle.ts'
import { Refusal } from './refusal.ts'
import type { Leaf, Station } from './store.ts'

/*
 * `POST /v1/batch`: the events that take a station's tree from `old.size` to the size in `checkpoint`.
 * The semantics are those of C2SP tlog-witness add-checkpoint, with the bodies added. `old.root` is there so that
 * a valid proof from another old root convicts: nobody can make one without the station's key.
 */

/** Most events in a batch. */
export const MAX_EVENTS = 2000
/** Largest event body, bytes: above the largest timetable or roster that the event schemas allow. */
export const MAX_EVENT_BYTES = 4 * 1024 * 1024

const hash = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .transform(bytesOfHex)
const size = z.int().min(0)

export const batchRequest = z.strictObject({
  origin: z.string().min(1).max(200),
  old: z.strictObject({ size, root: hash }),
  /** Event bodies as stored by the station, standard base64. */
  events: z
    .array(
      z
        .string()
        .max(Math.ceil(MAX_EVENT_BYTES / 3) * 4)
        .transform(bytesOfBase64),
    )
    .max(MAX_EVENTS),
  /** RFC 6962 consistency proof from `old.size` to the checkpoint's size. */
  proof: z.array(hash).max(63),
  /** C2SP checkpoint, a note signed by the station. */
  checkpoint: z.string().max(4000),
})
export type BatchRequest = z.infer<typeof batchRequest>

/**
 * What any event must say about itself, whatever its type: a newer station may send types that this collector
 * doesn't know, and they must not block the ones behind them.
 */
const envelope = z.looseObject({
  v: z.int(),
  origin: z.string(),
  index: z.int(),
  type: z.string(),
  time: z.looseObject({ trust: z.string() }),
  data: z.looseObject({ simulated: z.unknown().optional() }),
})
const keyBirth = z.looseObject({ vkey: z.string(), simulated: z.boolean() })

/**
 * Reads each body's own words about itself and hashes it. Refuses with `COLLECTOR_EVENT` an event that isn't at
 * its place in its station's log, and with `COLLECTOR_SIMULATED` what was simulated, where only real records count.
 * The message names the index, never the content.
 */
export function readLeaves(
  bodies: readonly Uint8Array[],
  from: number,
  station: Station,
  production: boolean,
): Result<readonly Leaf[], Refusal> {
  const leaves: Leaf[] = []
  for (const [offset, body] of bodies.entries()) {
    const index = from + offset
    const event = envelope.safeParse(jsonOf(body))
    if (!event.success || event.data.origin !== station.origin || event.data.index !== index) {
      return failed(
        new Refusal('COLLECTOR_EVENT', `event ${index} is not an event of this log at this place`),
      )
    }
    const { type, time, data } = event.data
    if (production && (data.simulated === true || time.trust === 'simulated')) {
      return failed(
        new Refusal('COLLECTOR_SIMULATED', `event ${index} is simulated, this collector takes real ones`),
      )
    }
    if (index === 0 && !isBirthOf(station, type, data)) {
      return failed(new Refusal('COLLECTOR_EVENT', 'event 0 is not the birth of the key that was confirmed'))
    }
    leaves.push({ body, hash: leafHash(body) })
  }
  return ok(leaves)
}

function isBirthOf(station: Station, type: string, data: unknown): boolean {
  const birth = keyBirth.safeParse(data)
  return (
    type === 'station.key' &&
    birth.success &&
    birth.data.vkey === station.vkey &&
    birth.data.simulated === station.simulated
  )
}

function jsonOf(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))
  } catch {
    return undefined
  }
}

function bytesOfHex(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'hex'))
}

function bytesOfBase64(text: string, context: z.RefinementCtx): Uint8Array {
  const bytes = Buffer.from(text, 'base64')
  // Node skips what isn't base64; only the one canonical spelling is accepted.
  if (bytes.toString('base64') !== text) {
    context.addIssue({ code: 'custom', message: 'not base64' })
    return z.NEVER
  }
  return new Uint8Array(bytes)
}
