import { addDays } from '../attendance/civil-date.ts'
import { civilDate } from '../common/civil-time.ts'
import { Fault } from '../common/fault.ts'
import { failed, ok, type Result } from '../common/result.ts'

export const periodKinds = ['monthly', 'quarterly', 'annual'] as const
export type PeriodKind = (typeof periodKinds)[number]

/** A span of civil days, both ends within. `due` is the day by which the report is asked for, null where none is. */
export interface Period {
  readonly kind: PeriodKind
  readonly name: string
  readonly from: string
  readonly to: string
  readonly due: string | null
}

/**
 * A period from `2026-03`, `2026-Q1` or `2026`, each for its own kind; without a text the one in which `newest`
 * (wall milliseconds) lies. Fault `EXPORT_PERIOD`.
 */
export function readPeriod(kind: PeriodKind, text: string | null, newest: number): Result<Period> {
  const given = text ?? periodOf(kind, civilDate(newest))
  const match = forms[kind].exec(given)
  if (match === null) {
    return failed(new Fault('EXPORT_PERIOD', `--period of ${kind} is ${examples[kind]}, not "${given}"`))
  }
  const [, year = '', part = ''] = match
  const months = kind === 'monthly' ? 1 : kind === 'quarterly' ? 3 : 12
  const first = kind === 'monthly' ? Number(part) : kind === 'quarterly' ? (Number(part) - 1) * 3 + 1 : 1
  const next = first + months > 12 ? `${Number(year) + 1}-01-01` : `${year}-${two(first + months)}-01`
  const due = kind === 'monthly' ? addDays(next, DUE_DAY - 1) : null
  return ok({ kind, name: given, from: `${year}-${two(first)}-01`, to: addDays(next, -1), due })
}

/** A monthly report is due by the 5th of the month after it. */
const DUE_DAY = 5

const forms: Readonly<Record<PeriodKind, RegExp>> = {
  monthly: /^([0-9]{4})-(0[1-9]|1[0-2])$/,
  quarterly: /^([0-9]{4})-Q([1-4])$/,
  annual: /^([0-9]{4})$/,
}

const examples: Readonly<Record<PeriodKind, string>> = {
  monthly: '2026-03',
  quarterly: '2026-Q1',
  annual: '2026',
}

function periodOf(kind: PeriodKind, day: string): string {
  if (kind === 'monthly') return day.slice(0, 7)
  const year = day.slice(0, 4)
  return kind === 'annual' ? year : `${year}-Q${Math.ceil(Number(day.slice(5, 7)) / 3)}`
}

function two(value: number): string {
  return String(value).padStart(2, '0')
}
