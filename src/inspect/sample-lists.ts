import { ok, type Result } from '../common/result.ts'
import { badLine, readCsvTable } from './csv-table.ts'

/* The two lists that a sample is drawn from, as an authority keeps them: CSV, UTF-8 or GB 18030. */

export interface SampledInstitution {
  /** Letters, digits, `.`, `_`, `-`. */
  readonly id: string
  readonly name: string
  /** By risk: how much likelier than one of weight 1; 1 to 16. */
  readonly weight: number
  /** Empty: unknown, any inspector may come. */
  readonly area: string
}

export interface SampledInspector {
  readonly id: string
  readonly name: string
  /** Where they may inspect; none: everywhere. */
  readonly areas: readonly string[]
  /** Institutions that they have to keep away from. */
  readonly conflicts: readonly string[]
}

/** Both by rising id, as ASCII. */
export interface SampleLists {
  readonly institutions: readonly SampledInstitution[]
  readonly inspectors: readonly SampledInspector[]
}

/**
 * Reads both lists. Columns by name, in any order: `id,name,weight,area` (编号, 名称, 权重, 地区; weight and area may be
 * missing) and `id,name,conflicts,area` (编号, 姓名, 回避, 地区; several ids or areas with `;` between). Total. Fault
 * `INSPECT_TABLE` with the line: a bad value, an id twice, or a conflict with an institution that isn't listed.
 */
export function readSampleLists(institutions: Uint8Array, inspectors: Uint8Array): Result<SampleLists> {
  const first = readTable(institutions, 'institutions')
  if (!first.ok) return first
  const second = readTable(inspectors, 'inspectors')
  if (!second.ok) return second
  const listed: SampledInstitution[] = []
  for (const { line, cell } of first.value) {
    const weight = cell('weight') === '' ? '1' : cell('weight')
    if (!/^([1-9]|1[0-6])$/.test(weight))
      return badLine('institutions', line, 'a weight is a whole number from 1 to 16')
    listed.push({ id: cell('id'), name: cell('name'), weight: Number(weight), area: cell('area') })
  }
  const known = new Set(listed.map(({ id }) => id))
  const people: SampledInspector[] = []
  for (const { line, cell } of second.value) {
    const conflicts = several(cell('conflicts'))
    const stranger = conflicts.find((id) => !known.has(id))
    if (stranger !== undefined)
      return badLine(
        'inspectors',
        line,
        'a conflict names an institution that is not on the list: a typing error would let them in',
      )
    people.push({ id: cell('id'), name: cell('name'), areas: several(cell('area')), conflicts })
  }
  return ok({ institutions: listed.sort(byId), inspectors: people.sort(byId) })
}

type Column = 'id' | 'name' | 'weight' | 'conflicts' | 'area'

const headers: Readonly<Record<string, Column>> = {
  ...{ id: 'id', 编号: 'id', name: 'name', 名称: 'name', 姓名: 'name' },
  ...{
    weight: 'weight',
    权重: 'weight',
    conflicts: 'conflicts',
    回避: 'conflicts',
    area: 'area',
    地区: 'area',
  },
}

function readTable(bytes: Uint8Array, what: string): ReturnType<typeof readCsvTable<Column>> {
  const rows = readCsvTable(bytes, headers, ['id', 'name'], what)
  if (!rows.ok) return rows
  const seen = new Set<string>()
  for (const { line, cell } of rows.value) {
    if (!/^[A-Za-z0-9._-]{1,64}$/.test(cell('id')))
      return badLine(what, line, 'an id has letters, digits, . _ -')
    if (seen.has(cell('id'))) return badLine(what, line, 'this id comes twice')
    if (/[\t\r\n]/.test(`${cell('name')}${cell('area')}`))
      return badLine(what, line, 'a name is one line without tabs')
    seen.add(cell('id'))
  }
  return rows
}

/** `a; b；a` → a, b: each once, in order. */
function several(text: string): string[] {
  const parts = text.split(/[;；]/).map((part) => part.trim())
  return [...new Set(parts.filter((part) => part !== ''))].sort()
}

function byId(a: { readonly id: string }, b: { readonly id: string }): number {
  return a.id < b.id ? -1 : 1
}
