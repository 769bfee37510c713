import { classHours } from '../attendance/class-hours.ts'
import { ok, type Result } from '../common/result.ts'
import type { Ledger } from '../ledger/ledger.ts'
import {
  type AttendanceReport,
  attendanceFacts,
  attendanceGrid,
  attendanceHours,
  type NameOf,
} from './attendance-table.ts'
import { bundleBytes } from './bundle.ts'
import { jsonBytes } from './bundle-format.ts'
import { csvBytes } from './csv.ts'
import { xlsxBytes } from './xlsx.ts'

/** What can be exported so far. A bundle is always a zip. */
export type ExportRequest =
  | {
      readonly kind: 'attendance'
      readonly format: 'xlsx' | 'csv' | 'json'
      readonly edition: AttendanceReport['edition']
    }
  | { readonly kind: 'bundle'; readonly format: 'zip' }

export interface ExportSource {
  readonly ledger: Ledger
  /** Verifier key of the station. */
  readonly vkey: string
  readonly packFolders: readonly string[]
  readonly nameOf: NameOf
}

/**
 * The bytes of one export of a class, from the ledger as it stands. Records nothing: whoever lets them leave the
 * station appends an `export` event with their sha256 first. Faults: `ROSTER_CLASS_UNKNOWN`, `PACK_NOT_FOUND`.
 */
export async function exportClass(
  source: ExportSource,
  classId: string,
  request: ExportRequest,
): Promise<Result<Uint8Array>> {
  const { ledger, nameOf, packFolders } = source
  const size = ledger.size
  const events = [...ledger.events(0, size)]
  const found = classHours(events, classId, { packFolders })
  if (!found.ok) return found
  const { hours, pack } = found.value
  if (request.kind === 'bundle') {
    const receipts = events.flatMap(({ event }) => (event.type === 'receipt' ? [event.data] : []))
    return ok(
      bundleBytes({
        hours,
        pack,
        events: events.map(({ body }) => body),
        checkpoint: { note: ledger.checkpoint(), origin: ledger.origin, root: ledger.root },
        receipt: receipts.at(-1)?.note ?? null,
        keys: {
          station: ledger.keys.first.vkey,
          witnesses: [...new Set(receipts.map(({ witness }) => witness))],
        },
      }),
    )
  }
  if (request.format === 'json') return ok(jsonBytes(hours))
  const root = Buffer.from(ledger.root).toString('hex')
  const report: AttendanceReport = {
    ...found.value,
    ledger: { origin: ledger.origin, size, root },
    nameOf,
    edition: request.edition,
  }
  if (request.format === 'csv') return ok(csvBytes(attendanceHours(report)))
  return ok(await xlsxBytes([attendanceGrid(report), attendanceHours(report), attendanceFacts(report)]))
}
