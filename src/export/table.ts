/** What every table format can show. Numbers stay numbers; text is never a formula. */
export type Cell = string | number

/** A rectangular table; every row has as many cells as `header`. */
export interface Table {
  readonly name: string
  readonly header: readonly string[]
  readonly rows: readonly (readonly Cell[])[]
}
