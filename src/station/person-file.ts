import { ok, type Result } from '../common/result.ts'
import { toHex } from '../ledger/bytes.ts'
import { proveEvents } from '../ledger/prove-events.ts'
import { sha256 } from '../ledger/sha256.ts'
import type { StationData } from './data-folder.ts'
import type { Signer, Staff } from './staff.ts'

/** What a station holds about one person: sealed records opened, and their events with a proof. Paths in a zip. */
export type PersonFile = ReadonlyMap<string, Uint8Array>

/**
 * Gathers what is held about a person, for that person. Faults: `LEDGER_PROOF_NONE` where the ledger has nothing of
 * them, `LEDGER_SEAL`.
 */
export function personFile({ ledger, side }: StationData, person: string): PersonFile {
  const files = new Map<string, Uint8Array>()
  const records = side.list(person)
  const proof = proveEvents(ledger, { kind: 'person', person })
  for (const { kind, name } of records) {
    const bytes = side.get(person, kind, name)
    if (bytes !== null) files.set(`records/${kind}/${name.replaceAll(/[^A-Za-z0-9._-]/g, '_')}`, bytes)
  }
  const bodies = proof.shown.map((index) => [...ledger.events(index, index + 1)][0]!.body)
  const lines = bodies.flatMap((body) => [Buffer.from(body), Buffer.from('\n')])
  files.set('events.ndjson', Buffer.concat(lines))
  files.set('events.shidao-proof', proof.bytes)
  return files
}

/**
 * Records that a file was handed out, signed by whoever does it. Before the file leaves: a file without an event would
 * be a leak that nobody sees. Faults of `Staff.sign`.
 */
export function recordPersonExport(
  { ledger }: StationData,
  staff: Staff,
  { person, bytes, by }: { readonly person: string; readonly bytes: Uint8Array; readonly by: Signer },
): Result<string> {
  const digest = toHex(sha256(bytes))
  const act = staff.sign({ act: 'person.export', person, sha256: digest }, [by])
  if (!act.ok) return act
  ledger.append({ type: 'person.exported', data: { person, sha256: digest, act: act.value } })
  return ok(digest)
}
