import { Fault } from '../common/fault.ts'
import { failed, ok, type Result } from '../common/result.ts'
import { type ExportRequest, reportFormats, reportKinds } from '../export/class-export.ts'
import { periodKinds } from '../export/period.ts'
import { parseRecipient } from '../export/sealed/age-keys.ts'

/** What an export is asked for with, by a command or a window; null where nothing is said. */
export interface AskedExport {
  readonly class: string | null
  readonly kind: string | null
  readonly format: string | null
  readonly masked: boolean
  readonly person: string | null
  readonly period: string | null
  /** Who may open a bundle's part for auditors: age public keys, or a passphrase; null for a bundle without that part. */
  readonly seal: { readonly auditors: string[] } | { readonly passphrase: string } | null
}

/** What is asked for as `exportClass` takes it. Faults: `USAGE_EXPORT`, `EXPORT_FORMAT_UNSUPPORTED`, `EXPORT_PASSPHRASE`, those of `parseRecipient`. */
export function exportRequest(asked: AskedExport): Result<ExportRequest> {
  const { person, period } = asked
  if (asked.class === null && !isPeriod(asked.kind)) return wrong('export takes --class ID for this --kind')
  if (asked.kind === 'bundle') return bundleRequest(asked.seal)
  if (asked.seal !== null) return wrong('only --kind bundle has a part for auditors')
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

function bundleRequest(seal: AskedExport['seal']): Result<ExportRequest> {
  const request = { kind: 'bundle', format: 'zip' } as const
  if (seal === null) return ok(request)
  if ('passphrase' in seal) {
    const isShort = [...seal.passphrase].length < SHORTEST_PASSPHRASE
    const message = `a passphrase has at least ${SHORTEST_PASSPHRASE} characters`
    return isShort ? failed(new Fault('EXPORT_PASSPHRASE', message)) : ok({ ...request, sealFor: seal })
  }
  const keys: Uint8Array[] = []
  for (const text of seal.auditors) {
    const key = parseRecipient(text)
    if (!key.ok) return key
    keys.push(key.value)
  }
  return ok({ ...request, sealFor: { keys } })
}

/** Whoever has the file can try passphrases for as long as they like. */
const SHORTEST_PASSPHRASE = 16

/** What the record of an export says in place of one class. */
export const ALL_CLASSES = '*'

function isPeriod(kind: string | null): boolean {
  return periodKinds.some((known) => known === kind)
}

function wrong(message: string) {
  return failed(new Fault('USAGE_EXPORT', message))
}
