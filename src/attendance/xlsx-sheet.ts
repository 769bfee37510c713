import { strFromU8, unzipSync } from 'fflate'
import type { CsvRecord } from './csv-records.ts'

/*
 * The first sheet of an Office Open XML workbook (ECMA-376 part 1, §18) as rows of text. Only what a roster needs: shared,
 * inline and plain strings, numbers, formulas by their kept result. Styles, dates, other sheets and macros are not looked at.
 */

/** Larger workbooks are refused before they are unpacked, bytes. */
const MOST_UNPACKED = 64 * 1024 * 1024
/** Past these a cell address is not one of a roster. */
const MOST_COLUMNS = 256

/** Whether the bytes begin like a zip, as every workbook does. */
export function looksLikeZip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 0x03 && bytes[3] === 0x04
}

/**
 * Rows of the first sheet with their row number, empty ones left out; null when the bytes are no such workbook. Total.
 * A number with more digits than a spreadsheet keeps is written with an exponent, so that nobody takes it for exact.
 */
export function readFirstSheet(bytes: Uint8Array): CsvRecord[] | null {
  let unpacked = 0
  try {
    const files = unzipSync(bytes, {
      filter: ({ name, originalSize }) => {
        if (
          !/^xl\/(workbook\.xml|_rels\/workbook\.xml\.rels|sharedStrings\.xml|worksheets\/[^/]+\.xml)$/.test(
            name,
          )
        )
          return false
        unpacked += originalSize
        if (unpacked > MOST_UNPACKED) throw new RangeError('the workbook is too large')
        return true
      },
    })
    const text = (path: string): string | null => {
      const content = files[path]
      return content === undefined ? null : strFromU8(content)
    }
    const sheet = text(firstSheetPath(text('xl/workbook.xml'), text('xl/_rels/workbook.xml.rels')))
    return sheet === null ? null : readRows(sheet, sharedStrings(text('xl/sharedStrings.xml') ?? ''))
  } catch {
    return null
  }
}

function firstSheetPath(workbook: string | null, relations: string | null): string {
  const id = attribute(/<(?:\w+:)?sheet\s[^>]*>/.exec(workbook ?? '')?.[0] ?? '', 'r:id')
  const relation = [...(relations ?? '').matchAll(/<Relationship\s[^>]*>/g)].find(
    ([tag]) => attribute(tag, 'Id') === id,
  )
  const target = attribute(relation?.[0] ?? '', 'Target') ?? 'worksheets/sheet1.xml'
  return target.startsWith('/') ? target.slice(1) : `xl/${target}`
}

function sharedStrings(xml: string): string[] {
  return elements(xml, 'si').map(({ inner }) => runs(inner))
}

function readRows(sheet: string, shared: readonly string[]): CsvRecord[] {
  const records: CsvRecord[] = []
  for (const [place, row] of elements(sheet, 'row').entries()) {
    const fields: string[] = []
    for (const cell of elements(row.inner, 'c')) {
      const column = columnOf(attribute(cell.tag, 'r') ?? '') ?? fields.length
      if (column >= MOST_COLUMNS) continue
      while (fields.length < column) fields.push('')
      fields[column] = cellText(cell, shared)
    }
    if (fields.every((field) => field.trim() === '')) continue
    records.push({ line: Number(attribute(row.tag, 'r') ?? place + 1), fields })
  }
  return records
}

function cellText({ tag, inner }: Element, shared: readonly string[]): string {
  const type = attribute(tag, 't') ?? 'n'
  if (type === 'inlineStr') return runs(inner)
  const value = unescapeXml(elements(inner, 'v')[0]?.inner ?? '')
  if (type === 's') return shared[Number(value)] ?? ''
  if (type !== 'n' || !/^\d{16,}$/.test(value)) return value
  return `${value[0]}.${value.slice(1, 15)}E+${value.length - 1}`
}

/** Text of all runs; phonetic guides (`rPh`) are how it is read aloud, not what it says. */
function runs(xml: string): string {
  const spoken = xml.replace(/<(?:\w+:)?rPh[\s>][\s\S]*?<\/(?:\w+:)?rPh>/g, '')
  return elements(spoken, 't')
    .map(({ inner }) => unescapeXml(inner))
    .join('')
}

interface Element {
  readonly tag: string
  readonly inner: string
}

/** Elements of a name that does not nest in itself. */
function elements(xml: string, name: string): Element[] {
  const pattern = new RegExp(
    `<(?:\\w+:)?${name}(?=[\\s/>])([^>]*?)(?:/>|>([\\s\\S]*?)</(?:\\w+:)?${name}>)`,
    'g',
  )
  return [...xml.matchAll(pattern)].map(([, tag = '', inner = '']) => ({ tag, inner }))
}

function attribute(tag: string, name: string): string | null {
  const found = new RegExp(`\\s${name}\\s*=\\s*("[^"]*"|'[^']*')`).exec(` ${tag}`)?.[1]
  return found === undefined ? null : unescapeXml(found.slice(1, -1))
}

/** `C5` is column 2. */
function columnOf(address: string): number | null {
  const letters = /^[A-Z]{1,3}(?=\d)/.exec(address)?.[0]
  if (letters === undefined) return null
  return [...letters].reduce((column, letter) => column * 26 + letter.charCodeAt(0) - 64, 0) - 1
}

const named: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }

function unescapeXml(text: string): string {
  return text.replace(/&(?:#x([0-9a-fA-F]{1,6})|#(\d{1,7})|(\w+));/g, (whole, hex, decimal, name) => {
    if (name !== undefined) return named[name] ?? whole
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16)
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole
  })
}
