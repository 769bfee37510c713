import { Fault } from '../common/fault.ts'
import { failed, ok, type Result } from '../common/result.ts'
import { type ExportRequest, reportFormats, reportKinds } from '../export/class-export.ts'
import { periodKinds } from '../export/period.ts'

/** What an export is asked for with, by a command or a window; null where nothing is said. */
export interface AskedExport {
  readonly class: string | null
  readonly kind: string | null
  readonly format: string | null
  readonly masked: boolean
  readonly person: string | null
  readonly period: string | null
}

/** What is asked for as `exportClass` takes it. Faults: `USAGE_EXPORT`, `EXPORT_FORMAT_UNSUPPORTED`. */
export function exportRequest(asked: AskedExport): Result<ExportRequest> {
  const { person, period } = asked
  if (asked.class === null && !isPeriod(asked.kind)) return wrong('export takes --class ID for this --kind')
  if (asked.kind === 'bundle') return ok({ kind: 'bundle', format: 'zip' })
  const kind = reportKinds.find((known) => known === asked.kind)
  if (kind === undefined) return wrong(`export takes --kind ${[...reportKinds, 'bundle'].join('|')}`)
  const format = reportFormats.find((known) => known === asked.format)
  if (format === undefined) {
    const message = `--kind ${kind} takes --format ${reportFormats.join(', ')}`
    return failed(new Fault('EXPORT_FORMAT_UNSUPPORTED', message))
  }
  if (person !== null && kind !== 'hours') return wrong('--person goes with --kind hours')
  if (period !== null && !isPeriod(kind)) return wrong(`--period goes with --kind ${periodKinds.join('|')}`)
  return ok({
    ...{ kind, format, edition: asked.masked ? 'masked' : 'full' },
    ...(person === null ? {} : { person }),
    ...(period === null ? {} : { period }),
  })
}

/** What the record of an export says in place of one class. */
export const ALL_CLASSES = '*'

function isPeriod(kind: string | null): boolean {
  return periodKinds.some((known) => known === kind)
}

function wrong(message: string) {
  return failed(new Fault('USAGE_EXPORT', message))
}
