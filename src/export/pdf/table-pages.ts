import type { Table } from '../table.ts'
import { FOOT, HEAD, MARGIN } from './frame.ts'
import type { Paper } from './paper.ts'

/* A table cut to pages: long ones go on below, wide ones beside with their first columns repeated. */

export interface TablePage {
  readonly heading: string
  readonly columns: readonly { readonly index: number; readonly width: number }[]
  readonly header: PrintedRow
  readonly rows: readonly PrintedRow[]
}

/** Lines of every cell of the page's columns. */
interface PrintedRow {
  readonly cells: readonly (readonly string[])[]
  readonly height: number
}

const SIZE = 8
const LINE = 10.5
const PADDING = 3
/** A4 across. */
const PAGE_WIDTH = 841.89
const PAGE_HEIGHT = 595.28
const USABLE_WIDTH = PAGE_WIDTH - 2 * MARGIN
const USABLE_HEIGHT = PAGE_HEIGHT - HEAD - FOOT
/** Narrowest and widest column, points; the widest gets narrower while that puts a table on one page. */
const NARROWEST = 22
const WIDEST = [230, 150, 110, 94, 76] as const
/** Wide enough for an identity number; for a table that is cut to several pages anyway. */
const WIDEST_OF_MANY = 94
/** Columns that are repeated beside, at most, and the share of the page that they may take. */
const REPEATED = 3
const REPEATED_SHARE = 0.4

/** Pages of a table, in reading order: all rows of the first columns, then all rows of the next. */
export function tablePages(paper: Paper, table: Table): TablePage[] {
  return columnBlocks(columnWidths(paper, table)).flatMap((columns, block, blocks) => {
    const header = printRow(paper, table.header, columns)
    const lines = Math.floor((USABLE_HEIGHT - header.height - 2 * PADDING) / LINE)
    const rows = table.rows.flatMap((row) => splitRow(printRow(paper, row, columns), lines))
    const heading = blocks.length === 1 ? table.name : `${table.name}（${block + 1}/${blocks.length}）`
    return fillPages(rows, USABLE_HEIGHT - header.height).map((part) => ({
      heading,
      columns,
      header,
      rows: part,
    }))
  })
}

/** Draws a page's cells below the frame's head. */
export function drawTablePage(paper: Paper, { columns, header, rows }: TablePage): void {
  const width = columns.reduce((sum, column) => sum + column.width, 0)
  paper.fill(MARGIN, HEAD, width, header.height, 0.93)
  const boxes: [number, number, number, number][] = []
  let y = HEAD
  for (const { cells, height } of [header, ...rows]) {
    let x = MARGIN
    for (const [position, column] of columns.entries()) {
      boxes.push([x, y, column.width, height])
      for (const [line, text] of (cells[position] ?? []).entries()) {
        paper.text(text, x + PADDING, y + PADDING - 1 + line * LINE, SIZE)
      }
      x += column.width
    }
    y += height
  }
  paper.boxes(boxes)
}

function columnWidths(paper: Paper, table: Table): number[] {
  const natural = table.header.map((title, column) => {
    const body = table.rows.reduce((width, row) => {
      return Math.max(width, width >= WIDEST[0] ? 0 : paper.measure(String(row[column] ?? ''), SIZE))
    }, 0)
    // A long title is wrapped rather than making a column of marks as wide as a date.
    return Math.max(body, Math.min(paper.measure(title, SIZE), 42)) + 2 * PADDING + 1
  })
  const bounded = (widest: number) => natural.map((width) => Math.min(Math.max(width, NARROWEST), widest))
  const fitting = WIDEST.map(bounded).find((widths) => total(widths) <= USABLE_WIDTH)
  return fitting ?? bounded(WIDEST_OF_MANY)
}

function columnBlocks(widths: readonly number[]): TablePage['columns'][] {
  const columns = widths.map((width, index) => ({ index, width }))
  if (total(widths) <= USABLE_WIDTH) return [columns]
  const kept = columns.filter(
    ({ index }) => index < REPEATED && total(widths.slice(0, index + 1)) <= USABLE_WIDTH * REPEATED_SHARE,
  )
  const room = USABLE_WIDTH - total(kept.map(({ width }) => width))
  const blocks: { index: number; width: number }[][] = []
  let used = Number.POSITIVE_INFINITY
  for (const column of columns.slice(kept.length)) {
    if (used + column.width > room) {
      blocks.push([...kept])
      used = 0
    }
    blocks.at(-1)?.push(column)
    used += column.width
  }
  return blocks
}

function printRow(
  paper: Paper,
  row: readonly (string | number)[],
  columns: TablePage['columns'],
): PrintedRow {
  const cells = columns.map(({ index, width }) =>
    paper.wrap(String(row[index] ?? ''), width - 2 * PADDING, SIZE),
  )
  return { cells, height: heightOf(cells) }
}

/** A row that is higher than a page goes on in rows below. */
function splitRow(row: PrintedRow, lines: number): PrintedRow[] {
  const most = Math.max(...row.cells.map((cell) => cell.length))
  if (most <= lines) return [row]
  return Array.from({ length: Math.ceil(most / lines) }, (_, part) => {
    const cells = row.cells.map((cell) => cell.slice(part * lines, (part + 1) * lines))
    return { cells, height: heightOf(cells) }
  })
}

function fillPages(rows: readonly PrintedRow[], room: number): PrintedRow[][] {
  const pages: PrintedRow[][] = [[]]
  let used = 0
  for (const row of rows) {
    if (used + row.height > room) {
      pages.push([])
      used = 0
    }
    pages.at(-1)?.push(row)
    used += row.height
  }
  return pages
}

function heightOf(cells: readonly (readonly string[])[]): number {
  return Math.max(1, ...cells.map((cell) => cell.length)) * LINE + 2 * PADDING - 1
}

function total(widths: readonly number[]): number {
  return widths.reduce((sum, width) => sum + width, 0)
}
