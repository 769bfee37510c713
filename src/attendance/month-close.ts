import { createHash } from 'node:crypto'
import { civilDate } from '../common/civil-time.ts'
import type { EventData, LedgerEvent } from '../ledger/event.ts'
import { openDoubts } from './doubts.ts'
import { addEvidence, type EvidenceTotals, evidenceLevels } from './evidence.ts'
import type { ClassHistory } from './history.ts'
import type { HoursDocument, SessionHours } from './hours.ts'
import type { Session } from './timetable.ts'

/** A month of a class as it stands now. `month` is `YYYY-MM`; a session belongs to the month in which it starts. */
export interface MonthFigures {
  readonly month: string
  readonly sessions: number
  /** Doubtful records of the month that nobody decided, and its sessions that are not over. */
  readonly doubts: number
  readonly ahead: number
  /** Credited time of everybody, milliseconds. */
  readonly totals: EvidenceTotals
  /** `monthDigest` of it. */
  readonly hours: string
}

/** How a month was closed, the newest time. */
export interface MonthClosing {
  readonly event: number
  /** Wall milliseconds. */
  readonly at: number
  readonly hours: string
  readonly exceptions: EventData['month.closed']['exceptions']
}

export interface MonthStanding extends MonthFigures {
  readonly closed: (MonthClosing & { readonly changed: boolean }) | null
}

/** Every month of a class's timetable in order, each with its newest closing and whether its hours changed since. */
export function monthStandings(
  history: ClassHistory,
  hours: HoursDocument,
  events: Iterable<LedgerEvent>,
  now: number,
): MonthStanding[] {
  const closings = monthClosings(events, history.id)
  const months = [...new Set(history.sessions.map(monthOf))].sort()
  return months.map((month) => {
    const figures = monthFigures(history, hours, month, now)
    const closing = closings.get(month)
    const closed = closing === undefined ? null : { ...closing, changed: closing.hours !== figures.hours }
    return { ...figures, closed }
  })
}

export function monthFigures(
  history: ClassHistory,
  hours: HoursDocument,
  month: string,
  now: number,
): MonthFigures {
  const sessions = history.sessions.filter((session) => monthOf(session) === month)
  const ids = new Set(sessions.map(({ id }) => id))
  const seats = hours.people.flatMap((person) =>
    person.sessions
      .filter((session) => ids.has(session.id) && hadSeat(session))
      .map((session) => ({ person: person.person, session })),
  )
  return {
    month,
    sessions: sessions.length,
    doubts: openDoubts(history).filter(({ session }) => ids.has(session)).length,
    ahead: sessions.filter(({ end }) => end > now).length,
    totals: addEvidence(seats.map(({ session }) => session.byEvidence)),
    hours: monthDigest(hours, month, seats),
  }
}

/** The newest closing of each month of one class. */
export function monthClosings(
  events: Iterable<LedgerEvent>,
  classId: string,
): ReadonlyMap<string, MonthClosing> {
  const closings = new Map<string, MonthClosing>()
  for (const { type, data, index, time } of events) {
    if (type !== 'month.closed' || data.class !== classId) continue
    const { month, hours, exceptions } = data
    closings.set(month, { event: index, at: time.wall, hours, exceptions })
  }
  return closings
}

interface Seat {
  readonly person: string
  readonly session: SessionHours
}

/**
 * SHA-256, hex, over a line `class TAB month TAB sha256 of the rule pack`, then one line a person and session, sorted
 * by their bytes: `person TAB session TAB state TAB` and the credited milliseconds by evidence, strongest first,
 * separated by TAB. Each line ends with LF, UTF-8.
 */
function monthDigest(hours: HoursDocument, month: string, seats: readonly Seat[]): string {
  const lines = seats.map(({ person, session: { id, state, byEvidence } }) =>
    [person, id, state, ...evidenceLevels.map((level) => byEvidence[level])].join('\t'),
  )
  const head = [hours.class, month, hours.pack.sha256].join('\t')
  const sorted = lines.map((line) => Buffer.from(`${line}\n`)).sort(Buffer.compare)
  return createHash('sha256')
    .update(Buffer.concat([Buffer.from(`${head}\n`), ...sorted]))
    .digest('hex')
}

/** Whoever had no seat then is no part of the month, so that somebody who joins later doesn't change it. */
function hadSeat({ reasons }: SessionHours): boolean {
  return !reasons.some(({ rule }) => rule === 'not-enrolled')
}

function monthOf({ start }: Pick<Session, 'start'>): string {
  return civilDate(start).slice(0, 7)
}
