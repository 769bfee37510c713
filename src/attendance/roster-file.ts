import { z } from 'zod'
import { failed, ok, type Result } from '../common/result.ts'
import { type CsvRecord, parseCsv } from './csv-records.ts'
import { looksLikeZip, readFirstSheet } from './xlsx-sheet.ts'

/** One trainee of a roster file, cleaned and checked. */
export interface RosterRow {
  /** Line of the text or row of the sheet, counted from 1. */
  readonly line: number
  readonly name: string
  readonly number: string
  /** Path relative to the roster file, as written; null without a portrait. */
  readonly portrait: string | null
  /** Number of the trainee's training voucher, null without one: a scanned voucher then finds its person. */
  readonly voucher: string | null
  /** 卡识别码 of the trainee's social security card, 32 hex digits: what a card of the third generation gives. */
  readonly cardCode: string | null
}

export interface RosterError {
  /** Line in the file, null when it is about the whole file. */
  readonly line: number | null
  readonly code: RosterErrorCode
  /** For people; names no one. */
  readonly message: string
}

export type RosterErrorCode =
  | 'ROSTER_ENCODING'
  | 'ROSTER_QUOTE'
  | 'ROSTER_WORKBOOK'
  | 'ROSTER_EMPTY'
  | 'ROSTER_TOO_LONG'
  | 'ROSTER_COLUMN_MISSING'
  | 'ROSTER_COLUMN_TWICE'
  | 'ROSTER_ROW_SHAPE'
  | 'ROSTER_NAME'
  | 'ROSTER_NUMBER'
  | 'ROSTER_NUMBER_ROUNDED'
  | 'ROSTER_NUMBER_TWICE'
  | 'ROSTER_TOO_YOUNG'
  | 'ROSTER_CARD_CODE'
  | 'ROSTER_PORTRAIT_PATH'
  | 'ROSTER_PORTRAIT_MISSING'
  | 'ROSTER_PORTRAIT_INVALID'

/** Header names that stand for each column. A province's own template brings its own map. */
export const columnMap = z.strictObject({
  name: z.array(z.string().min(1)).min(1),
  number: z.array(z.string().min(1)).min(1),
  portrait: z.array(z.string().min(1)),
  voucher: z.array(z.string().min(1)).default([]),
  cardCode: z.array(z.string().min(1)).default([]),
})
export type ColumnMap = z.infer<typeof columnMap>

export const defaultColumns: ColumnMap = {
  name: ['姓名', '学员姓名', 'name'],
  number: ['身份证号', '身份证号码', '公民身份号码', '证件号码', 'number'],
  portrait: ['照片', 'portrait'],
  voucher: ['培训券号', '培训券编号', 'voucher'],
  cardCode: ['社保卡识别码', '卡识别码', 'card code'],
}

/** As many as one roster event takes. */
export const MAX_ROSTER_ROWS = 5000

export interface RosterChecks {
  /** The number in its canonical form, or null when it is not a real one. */
  readonly parseNumber: (text: string) => string | null
  /** Whether the holder of a number is too young to be put on a roster; nobody is when absent. */
  readonly isTooYoung?: (number: string) => boolean
  readonly columns?: ColumnMap
}

/**
 * Reads a roster: the first sheet of an xlsx workbook, or CSV text in UTF-8 with or without byte order mark, else GBK.
 * All rows or all errors: a file with one bad row gives no row. Total.
 */
export function parseRosterFile(
  bytes: Uint8Array,
  { parseNumber, isTooYoung = () => false, columns = defaultColumns }: RosterChecks,
): Result<readonly RosterRow[], readonly RosterError[]> {
  const read = looksLikeZip(bytes) ? readWorkbook(bytes) : readText(bytes)
  if (!read.ok) return failed([read.fault])
  const [header, ...body] = read.value
  if (header === undefined || body.length === 0)
    return refuse(null, 'ROSTER_EMPTY', 'the file has no trainees')
  if (body.length > MAX_ROSTER_ROWS) {
    return refuse(null, 'ROSTER_TOO_LONG', `a roster has at most ${MAX_ROSTER_ROWS} trainees`)
  }
  const places = findColumns(header, columns)
  if (!places.ok) return failed([places.fault])

  const errors: RosterError[] = []
  const rows: RosterRow[] = []
  const lineOf = new Map<string, number>()
  for (const record of body) {
    const row = readRow(record, header.fields.length, places.value, parseNumber)
    if (!row.ok) {
      errors.push(...row.fault)
      continue
    }
    const earlier = lineOf.get(row.value.number)
    if (earlier !== undefined) {
      errors.push(problem(record.line, 'ROSTER_NUMBER_TWICE', `the same number as in line ${earlier}`))
    }
    if (isTooYoung(row.value.number)) {
      errors.push(problem(record.line, 'ROSTER_TOO_YOUNG', 'the trainee is too young to be enrolled'))
    }
    lineOf.set(row.value.number, record.line)
    rows.push(row.value)
  }
  return errors.length > 0 ? failed(errors) : ok(rows)
}

interface Places {
  readonly name: number
  readonly number: number
  /** Null when the file has no such column. */
  readonly portrait: number | null
  readonly voucher: number | null
  readonly cardCode: number | null
}

const optionalColumns = ['portrait', 'voucher', 'cardCode'] as const

function findColumns(header: CsvRecord, columns: ColumnMap): Result<Places, RosterError> {
  const titles = header.fields.map((field) => field.trim().toLowerCase())
  const places = { name: -1, number: -1, portrait: -1, voucher: -1, cardCode: -1 }
  for (const column of ['name', 'number', ...optionalColumns] as const) {
    const known = columns[column].map((title) => title.toLowerCase())
    const found = titles.flatMap((title, place) => (known.includes(title) ? [place] : []))
    if (found.length > 1) {
      return failed(problem(header.line, 'ROSTER_COLUMN_TWICE', `more than one column for ${column}`))
    }
    places[column] = found[0] ?? -1
    if (places[column] < 0 && (column === 'name' || column === 'number')) {
      const names = columns[column].join(', ')
      return failed(
        problem(header.line, 'ROSTER_COLUMN_MISSING', `no column for ${column}; known titles: ${names}`),
      )
    }
  }
  const [portrait, voucher, cardCode] = optionalColumns.map((column) =>
    places[column] < 0 ? null : places[column],
  )
  return ok({
    ...places,
    portrait: portrait ?? null,
    voucher: voucher ?? null,
    cardCode: cardCode ?? null,
  })
}

function readRow(
  { line, fields }: CsvRecord,
  width: number,
  places: Places,
  parseNumber: RosterChecks['parseNumber'],
): Result<RosterRow, RosterError[]> {
  if (fields.length > width && fields.slice(width).some((field) => field.trim() !== '')) {
    return failed([problem(line, 'ROSTER_ROW_SHAPE', 'the row has more fields than the header')])
  }
  const errors: RosterError[] = []
  const name = (fields[places.name] ?? '').normalize('NFC').trim()
  const written = cleanNumber(fields[places.number] ?? '')
  const optional = (place: number | null): string => (place === null ? '' : (fields[place] ?? '').trim())
  const portrait = optional(places.portrait)
  const voucher = optional(places.voucher)
  const cardCode = cleanNumber(optional(places.cardCode)).toUpperCase()
  const number = parseNumber(written)
  if (name === '' || name.length > 100 || /\p{Cc}/u.test(name)) {
    errors.push(problem(line, 'ROSTER_NAME', 'the name is missing, too long or not text'))
  }
  if (/^[0-9.]+E\+?[0-9]+$/i.test(written)) {
    const message = 'a spreadsheet has rounded this number; format the column as text and enter it again'
    errors.push(problem(line, 'ROSTER_NUMBER_ROUNDED', message))
  } else if (number === null) {
    errors.push(
      problem(line, 'ROSTER_NUMBER', 'the identity number is missing or its check character is wrong'),
    )
  }
  if (!/^([0-9A-F]{32})?$/.test(cardCode)) {
    errors.push(problem(line, 'ROSTER_CARD_CODE', 'the code of a social security card has 32 hex digits'))
  }
  if (!isInsidePath(portrait)) {
    errors.push(
      problem(line, 'ROSTER_PORTRAIT_PATH', 'a portrait lies beside the roster file or in a folder there'),
    )
  }
  if (errors.length > 0 || number === null) return failed(errors)
  return ok({
    line,
    name,
    number,
    portrait: portrait || null,
    voucher: voucher || null,
    cardCode: cardCode || null,
  })
}

/** Full-width digits become half-width; what spreadsheets put around a number to keep it as text goes. */
function cleanNumber(field: string): string {
  return field.normalize('NFKC').replace(/[\s'’]/g, '')
}

function isInsidePath(path: string): boolean {
  const parts = path.split(/[\\/]/)
  return !/^([\\/]|[a-z]:)/i.test(path) && !parts.includes('..') && !path.includes('\0')
}

function readWorkbook(bytes: Uint8Array): Result<readonly CsvRecord[], RosterError> {
  const records = readFirstSheet(bytes)
  if (records !== null) return ok(records)
  return failed(
    problem(null, 'ROSTER_WORKBOOK', 'the file is no xlsx workbook, or one that is damaged or too large'),
  )
}

function readText(bytes: Uint8Array): Result<readonly CsvRecord[], RosterError> {
  const text = decodeText(bytes)
  if (text === null) {
    return failed(problem(null, 'ROSTER_ENCODING', 'the file is neither UTF-8 nor GBK text'))
  }
  const { records, unclosedQuote } = parseCsv(text)
  if (unclosedQuote === null) return ok(records)
  return failed(problem(unclosedQuote, 'ROSTER_QUOTE', 'a quoted field is never closed'))
}

function decodeText(bytes: Uint8Array): string | null {
  for (const encoding of ['utf-8', 'gbk']) {
    try {
      const text = new TextDecoder(encoding, { fatal: true }).decode(bytes)
      if (!text.includes('\0')) return text
    } catch {
      // The next encoding may fit.
    }
  }
  return null
}

function refuse(line: number | null, code: RosterErrorCode, message: string) {
  return failed([problem(line, code, message)])
}

function problem(line: number | null, code: RosterErrorCode, message: string): RosterError {
  return { line, code, message }
}
