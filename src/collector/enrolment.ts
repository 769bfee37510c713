import { z } from 'zod'
import { failed, ok, type Result } from '../common/result.ts'
import { keyFingerprint } from '../ledger/fingerprint.ts'
import { openNote, parseVkey } from '../ledger/note.ts'
import { openRotation } from '../ledger/rotation.ts'
import { Refusal } from './refusal.ts'
import type { EnrolmentRequest } from './store.ts'

/*
 * How a station asks to be known. The request is a C2SP signed note, signed with the very key it asks for:
 *
 *   shidao/enrolment@v1
 *   {"origin":"shidao/station/…","vkey":"…","simulated":false,"name":"…"}
 *
 *   — shidao/station/… <signature>
 *
 * After a change of keys it also holds `rotation`, a note that the old and this key signed (src/ledger/rotation.ts).
 *
 * That proves possession of the key, no more. A person compares the fingerprint on the station's screen with
 * the one at the collector and confirms it.
 */

const HEADER = 'shidao/enrolment@v1'
/** Ed25519 in a C2SP verifier key. */
const ED25519 = 1

const statement = z.strictObject({
  origin: z.string().regex(/^[\x21-\x2a\x2c-\x7e]{1,200}$/),
  vkey: z.string().max(400),
  simulated: z.boolean(),
  /** What people call the station; shown next to the fingerprint, so nothing that moves a terminal's cursor. */
  name: z.string().regex(/^[^\p{C}\p{Zl}\p{Zp}]{1,100}$/u),
  rotation: z.string().max(4000).optional(),
})

/** Reads and verifies a request. Total: whatever the text, a request or a refusal. `requestedAt` in ms since 1970. */
export function openEnrolment(note: string, requestedAt: number): Result<EnrolmentRequest, Refusal> {
  const asked = statement.safeParse(jsonAfterHeader(note))
  if (!asked.success) return refuse('COLLECTOR_REQUEST', 'this is not an enrolment request')
  const { origin, vkey, simulated, name, rotation } = asked.data
  const key = parseVkey(vkey)
  if (!key.ok || key.value.type !== ED25519 || key.value.name !== origin) {
    return refuse('COLLECTOR_REQUEST', 'vkey is not an Ed25519 verifier key with the name of the origin')
  }
  const opened = openNote(note, [key.value])
  if (!opened.ok) return refuse('COLLECTOR_SIGNATURE', 'the request is not signed with the key that it names')
  const request = { fingerprint: keyFingerprint(vkey), origin, vkey, name, simulated, requestedAt }
  if (rotation === undefined) return ok(request)
  const change = openRotation(rotation)
  if (!change.ok || change.value.next.vkey !== vkey) {
    return refuse('COLLECTOR_SIGNATURE', 'the change of keys is not signed by the old key and this one')
  }
  return ok({ ...request, replaces: keyFingerprint(change.value.old.vkey) })
}

function jsonAfterHeader(note: string): unknown {
  const [header, json = ''] = note.split('\n', 2)
  if (header !== HEADER) return undefined
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}

function refuse(code: 'COLLECTOR_REQUEST' | 'COLLECTOR_SIGNATURE', message: string) {
  return failed(new Refusal(code, message))
}
