import { z } from 'zod'
import { Fault } from '../common/fault.ts'
import { failed, ok, type Result } from '../common/result.ts'
import { attendanceEvents } from './attendance-events.ts'
import { claimEvents } from './claim-events.ts'
import { classEvents } from './class-events.ts'
import { hex, instant, label } from './event-fields.ts'
import { monthEvents } from './month-events.ts'
import { personEvents } from './person-events.ts'
import { stationEvents } from './station-events.ts'
import { visitEvents } from './visit-events.ts'

export { type CameraIdentity, cameraIdentity } from './camera-identity.ts'
export { type SignedAct, signedAct } from './event-fields.ts'
export { type FaceEvidence, faceEvidence, type PortraitSource, portraitSource } from './face-evidence.ts'

/*
 * What the ledger records. Everything that can change an outcome is an event; nothing is ever edited.
 * An event is encoded once (JSON, UTF-8); those bytes are stored, hashed, sent and verified as they are.
 * No event holds a name, a number or a picture: people are random ids, pictures are salted hashes.
 */

/** A station's clock when an event was appended. */
export const eventTime = z.strictObject({
  wall: instant,
  /** Kernel boot id; durations inside one boot are differences of `boottime`. */
  boot: label,
  /** Milliseconds since boot, from the kernel. */
  boottime: z.int().min(0),
  /** `bounded` after a receipt in this run confirmed the wall clock, `unconfirmed` before, `simulated` in a demonstration. */
  trust: z.enum(['bounded', 'unconfirmed', 'simulated']),
})
export type EventTime = z.infer<typeof eventTime>

/** Schemas of `data` by event type. A new kind of event is one entry in the file of its family. */
export const eventTypes = {
  ...stationEvents,
  ...classEvents,
  ...attendanceEvents,
  ...personEvents,
  ...claimEvents,
  ...visitEvents,
  ...monthEvents,
} as const

/** How the reason of a destruction begins that a rule pack's term brought about, and nobody signed. */
export const RETENTION_REASON = 'retention '

export type EventType = keyof typeof eventTypes
export type EventData = { [T in EventType]: z.infer<(typeof eventTypes)[T]> }

/** What a caller hands to the ledger; index, salt and time are added at the append. */
export type EventInput = { [T in EventType]: { readonly type: T; readonly data: EventData[T] } }[EventType]

interface Envelope {
  readonly v: 1
  readonly origin: string
  readonly index: number
  readonly salt: string
  readonly time: EventTime
}
export type LedgerEvent = {
  [T in EventType]: Envelope & { readonly type: T; readonly data: EventData[T] }
}[EventType]

const envelope = z.strictObject({
  v: z.literal(1),
  origin: label,
  index: z.int().min(0),
  salt: hex(16),
  time: eventTime,
  type: z.enum(Object.keys(eventTypes) as [EventType, ...EventType[]]),
  data: z.unknown(),
})

/** Encodes an event once. The caller has a valid input by type; values are checked because they may come from a screen. */
export function encodeEvent(
  input: EventInput,
  head: { origin: string; index: number; salt: string; time: EventTime },
): Uint8Array {
  const data = eventTypes[input.type].safeParse(input.data)
  if (!data.success) {
    throw new Fault('LEDGER_EVENT_INVALID', `${input.type}: ${z.prettifyError(data.error).split('\n')[0]}`)
  }
  const body = { v: 1, ...head, type: input.type, data: data.data }
  return new TextEncoder().encode(JSON.stringify(body))
}

/** Reads an event's bytes. Total: bad UTF-8, bad JSON, an unknown type or a wrong field give `LEDGER_EVENT_INVALID`. */
export function decodeEvent(bytes: Uint8Array): Result<LedgerEvent> {
  let json: unknown
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (cause) {
    return failed(new Fault('LEDGER_EVENT_INVALID', 'event is not JSON in UTF-8', { cause }))
  }
  const head = envelope.safeParse(json)
  if (!head.success) return failed(new Fault('LEDGER_EVENT_INVALID', 'event head is malformed'))
  const data = eventTypes[head.data.type].safeParse(head.data.data)
  if (!data.success)
    return failed(new Fault('LEDGER_EVENT_INVALID', `data of ${head.data.type} is malformed`))
  return ok({ ...head.data, data: data.data } as LedgerEvent)
}
