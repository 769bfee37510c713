import { classHours } from '../attendance/class-hours.ts'
import { type MonthStanding, monthStandings } from '../attendance/month-close.ts'
import { Fault } from '../common/fault.ts'
import { failed, ok, type Result } from '../common/result.ts'
import type { StationData } from './data-folder.ts'
import { packFolder } from './setup.ts'
import { countSupervisors, type Signer, type Staff } from './staff.ts'

type Reading = Pick<StationData, 'dir' | 'ledger' | 'clock'>

/** The months of a class as they stand now. Faults: `ROSTER_CLASS_UNKNOWN`, `PACK_NOT_FOUND`. */
export function classMonths({ dir, ledger, clock }: Reading, id: string): Result<MonthStanding[]> {
  const recorded = [...ledger.events()]
  const computed = classHours(recorded, id, { packFolders: [packFolder(dir)] })
  if (!computed.ok) return computed
  const events = recorded.map(({ event }) => event)
  const { history, hours } = computed.value
  return ok(monthStandings(history, hours, events, clock.now().wall))
}

/**
 * Closes a month of a class by two people, one of them a supervisor. With undecided records or sessions ahead it is
 * closed with a reason only, and the record says what was open. A month that was closed and has not changed since
 * stays as it is: `already`, and no event.
 * Faults: `CLASS_MONTH_EMPTY`, `CLASS_MONTH_OPEN`, `STATION_NOT_SUPERVISOR`, those of `classMonths` and `Staff.sign`.
 */
export function closeMonth(
  data: StationData,
  staff: Staff,
  given: { readonly class: string; readonly month: string; readonly reason: string | null },
  signers: readonly [Signer, Signer],
): Result<{ index: number; already: boolean }> {
  const { size } = data.ledger
  const months = classMonths(data, given.class)
  if (!months.ok) return months
  const found = months.value.find(({ month }) => month === given.month)
  if (found === undefined) {
    return failed(new Fault('CLASS_MONTH_EMPTY', `the class has no session in ${given.month}`))
  }
  const { doubts, ahead, hours, totals, closed } = found
  const isOpen = doubts > 0 || ahead > 0
  if (isOpen && given.reason === null) {
    const what = `${doubts} doubtful records are not resolved and ${ahead} sessions have not ended`
    return failed(new Fault('CLASS_MONTH_OPEN', `${what}; close it with a reason or clear them first`))
  }
  if (countSupervisors(staff, signers) === 0) {
    return failed(new Fault('STATION_NOT_SUPERVISOR', 'one of the two is a supervisor'))
  }
  const exceptions =
    isOpen && given.reason !== null ? { doubts, sessions: ahead, reason: given.reason } : null
  const body = { class: given.class, month: given.month, hours, size, totals, exceptions }
  const act = staff.sign({ act: 'month.close', ...body }, signers)
  if (!act.ok) return act
  if (closed !== null && !closed.changed) return ok({ index: closed.event, already: true })
  const { index } = data.ledger.append({ type: 'month.closed', data: { ...body, act: act.value } })
  data.ledger.keepCheckpoint('session')
  return ok({ index, already: false })
}
