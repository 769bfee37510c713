import { createHash } from 'node:crypto'
import { shippedCalendar } from '../attendance/workdays.ts'
import { Fault } from '../common/fault.ts'
import { unwrap } from '../common/result.ts'
import { recordSource } from '../desk/visit-record-source.ts'
import { reportBytes } from '../export/class-export.ts'
import { writeWholeFile } from '../export/write-file.ts'
import { makeVisitFile } from '../inspect/visit-file.ts'
import { REPORT_WORKDAYS } from '../inspect/visit-findings.ts'
import { visitRecordPdf } from '../inspect/visit-record.ts'
import { visitReport } from '../inspect/visit-report.ts'
import type { StationData } from '../station/data-folder.ts'
import { packFolder } from '../station/setup.ts'
import { EXIT, positiveInteger, printAnswer, readOptions } from './command.ts'
import { need } from './desk.ts'
import { eventsOf, withStation } from './stopped-station.ts'

/**
 * `inspect report`: the report on a closed visit, or with `--record` its printed record (检查笔录). What leaves the station
 * is recorded first, as with every export.
 */
export async function report(words: readonly string[]): Promise<number> {
  const { values } = readOptions(words, {
    visit: { type: 'string' },
    format: { type: 'string', default: 'pdf' },
    out: { type: 'string' },
    masked: { type: 'boolean', default: false },
    record: { type: 'boolean', default: false },
    workdays: { type: 'string', default: String(REPORT_WORKDAYS) },
    data: { type: 'string' },
    json: { type: 'boolean', default: false },
  })
  const visit = need(values.visit, '--visit ID')
  const out = need(values.out, '--out FILE')
  const workdays = positiveInteger(values.workdays, '--workdays')
  const format = (['pdf', 'json'] as const).find((known) => known === values.format)
  if (format === undefined || (values.record && format !== 'pdf'))
    throw new Fault('EXPORT_FORMAT_UNSUPPORTED', 'a report is pdf or json, a record is pdf')
  return withStation(values.data, async (data) => {
    const source = recordSource(data, values.masked)
    const given = { ...source, calendar: shippedCalendar(), packFolders: [packFolder(data.dir)], workdays }
    const made = unwrap(visitReport(given, visit))
    const bytes = values.record
      ? unwrap(await visitRecordPdf(source, visit))
      : await reportBytes(made, format)
    const kind = values.record ? 'visit-record' : 'visit-report'
    const left = leave(data, out, bytes, { class: made.document.class, kind, format })
    const { due, findings, spot } = made.document
    const answer = { visit, kind, format, ...left, due, card: spot?.card ?? null, findings: findings.length }
    printAnswer(values.json, answer, [
      ...(data.key.simulated ? ['SIMULATED 模拟: none of this is anybody’s attendance'] : []),
      `${out}  ${bytes.length} bytes`,
      `due ${due.date ?? 'unknown: no calendar for that year'}, ${due.workdays} working days after the visit`,
      `${findings.length} findings, card by the headcount: ${spot?.card ?? 'no rule or no headcount'}`,
    ])
    return EXIT.yes
  })
}

/** `inspect file`: a visit's one file, once more. */
export async function file(words: readonly string[]): Promise<number> {
  const { values } = readOptions(words, {
    visit: { type: 'string' },
    out: { type: 'string' },
    data: { type: 'string' },
    json: { type: 'boolean', default: false },
  })
  const visit = need(values.visit, '--visit ID')
  const out = need(values.out, '--out FILE')
  return withStation(values.data, async (data) => {
    const bytes = unwrap(makeVisitFile(data.ledger, visit))
    const opened = eventsOf(data).find((event) => event.type === 'visit.opened' && event.data.visit === visit)
    const classId = opened?.type === 'visit.opened' ? opened.data.class : '*'
    const left = leave(data, out, bytes, { class: classId, kind: 'visit', format: 'shidao-visit' })
    printAnswer(values.json, { visit, ...left }, [`${out}  ${bytes.length} bytes`, `sha256 ${left.sha256}`])
    return EXIT.yes
  })
}

/** Nothing leaves a station unrecorded. */
function leave(
  data: StationData,
  out: string,
  bytes: Uint8Array,
  about: { readonly class: string; readonly kind: string; readonly format: string },
) {
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  let event = -1
  writeWholeFile(out, bytes, () => {
    data.ledger.keepCheckpoint('export')
    event = data.ledger.append({ type: 'export', data: { ...about, sha256 } }).index
  })
  return { file: out, bytes: bytes.length, sha256, event }
}
