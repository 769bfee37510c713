import { Fault } from '../common/fault.ts'
import { failed, ok, type Result } from '../common/result.ts'
import { verifyEventProof } from '../inspect/verify-event-proof.ts'
import { toHex } from '../ledger/bytes.ts'
import { parseEventProof } from '../ledger/event-proof.ts'
import { leafHash } from '../ledger/merkle-hash.ts'
import { parseVkey } from '../ledger/note.ts'
import type { DeskParts } from '../station/desk-service.ts'
import type { JoinWork } from '../station/join-work.ts'
import { doOfficeWork } from '../station/office.ts'
import type { OfficeWork } from '../station/office-work.ts'

type Opening = Extract<OfficeWork, { readonly act: 'class.join' }>['opening']

/** Joins a class by the proof of its opening. Faults: those of `provenOpening` and of `class.join`. */
export async function joinByProof(parts: DeskParts, work: JoinWork): Promise<Result<unknown>> {
  const opening = provenOpening(new Uint8Array(Buffer.from(work.proof, 'base64')), work.vkey)
  if (!opening.ok) return opening
  const { pack, by } = work
  return doOfficeWork(parts, { act: 'class.join', opening: opening.value, pack, by })
}

/**
 * The opening of a class that a file proves under another station's key.
 * Faults: `LEDGER_VKEY`, `PROOF_FALSE` (not proven, or not of an opening), those of `verifyEventProof`.
 */
export function provenOpening(file: Uint8Array, vkey: string): Result<Opening> {
  const key = parseVkey(vkey)
  if (!key.ok) return key
  const proved = verifyEventProof(file, { key: key.value })
  if (!proved.ok) return proved
  const { about, origin, events, problem } = proved.value
  if (!proved.value.ok || problem !== null) {
    return failed(new Fault('PROOF_FALSE', problem?.detail ?? 'the opening is not proven'))
  }
  const parsed = parseEventProof(file)
  if (!parsed.ok) return parsed
  const place = about.kind === 'event' ? events.findIndex(({ index }) => index === about.index) : -1
  const event = events[place]
  const body = parsed.value.bodies[place]
  if (event?.type !== 'class.opened' || body === undefined) {
    return failed(new Fault('PROOF_FALSE', 'this file does not prove the opening of a class'))
  }
  const { class: id, title, sessions, mode = 'timetable', pack } = event.data
  const leaf = toHex(leafHash(body))
  const said = { class: id, title, sessions, mode, packSha256: pack.sha256 }
  return ok({ origin, index: event.index, leaf, ...said })
}
