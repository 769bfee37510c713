/** What every table format can show. Numbers stay numbers; text is never a formula. */
export type Cell = string | number

/** A rectangular table; every row has as many cells as `header`. */
export interface Table {
  readonly name: string
  readonly header: readonly string[]
  readonly rows: readonly (readonly Cell[])[]
}

/** A certificate for one person: a page of its own in a PDF, a row of a table elsewhere. */
export interface Certificate {
  readonly title: string
  /** Label and value, in the order in which they are printed. */
  readonly lines: readonly (readonly [label: string, value: string])[]
  /** What the QR code says: a note that the station signed. */
  readonly code: string
}

/**
 * One kind of export, ready for any format: the renderers (xlsx, csv, pdf, json) know nothing of classes or hours.
 * A workbook has every table and the facts; a PDF too, or the certificates in their place; a CSV the one table that
 * `main` names; JSON the document behind it, where there is one, else all of it.
 */
export interface Report {
  readonly title: string
  /** What it is about: the class, or a period. */
  readonly subject: string
  /** Nothing in it is anybody's attendance; every page and every row says so. */
  readonly simulated: boolean
  readonly edition: 'full' | 'masked'
  /** What stands on the page in the place of the edition's usual name. */
  readonly editionName?: string
  readonly tables: readonly Table[]
  readonly main: number
  /** What an auditor needs to compute the same again. */
  readonly facts: Table
  /** Sentences that stand on every page: how the hours were proven, and what has to be known before they are used. */
  readonly notes: readonly string[]
  readonly ledger: LedgerState
  readonly certificates?: readonly Certificate[]
  /** A document that other software reads, such as `hours`. */
  readonly document?: object
}

/** The ledger that a report was made from. `root` in hex; `newest` is the time of its newest record, wall milliseconds. */
export interface LedgerState {
  readonly origin: string
  readonly size: number
  readonly root: string
  readonly newest: number
}

/** How far a long export is: `done` of `total` steps. */
export type Progress = (done: number, total: number) => void

export const SIMULATED_MARK = '模拟'

/** The table with a last column that says 模拟 in every row of a simulated ledger, and nothing otherwise. */
export function withRemark(table: Table, simulated: boolean): Table {
  const remark = simulated ? SIMULATED_MARK : ''
  return { ...table, header: [...table.header, '备注'], rows: table.rows.map((row) => [...row, remark]) }
}
