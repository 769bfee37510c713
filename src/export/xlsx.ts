import writeExcelFile, { type Cell as SheetCell } from 'write-excel-file/node'
import { withoutTimes } from './archive.ts'
import type { Cell, Report, Table } from './table.ts'

/** The sheets of a report: its tables, and last what they were made from, with the notes that stand on every page of paper. */
export function workbookTables({ tables, facts, notes }: Report): Table[] {
  const empty = facts.header.slice(2).map(() => '')
  return [...tables, { ...facts, rows: [...notes.map((note) => ['提示', note, ...empty]), ...facts.rows] }]
}

/**
 * Tables as one workbook, a sheet each, the header row in bold; it and the first column stay in place. Text cells are text, never
 * formulas. Same input, same bytes: the time of day that the writer packs with is taken out.
 */
export async function xlsxBytes(tables: readonly Table[]): Promise<Uint8Array> {
  const sheets = tables.map((table) => ({
    sheet: table.name,
    data: [table.header.map(headerCell), ...table.rows.map((row) => row.map(bodyCell))],
    columns: table.header.map((_title, column) => ({ width: columnWidth(table, column) })),
    stickyRowsCount: 1,
    stickyColumnsCount: 1,
  }))
  return withoutTimes(await writeExcelFile(sheets).toBuffer())
}

function headerCell(title: string): SheetCell {
  return { value: title, type: String, fontWeight: 'bold', wrap: true, alignVertical: 'center' }
}

function bodyCell(cell: Cell): SheetCell {
  if (cell === '') return null
  return typeof cell === 'number' ? { value: cell, type: Number } : { value: cell, type: String, format: '@' }
}

/** In characters; a Chinese one is two wide. Long text wraps nothing and is cut at a readable width. */
function columnWidth(table: Table, column: number): number {
  let longest = displayWidth(table.header[column] ?? '')
  for (const row of table.rows) {
    // A large class has a million cells: looking stops where a longer one changes nothing.
    if (longest >= WIDEST) break
    longest = Math.max(longest, displayWidth(String(row[column] ?? '')))
  }
  return Math.min(Math.max(longest + 2, 6), WIDEST)
}

const WIDEST = 60

function displayWidth(text: string): number {
  let width = 0
  for (const character of text) width += character > '\u2e7f' ? 2 : 1
  return width
}
