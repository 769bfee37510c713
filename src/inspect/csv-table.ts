import { parseCsv } from '../attendance/csv-records.ts'
import { Fault } from '../common/fault.ts'
import { failed, ok, type Result } from '../common/result.ts'

/* Lists that an authority keeps in a spreadsheet: CSV with a first line of column names, UTF-8 or GB 18030. */

export interface CsvRow<Column extends string> {
  /** Counted from 1, the column names are on the first. */
  readonly line: number
  /** Trimmed; empty where the column is missing. */
  readonly cell: (column: Column) => string
}

const MOST_ROWS = 20_000

/**
 * Reads a table whose columns may stand in any order, under any of the names in `headers`. Total. Fault `INSPECT_TABLE`
 * with the line; `what` says which file it is in.
 */
export function readCsvTable<Column extends string>(
  bytes: Uint8Array,
  headers: Readonly<Record<string, Column>>,
  required: readonly Column[],
  what: string,
): Result<CsvRow<Column>[]> {
  const text = decode(bytes)
  if (text === null) return badLine(what, 1, 'the file is neither UTF-8 nor GB 18030')
  const { records, unclosedQuote } = parseCsv(text)
  if (unclosedQuote !== null) return badLine(what, unclosedQuote, 'a quote is never closed')
  const [head, ...rest] = records
  const columns = (head?.fields ?? []).map((field) => headers[field.trim()])
  if (required.some((column) => !columns.includes(column)))
    return badLine(what, 1, `the first line names the columns, ${required.join(' and ')} among them`)
  if (columns.includes(undefined))
    return badLine(what, 1, 'the first line has a column that is not known here')
  if (rest.length === 0 || rest.length > MOST_ROWS)
    return badLine(what, 1, `a list has 1 to ${MOST_ROWS} lines`)
  return ok(
    rest.map(({ line, fields }) => ({
      line,
      cell: (column) => (columns.includes(column) ? (fields[columns.indexOf(column)] ?? '').trim() : ''),
    })),
  )
}

/** The fault of one line: what is wrong, and nothing of what stands there. */
export function badLine(what: string, line: number, why: string) {
  return failed(new Fault('INSPECT_TABLE', `${what}, line ${line}: ${why}`))
}

function decode(bytes: Uint8Array): string | null {
  for (const encoding of ['utf-8', 'gb18030']) {
    try {
      return new TextDecoder(encoding, { fatal: true }).decode(bytes)
    } catch {
      // The next one may fit.
    }
  }
  return null
}
