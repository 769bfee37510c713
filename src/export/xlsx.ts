import { unzipSync } from 'fflate'
import writeExcelFile, { type Cell as SheetCell } from 'write-excel-file/node'
import { archive } from './archive.ts'
import type { Cell, Table } from './table.ts'

/**
 * Tables as one workbook, a sheet each, the header row in bold; it and the first column stay in place. Text cells are text, never
 * formulas. Same input, same bytes: the writer's zip carries the time of day, so it is packed again without.
 */
export async function xlsxBytes(tables: readonly Table[]): Promise<Uint8Array> {
  const sheets = tables.map((table) => ({
    sheet: table.name,
    data: [table.header.map(headerCell), ...table.rows.map((row) => row.map(bodyCell))],
    columns: table.header.map((_title, column) => ({ width: columnWidth(table, column) })),
    stickyRowsCount: 1,
    stickyColumnsCount: 1,
  }))
  const workbook = unzipSync(await writeExcelFile(sheets).toBuffer())
  const paths = Object.keys(workbook).sort()
  return archive(new Map(paths.map((path) => [path, workbook[path] ?? new Uint8Array()])), 'deflated')
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
  const rows = [table.header, ...table.rows]
  const longest = rows.reduce((width, row) => Math.max(width, displayWidth(String(row[column] ?? ''))), 0)
  return Math.min(Math.max(longest + 2, 6), 60)
}

function displayWidth(text: string): number {
  return [...text].reduce((width, character) => width + (character > '\u2e7f' ? 2 : 1), 0)
}
