import { classClaims } from '../attendance/class-claims.ts'
import { type AttendanceHistory, projectHistory } from '../attendance/history.ts'
import { Fault } from '../common/fault.ts'
import { failed, ok, type Result } from '../common/result.ts'
import { type BundleRequest, classBundle } from './class-bundle.ts'
import { classContext, type ExportSource, type StoredEvents, unknownClass } from './class-context.ts'
import { csvBytes } from './csv.ts'
import { reportJson } from './json.ts'
import { pdfBytes } from './pdf/pdf.ts'
import { type PeriodKind, periodKinds, readPeriod } from './period.ts'
import type { ReportContext } from './report-context.ts'
import type { Progress, Report } from './table.ts'
import { attendanceReport } from './tables/attendance.ts'
import { allowanceReport, claimReport } from './tables/claims.ts'
import { hoursReport } from './tables/hours.ts'
import { periodReport } from './tables/period.ts'
import { rosterReport } from './tables/roster.ts'
import { signInReport } from './tables/signin.ts'
import { teacherReport } from './tables/teacher.ts'
import { workbookTables, xlsxBytes } from './xlsx.ts'

export type { ExportSource }

export const classKinds = [
  'attendance',
  'signin',
  'hours',
  'allowance',
  'claims',
  'roster',
  'teacher',
] as const
export const reportKinds = [...classKinds, ...periodKinds] as const
export type ReportKind = (typeof reportKinds)[number]

export const reportFormats = ['xlsx', 'csv', 'pdf', 'json'] as const
export type ReportFormat = (typeof reportFormats)[number]

/** What can be exported. A bundle is always a zip. */
export type ExportRequest =
  | {
      readonly kind: ReportKind
      readonly format: ReportFormat
      readonly edition: Report['edition']
      /** For `hours`: one person's id; absent: everybody. */
      readonly person?: string
      /** For a period's kind: `2026-03`, `2026-Q1`, `2026`; absent: the one of the newest record. */
      readonly period?: string
    }
  | BundleRequest

/**
 * The bytes of one export, from the ledger as it stands: of a class, or for a period's kind of all classes where
 * `classId` is null. Records nothing: whoever lets them leave the station appends an `export` event with their sha256
 * first. Faults: `ROSTER_CLASS_UNKNOWN`, `PACK_NOT_FOUND`, `PACK_INCOMPLETE`, `PACK_WITHOUT_CLAIMS`, `EXPORT_PERIOD`,
 * `EXPORT_PERSON`, `EXPORT_SIGNER`,
 * `EXPORT_SEALED`.
 */
export async function exportClass(
  source: ExportSource,
  classId: string | null,
  request: ExportRequest,
  onProgress: Progress = () => {},
): Promise<Result<Uint8Array>> {
  const events = [...source.ledger.events(0, source.ledger.size)]
  // Certificates are counted one by one; everything else has three steps of about the same length.
  const isCounted = request.kind !== 'bundle' && request.format === 'pdf'
  const step: Progress = isCounted ? () => {} : onProgress
  step(1, STEPS)
  if (request.kind === 'bundle') {
    const made = await classBundle(source, events, classId ?? '', request)
    step(STEPS, STEPS)
    return made
  }
  const report = makeReport(source, events, classId, request)
  if (!report.ok) return report
  step(2, STEPS)
  const bytes = await reportBytes(report.value, request.format, onProgress)
  step(STEPS, STEPS)
  return ok(bytes)
}

/** The records are read, the hours computed, the file made. */
const STEPS = 3

/** A report in one format. Throws what `pdfBytes` throws. */
export async function reportBytes(
  report: Report,
  format: ReportFormat,
  onProgress: Progress = () => {},
): Promise<Uint8Array> {
  switch (format) {
    case 'xlsx':
      return xlsxBytes(workbookTables(report))
    case 'csv': {
      const table = report.tables[report.main]
      if (table === undefined) throw new Fault('EXPORT_FORMAT_UNSUPPORTED', `${report.title} has no table`)
      return csvBytes(table)
    }
    case 'pdf':
      return pdfBytes(report, onProgress)
    case 'json':
      return reportJson(report)
  }
}

type ReportRequest = Exclude<ExportRequest, { readonly kind: 'bundle' }>

function makeReport(
  source: ExportSource,
  events: StoredEvents,
  classId: string | null,
  request: ReportRequest,
): Result<Report> {
  const history = projectHistory(events.map(({ event }) => event))
  if (isPeriodKind(request.kind)) return ofPeriod(source, events, history, classId, request, request.kind)
  const found = classContext(source, events, history, classId ?? '', request.edition)
  if (!found.ok) return found
  const context = found.value
  switch (request.kind) {
    case 'attendance':
      return ok(attendanceReport(context))
    case 'signin':
      return ok(signInReport(context))
    case 'roster':
      return ok(rosterReport(context))
    case 'teacher':
      return ok(teacherReport(context))
    case 'hours':
      return certificates(source, context, request.person ?? null)
    case 'claims':
    case 'allowance': {
      const { facts } = context
      const sources = { history, facts, packFolders: source.packFolders }
      const outcome = classClaims(sources, context.history.id)
      if (!outcome.ok) return outcome
      const make = request.kind === 'claims' ? claimReport : allowanceReport
      return ok(make(context, outcome.value.claims))
    }
  }
}

function isPeriodKind(kind: ReportKind): kind is PeriodKind {
  return periodKinds.some((candidate) => candidate === kind)
}

function ofPeriod(
  source: ExportSource,
  events: StoredEvents,
  history: AttendanceHistory,
  classId: string | null,
  request: ReportRequest,
  kind: PeriodKind,
): Result<Report> {
  const period = readPeriod(kind, request.period ?? null, history.watermark ?? 0)
  if (!period.ok) return period
  const contexts: ReportContext[] = []
  for (const id of classId === null ? history.classes.keys() : [classId]) {
    const found = classContext(source, events, history, id, request.edition)
    if (!found.ok) return found
    contexts.push(found.value)
  }
  const report = periodReport(contexts, period.value)
  return report === null ? failed(unknownClass(history, '')) : ok(report)
}

function certificates(
  { signer }: ExportSource,
  context: ReportContext,
  person: string | null,
): Result<Report> {
  if (signer === undefined) {
    return failed(new Fault('EXPORT_SIGNER', 'certificates of hours are signed by the station’s key'))
  }
  if (person !== null && !context.history.seats.has(person)) {
    return failed(new Fault('EXPORT_PERSON', 'nobody of that id was ever on the roster of this class'))
  }
  return ok(hoursReport(context, signer, person))
}
