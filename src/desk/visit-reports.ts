import { join } from 'node:path'
import { shippedCalendar } from '../attendance/workdays.ts'
import { Fault } from '../common/fault.ts'
import { failed, ok, type Result } from '../common/result.ts'
import { reportBytes } from '../export/class-export.ts'
import { writeWholeFile } from '../export/write-file.ts'
import { makeVisitFile } from '../inspect/visit-file.ts'
import { visitRecordPdf } from '../inspect/visit-record.ts'
import { visitReport } from '../inspect/visit-report.ts'
import { toHex } from '../ledger/bytes.ts'
import type { EventData } from '../ledger/event.ts'
import { sha256 } from '../ledger/sha256.ts'
import type { DeskParts } from '../station/desk-service.ts'
import { packFolder } from '../station/setup.ts'
import type { LeftFile, VisitAnswers, VisitWork } from '../station/visit-work.ts'
import { leavingFolder } from './visit-files.ts'
import type { VisitLog } from './visit-log.ts'
import { recordSource } from './visit-record-source.ts'

type Asked = Extract<VisitWork, { readonly act: 'visit.report' }>
type Recorded = Omit<EventData['export'], 'sha256'>

/**
 * Makes the report on a closed visit, or its printed record (检查笔录), and records that it leaves. Faults:
 * `INSPECT_VISIT_UNKNOWN`, `INSPECT_VISIT_OPEN`, `EXPORT_FORMAT_UNSUPPORTED` (a record is a pdf), `EXPORT_WRITE`.
 */
export async function leaveVisitReport(
  { data }: Pick<DeskParts, 'data'>,
  { visit, record, format, masked, workdays }: Asked,
): Promise<Result<VisitAnswers['visit.report']>> {
  if (record && format !== 'pdf') {
    return failed(new Fault('EXPORT_FORMAT_UNSUPPORTED', 'a report is pdf or json, a record is pdf'))
  }
  const source = recordSource(data, masked)
  const given = { ...source, calendar: shippedCalendar(), packFolders: [packFolder(data.dir)], workdays }
  const made = visitReport(given, visit)
  if (!made.ok) return made
  const bytes = record ? await visitRecordPdf(source, visit) : ok(await reportBytes(made.value, format))
  if (!bytes.ok) return bytes
  const { document } = made.value
  const kind = record ? 'visit-record' : 'visit-report'
  const name = `${kind}-${visit}${masked ? '-masked' : ''}.${format}`
  const edition = masked ? 'masked' : 'full'
  const left = leave(data, name, bytes.value, { class: document.class, kind, format, edition })
  return ok({
    ...left,
    due: document.due,
    card: document.spot?.card ?? null,
    findings: document.findings.length,
    simulated: data.key.simulated,
  })
}

/**
 * Makes a visit's one file once more: the same bytes, but for a receipt that came since. There are no names in it. Faults:
 * `INSPECT_VISIT_UNKNOWN`, those of `makeVisitFile`, `EXPORT_WRITE`.
 */
export function leaveVisitFile(
  { data }: Pick<DeskParts, 'data'>,
  log: VisitLog,
  id: string,
): Result<VisitAnswers['visit.file']> {
  const bytes = makeVisitFile(data.ledger, id)
  if (!bytes.ok) return bytes
  const about = { class: log.visit(id)?.class ?? '*', kind: 'visit', format: 'shidao-visit' }
  return ok(leave(data, `visit-${id}.shidao-visit`, bytes.value, about))
}

/** Nothing leaves a station unrecorded: the file gets its name once its SHA-256 is in the ledger. */
function leave(
  { dir, ledger }: DeskParts['data'],
  name: string,
  bytes: Uint8Array,
  about: Recorded,
): LeftFile {
  const folder = about.edition === 'full' ? 'exports' : 'visits'
  const digest = toHex(sha256(bytes))
  let event = -1
  writeWholeFile(join(leavingFolder(dir, folder), name), bytes, () => {
    ledger.keepCheckpoint('export')
    event = ledger.append({ type: 'export', data: { ...about, sha256: digest } }).index
  })
  return { folder, file: { name, bytes: bytes.length, sha256: digest }, event }
}
