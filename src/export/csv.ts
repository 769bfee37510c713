import type { Cell, Table } from './table.ts'

/**
 * A table as CSV: UTF-8 with byte order mark, CRLF, quoted by RFC 4180. Same input, same bytes.
 * Text that a spreadsheet would run as a formula gets an apostrophe before it (OWASP, CSV injection); a long
 * number in text (an identity number) gets a tab, because a spreadsheet keeps only 15 digits of it.
 */
export function csvBytes(table: Table): Uint8Array {
  const lines = [table.header, ...table.rows].map((row) => row.map(field).join(','))
  return new TextEncoder().encode(`\uFEFF${lines.join('\r\n')}\r\n`)
}

const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/
const LONG_NUMBER = /^[0-9]{12,}[Xx]?$/

function field(cell: Cell): string {
  if (typeof cell === 'number') return String(cell)
  const safe = FORMULA.test(cell) ? `'${cell}` : LONG_NUMBER.test(cell) ? `\t${cell}` : cell
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
