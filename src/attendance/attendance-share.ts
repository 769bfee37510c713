import { originOf } from './cited.ts'
import type { SessionHours } from './hours.ts'
import type { RulePack } from './rule-pack.ts'
import type { Session } from './timetable.ts'

/** How much of the timetable a person was there for. */
export interface PersonAttendance {
  /** Time of sessions that are over and that the person had a seat for, ms. */
  readonly plannedMs: number
  readonly creditedMs: number
  /** Percent, null where the pack has no such rule. */
  readonly least: number | null
  /** Null while nothing is over, or without a rule. */
  readonly met: boolean | null
  readonly clause: string
}

/** How many seats of a class's sessions were taken. */
export interface ClassAttendance {
  /** Seats in sessions that are over: people times sessions. */
  readonly seats: number
  readonly taken: number
  /** Null while nothing is over, or without a rule. A card is given at a spot check; this is what it would find on average. */
  readonly card: 'none' | 'yellow' | 'red' | null
  readonly clause: string
}

type Attended = readonly Pick<SessionHours, 'id' | 'state' | 'creditedMs' | 'reasons'>[]

/** A person's share. Whole numbers are compared, so that 80 % is met to the millisecond. */
export function personAttendance(
  attended: Attended,
  timetable: readonly Session[],
  pack: RulePack,
): PersonAttendance {
  const rule = pack.more?.lessons.personAttendancePercent
  const least = rule?.value ?? null
  const length = new Map(timetable.map(({ id, start, end }) => [id, end - start]))
  const planned = attended.filter(hadSeat)
  const plannedMs = planned.reduce((sum, { id }) => sum + (length.get(id) ?? 0), 0)
  const creditedMs = attended.reduce((sum, { creditedMs: ms }) => sum + ms, 0)
  const met = least === null || plannedMs === 0 ? null : creditedMs * 100 >= least * plannedMs
  return { plannedMs, creditedMs, least, met, clause: clause(pack, 'personAttendancePercent') }
}

/** A class's seats. A class below a limit by one seat is below it. */
export function classAttendance(
  people: readonly { readonly sessions: Attended }[],
  pack: RulePack,
): ClassAttendance {
  const seats = people.flatMap(({ sessions }) => sessions.filter(hadSeat))
  const taken = seats.filter(({ creditedMs }) => creditedMs > 0).length
  return seatsTaken(seats.length, taken, pack)
}

/** The card for so many seats that were taken: of a whole class's sessions, or of the one that an inspector counted. */
export function seatsTaken(seats: number, taken: number, pack: RulePack): ClassAttendance {
  const limits = pack.more?.lessons.classAttendancePercent.value ?? null
  const below = (percent: number) => taken * 100 < percent * seats
  const card = () =>
    below(limits?.redBelow ?? 0) ? 'red' : below(limits?.yellowBelow ?? 0) ? 'yellow' : 'none'
  return {
    seats,
    taken,
    card: limits === null || seats === 0 ? null : card(),
    clause: clause(pack, 'classAttendancePercent'),
  }
}

function hadSeat({ state, reasons }: Attended[number]): boolean {
  return state !== 'pending' && !reasons.some(({ rule }) => rule === 'not-enrolled')
}

function clause(pack: RulePack, name: 'personAttendancePercent' | 'classAttendancePercent'): string {
  const rule = pack.more?.lessons[name]
  return rule === undefined ? `${name}: ${pack.id} has no value` : originOf(name, rule, pack.id)
}
