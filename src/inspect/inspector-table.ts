import { parseCivilDate } from '../attendance/civil-date.ts'
import { Fault } from '../common/fault.ts'
import { failed, ok, type Result } from '../common/result.ts'
import { badLine, readCsvTable } from './csv-table.ts'
import type { InspectorList } from './inspector-list.ts'

/* An authority's own table of its inspectors, and the list that is made from it. */

const headers = {
  ...{ key: 'key', 公钥: 'key', from: 'from', 自: 'from', until: 'until', 至: 'until' },
  ...{ revoked: 'revoked', 撤销: 'revoked', name: 'name', 姓名: 'name' },
} as const

type Entries = Pick<InspectorList, 'inspectors' | 'revoked'>

/**
 * Reads CSV with the columns `key,from,until,revoked,name` (公钥, 自, 至, 撤销, 姓名; the last two may be missing). Days are
 * civil days of China, the last one included. A key with a day under `revoked` is an inspector's no more, from the
 * first moment of that day. Names stay in the table. Total. Fault `INSPECT_TABLE` with the line.
 */
export function readInspectorTable(bytes: Uint8Array): Result<Entries> {
  const rows = readCsvTable(bytes, headers, ['key', 'from', 'until'], 'inspectors')
  if (!rows.ok) return rows
  const inspectors: Entries['inspectors'][number][] = []
  const revoked: Entries['revoked'][number][] = []
  const seen = new Set<string>()
  for (const { line, cell } of rows.value) {
    const publicKey = cell('key').toLowerCase()
    if (!/^[0-9a-f]{64}$/.test(publicKey)) return badLine('inspectors', line, 'a key is 64 hex digits')
    if (seen.has(publicKey)) return badLine('inspectors', line, 'this key comes twice')
    seen.add(publicKey)
    const since = cell('revoked') === '' ? null : startOf(cell('revoked'))
    if (cell('revoked') !== '' && since === null)
      return badLine('inspectors', line, 'the day of a revocation is written as 2026-03-01')
    if (since !== null) {
      revoked.push({ publicKey, since })
      continue
    }
    const [from, until] = [startOf(cell('from')), endOf(cell('until'))]
    if (from === null || until === null) return badLine('inspectors', line, 'days are written as 2026-03-01')
    if (until <= from) return badLine('inspectors', line, 'the last day is before the first')
    inspectors.push({ publicKey, from, until })
  }
  return ok({ inspectors, revoked })
}

/**
 * The next list: `number` above the one before, and nobody it had struck off let in again. `validTo` is the last civil day
 * on which it counts as current. Faults: `INSPECT_LIST_OLDER`, `INSPECT_LIST_UNREVOKED`, `INSPECT_LIST_TERM`.
 */
export function nextInspectorList(
  entries: Entries,
  given: {
    readonly number: number
    readonly issued: number
    readonly validTo: string
    readonly previous: InspectorList | null
  },
): Result<InspectorList> {
  const { number, issued, validTo, previous } = given
  const until = endOf(validTo)
  if (until === null || until <= issued)
    return failed(
      new Fault('INSPECT_LIST_TERM', 'a list is valid to a day that is still to come, as 2026-06-01'),
    )
  if (previous !== null && number <= previous.number)
    return failed(
      new Fault('INSPECT_LIST_OLDER', `the list before has number ${previous.number}: take a higher one`),
    )
  const struck = new Set(entries.revoked.map(({ publicKey }) => publicKey))
  const forgotten = previous?.revoked.find(({ publicKey }) => !struck.has(publicKey))
  if (forgotten !== undefined) {
    const why = `key ${forgotten.publicKey.slice(0, 16)}… was revoked on the list before and is not on this one`
    return failed(new Fault('INSPECT_LIST_UNREVOKED', why))
  }
  return ok({ number, issued, until, ...entries })
}

function startOf(text: string): number | null {
  const day = parseCivilDate(text)
  return day === null ? null : Date.parse(`${day}T00:00:00+08:00`)
}

/** The last second of a civil day in China. */
function endOf(text: string): number | null {
  const day = parseCivilDate(text)
  return day === null ? null : Date.parse(`${day}T23:59:59+08:00`)
}
