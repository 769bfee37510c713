import { z } from 'zod'
import { Fault } from '../common/fault.ts'
import { failed, ok, type Result } from '../common/result.ts'
import { parseCivilDate } from './civil-date.ts'
import {
  type Certificate,
  certificate,
  classFacts,
  levelNamed,
  type PriorSubsidy,
  personFacts,
  priorSubsidy,
} from './claim-facts.ts'
import { parseCsv } from './csv-records.ts'

/*
 * Files by which facts for claims come in. People stand in them by their number, which stays outside the ledger.
 * CSV is UTF-8 (RFC 4180) with a header; every row is checked before anything is kept, and errors name lines only.
 */

const factFile = z.strictObject({
  class: classFacts.optional(),
  people: z
    .array(personFacts.extend({ number: z.string().min(1).max(40) }))
    .max(5000)
    .default([]),
})
export type FactFile = z.infer<typeof factFile>

/** Reads `{class: {…}, people: [{number, …}]}`. Total: `CLAIM_FILE` with the first bad field. */
export function parseFactFile(bytes: Uint8Array): Result<FactFile> {
  try {
    const parsed = factFile.safeParse(JSON.parse(decode(bytes)))
    if (parsed.success) return ok(parsed.data)
    const [issue] = parsed.error.issues
    return failed(new Fault('CLAIM_FILE', `${issue?.path.join('.') || 'top'}: ${issue?.message}`))
  } catch (cause) {
    return failed(new Fault('CLAIM_FILE', 'facts are JSON in UTF-8', { cause }))
  }
}

/** Columns `number,kind,certificate,occupation,level,issued`; one row a certificate. */
export function parseCertificates(bytes: Uint8Array): Result<{ number: string; certificate: Certificate }[]> {
  const header = ['number', 'kind', 'certificate', 'occupation', 'level', 'issued']
  return readRows(bytes, header, ([number, kind, serial, occupation, level, issued]) => {
    const read = certificate.safeParse({
      kind: empty(kind),
      number: serial,
      occupation: empty(occupation),
      level: level === '' ? null : levelNamed(level ?? ''),
      issuedOn: parseCivilDate(issued ?? ''),
    })
    return read.success ? { number: number ?? '', certificate: read.data } : null
  })
}

/**
 * Columns `number,item,on,occupation,level,region`; one row a subsidy, or one with item `none` for somebody who had
 * none. Who is not in the file stays unknown. Gives every person once.
 */
export function parseHistory(bytes: Uint8Array): Result<ReadonlyMap<string, readonly PriorSubsidy[]>> {
  const header = ['number', 'item', 'on', 'occupation', 'level', 'region']
  const rows = readRows(bytes, header, ([number = '', item, on, occupation, level, region]) => {
    if (item === 'none') return on === '' ? { number, subsidy: null } : null
    const read = priorSubsidy.safeParse({
      item,
      on: parseCivilDate(on ?? ''),
      occupation: empty(occupation),
      level: level === '' ? null : levelNamed(level ?? ''),
      region: empty(region),
    })
    return read.success ? { number, subsidy: read.data } : null
  })
  if (!rows.ok) return rows
  const people = new Map<string, PriorSubsidy[]>()
  for (const { number, subsidy } of rows.value) {
    const had = people.get(number) ?? []
    if (subsidy !== null) had.push(subsidy)
    people.set(number, had)
  }
  return ok(people)
}

/** Columns `number,minutes`, whole minutes that another system says somebody learned online. */
export function parseOnlineHours(bytes: Uint8Array): Result<{ number: string; milliseconds: number }[]> {
  return readRows(bytes, ['number', 'minutes'], ([number = '', minutes = '']) =>
    /^[0-9]{1,6}$/.test(minutes) ? { number, milliseconds: Number(minutes) * 60_000 } : null,
  )
}

function readRows<T>(
  bytes: Uint8Array,
  header: readonly string[],
  read: (fields: readonly string[]) => T | null,
): Result<T[]> {
  let text: string
  try {
    text = decode(bytes)
  } catch (cause) {
    return failed(new Fault('CLAIM_FILE', 'the file is not UTF-8', { cause }))
  }
  const { records, unclosedQuote } = parseCsv(text)
  if (unclosedQuote !== null) return failed(new Fault('CLAIM_FILE', `line ${unclosedQuote}: an open quote`))
  const [first, ...rest] = records
  const names = first?.fields.map((name) => name.trim()) ?? []
  if (names.join() !== header.join()) {
    return failed(new Fault('CLAIM_FILE', `the first line has to be ${header.join(',')}`))
  }
  const rows: T[] = []
  for (const { line, fields } of rest) {
    const trimmed = fields.map((field) => field.trim())
    const row = trimmed.length === header.length && trimmed[0] !== '' ? read(trimmed) : null
    if (row === null) return failed(new Fault('CLAIM_FILE', `line ${line}: a field is missing or not valid`))
    rows.push(row)
  }
  return ok(rows)
}

/** Without a byte order mark. Throws on bytes that are not UTF-8. */
function decode(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
}

function empty(field: string | undefined): string | null {
  return field === undefined || field === '' ? null : field
}
