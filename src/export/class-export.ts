import { classClaims } from '../attendance/class-claims.ts'
import { projectFacts, type Unseal } from '../attendance/fact-history.ts'
import { type AttendanceHistory, projectHistory } from '../attendance/history.ts'
import { computeHours } from '../attendance/hours.ts'
import { findPack } from '../attendance/shipped-packs.ts'
import { Fault } from '../common/fault.ts'
import { failed, ok, type Result } from '../common/result.ts'
import type { Ledger, RecordedEvent } from '../ledger/ledger.ts'
import type { NoteSigner } from '../ledger/note.ts'
import { bundleBytes } from './bundle.ts'
import { bundlePolicy } from './bundle-policy.ts'
import { csvBytes } from './csv.ts'
import { reportJson } from './json.ts'
import { pdfBytes } from './pdf/pdf.ts'
import { type PeriodKind, periodKinds, readPeriod } from './period.ts'
import type { NameOf, ReportContext } from './report-context.ts'
import type { Progress, Report } from './table.ts'
import { attendanceReport } from './tables/attendance.ts'
import { allowanceReport, claimReport } from './tables/claims.ts'
import { hoursReport } from './tables/hours.ts'
import { periodReport } from './tables/period.ts'
import { rosterReport } from './tables/roster.ts'
import { signInReport } from './tables/signin.ts'
import { teacherReport } from './tables/teacher.ts'
import { workbookTables, xlsxBytes } from './xlsx.ts'

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
  | { readonly kind: 'bundle'; readonly format: 'zip' }

export interface ExportSource {
  readonly ledger: Ledger
  readonly packFolders: readonly string[]
  readonly nameOf: NameOf
  /** Opens what claims and groups rest on; without it facts about people are unknown. */
  readonly unseal?: Unseal
  /** Names of teachers; without it they are shown by their ids. */
  readonly actorName?: ReportContext['actorName']
  /** The station's key: certificates of hours need it. */
  readonly signer?: NoteSigner
}

/**
 * The bytes of one export, from the ledger as it stands: of a class, or for a period's kind of all classes where
 * `classId` is null. Records nothing: whoever lets them leave the station appends an `export` event with their sha256
 * first. Faults: `ROSTER_CLASS_UNKNOWN`, `PACK_NOT_FOUND`, `PACK_INCOMPLETE`, `PACK_WITHOUT_CLAIMS`, `EXPORT_PERIOD`,
 * `EXPORT_PERSON`, `EXPORT_SIGNER`.
 */
export async function exportClass(
  source: ExportSource,
  classId: string | null,
  request: ExportRequest,
  onProgress: Progress = () => {},
): Promise<Result<Uint8Array>> {
  const events = [...source.ledger.events(0, source.ledger.size)]
  if (request.kind === 'bundle') return bundle(source, events, classId)
  const report = makeReport(source, events, classId, request)
  return report.ok ? ok(await reportBytes(report.value, request.format, onProgress)) : report
}

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

type Stored = readonly Pick<RecordedEvent, 'event' | 'body'>[]
type ReportRequest = Exclude<ExportRequest, { readonly kind: 'bundle' }>

function makeReport(
  source: ExportSource,
  events: Stored,
  classId: string | null,
  request: ReportRequest,
): Result<Report> {
  const history = projectHistory(events.map(({ event }) => event))
  if (isPeriodKind(request.kind)) return ofPeriod(source, events, history, classId, request, request.kind)
  const found = contextOf(source, events, history, classId ?? '', request.edition)
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
  events: Stored,
  history: AttendanceHistory,
  classId: string | null,
  request: ReportRequest,
  kind: PeriodKind,
): Result<Report> {
  const period = readPeriod(kind, request.period ?? null, history.watermark ?? 0)
  if (!period.ok) return period
  const contexts: ReportContext[] = []
  for (const id of classId === null ? history.classes.keys() : [classId]) {
    const found = contextOf(source, events, history, id, request.edition)
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

function contextOf(
  source: ExportSource,
  events: Stored,
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

function unknownClass(history: AttendanceHistory, classId: string): Fault {
  const known = [...history.classes.keys()].join(', ') || 'none'
  return new Fault('ROSTER_CLASS_UNKNOWN', `no class "${classId}" in this ledger; it has: ${known}`)
}

function bundle(source: ExportSource, events: Stored, classId: string | null): Result<Uint8Array> {
  const { ledger } = source
  const history = projectHistory(events.map(({ event }) => event))
  const found = contextOf(source, events, history, classId ?? '', 'full')
  if (!found.ok) return found
  const { hours, pack } = found.value
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
      gm: ledger.gmCheckpoint(),
      policy: bundlePolicy(events.map(({ event }) => event)),
    }),
  )
}
