import { projectFacts, type Unseal } from '../attendance/fact-history.ts'
import type { AttendanceHistory } from '../attendance/history.ts'
import { computeHours } from '../attendance/hours.ts'
import { findPack } from '../attendance/shipped-packs.ts'
import { Fault } from '../common/fault.ts'
import { failed, ok, type Result } from '../common/result.ts'
import type { Ledger, RecordedEvent } from '../ledger/ledger.ts'
import type { NoteSigner } from '../ledger/note.ts'
import type { ProvableLedger } from '../ledger/prove-events.ts'
import type { ArchiveEntry } from './bundle-format.ts'
import type { NameOf, ReportContext } from './report-context.ts'
import type { OpenRecord } from './sealed/opened.ts'
import type { Report } from './table.ts'

/** What an export takes from a station. */
export interface ExportSource {
  readonly ledger: ProvableLedger & Pick<Ledger, 'origin' | 'root' | 'gmCheckpoint'>
  readonly packFolders: readonly string[]
  readonly nameOf: NameOf
  /** Opens what claims and groups rest on; without it facts about people are unknown. */
  readonly unseal?: Unseal
  /** Names of teachers; without it they are shown by their ids. */
  readonly actorName?: ReportContext['actorName']
  /** The station's key: certificates of hours and bundles need it. */
  readonly signer?: NoteSigner
  /** Opens commitments for an auditor's part of a bundle, which needs it. */
  readonly openRecord?: OpenRecord
  /** Exact texts of the catalogues in use, for bundles. */
  readonly catalogues?: readonly { readonly sha256: string; readonly text: string }[]
  /** More entries for bundles, of kinds of their own. A verifier that doesn't know a kind hashes the entry. */
  readonly bundleEntries?: readonly ArchiveEntry[]
}

export type StoredEvents = readonly RecordedEvent[]

/** Everything that tables of one class are made from. Faults: `ROSTER_CLASS_UNKNOWN`, `PACK_NOT_FOUND`, `PACK_INCOMPLETE`. */
export function classContext(
  source: ExportSource,
  events: StoredEvents,
  history: AttendanceHistory,
  classId: string,
  edition: Report['edition'],
): Result<ReportContext> {
  const { ledger, packFolders, nameOf, unseal = () => null, actorName = () => null } = source
  const target = history.classes.get(classId)
  if (target === undefined) return failed(unknownClass(history, classId))
  const pack = findPack(target.pack.sha256, packFolders)
  if (!pack.ok) return pack
  const hours = computeHours(history, classId, pack.value)
  if (!hours.ok) return hours
  const plain = events.map(({ event }) => event)
  const state = { size: events.length, root: Buffer.from(ledger.root).toString('hex') }
  return ok({
    ...{ history: target, hours: hours.value, pack: pack.value, events: plain },
    facts: projectFacts(plain, unseal),
    ledger: { origin: ledger.origin, ...state, newest: history.watermark ?? 0 },
    ...{ nameOf, actorName, edition },
  })
}

export function unknownClass(history: AttendanceHistory, classId: string): Fault {
  const known = [...history.classes.keys()].join(', ') || 'none'
  return new Fault('ROSTER_CLASS_UNKNOWN', `no class "${classId}" in this ledger; it has: ${known}`)
}
