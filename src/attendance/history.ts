import type { EventData, EventTime, LedgerEvent, PortraitSource } from '../ledger/event.ts'
import type { Session } from './timetable.ts'

/** One sign-in or sign-out, as recorded. */
export interface AttendanceRecord {
  /** Leaf index: the order in which things happened at this station. */
  readonly index: number
  readonly session: string
  readonly person: string
  readonly direction: EventData['attendance']['direction']
  readonly outcome: EventData['attendance']['outcome']
  readonly portrait: PortraitSource
  /** The hardware or the clock was simulated. */
  readonly simulated: boolean
  /** The person was on the roster when this was recorded. */
  readonly seated: boolean
  readonly time: EventTime
}

/** When a person was on a roster, wall milliseconds; `until` is null while they are. */
export interface SeatPeriod {
  readonly from: number
  until: number | null
}

export interface ClassHistory {
  readonly id: string
  readonly title: string
  /** The rule pack that the class named when it opened. */
  readonly pack: { readonly id: string; readonly sha256: string }
  readonly sessions: readonly Session[]
  /** Ids of sessions that the station closed. */
  readonly closed: ReadonlySet<string>
  /** Everybody who ever had a seat, in the order in which they got it. */
  readonly seats: ReadonlyMap<string, readonly SeatPeriod[]>
  /** In ledger order. */
  readonly records: readonly AttendanceRecord[]
}

export interface AttendanceHistory {
  /** The ledger was born on a station that says of itself that it is simulated. */
  readonly simulated: boolean
  /** Wall time of the newest event: the station has recorded everything up to here. Null for an empty ledger. */
  readonly watermark: number | null
  /** In the order in which they opened. */
  readonly classes: ReadonlyMap<string, ClassHistory>
}

interface GrowingClass {
  title: string
  pack: ClassHistory['pack']
  sessions: readonly Session[]
  readonly closed: Set<string>
  readonly seats: Map<string, SeatPeriod[]>
  readonly records: AttendanceRecord[]
}

/**
 * What a ledger says about classes, as a pure function of its events in order. A class that is opened again
 * keeps its people and records and takes the newer timetable and pack, as the door does.
 */
export function projectHistory(events: Iterable<LedgerEvent>): AttendanceHistory {
  const classes = new Map<string, GrowingClass>()
  let simulated = false
  let watermark: number | null = null
  for (const event of events) {
    watermark = event.time.wall
    if (event.type === 'station.key' && event.index === 0) simulated = event.data.simulated
    else apply(classes, event)
  }
  const named = [...classes].map(([id, growing]): [string, ClassHistory] => [id, { id, ...growing }])
  return { simulated, watermark, classes: new Map(named) }
}

function apply(classes: Map<string, GrowingClass>, event: LedgerEvent): void {
  switch (event.type) {
    case 'class.opened': {
      const { class: id, title, pack, sessions } = event.data
      const kept = classes.get(id) ?? { closed: new Set(), seats: new Map(), records: [] }
      classes.set(id, { ...kept, title, pack, sessions })
      return
    }
    case 'roster.changed': {
      const seats = classes.get(event.data.class)?.seats
      if (seats === undefined) return
      for (const { person } of event.data.added) takeSeat(seats, person, event.time.wall)
      for (const person of event.data.removed) leaveSeat(seats, person, event.time.wall)
      return
    }
    case 'session.closed':
      classes.get(event.data.class)?.closed.add(event.data.session)
      return
    case 'attendance': {
      const { class: id, session, person, direction, outcome, portrait } = event.data
      const target = classes.get(id)
      if (target === undefined) return
      const simulated = event.data.simulated || event.time.trust === 'simulated'
      const seated = isSeated(target.seats, person)
      const { index, time } = event
      target.records.push({ index, session, person, direction, outcome, portrait, simulated, seated, time })
      return
    }
  }
}

function takeSeat(seats: Map<string, SeatPeriod[]>, person: string, wall: number): void {
  const periods = seats.get(person) ?? []
  if (periods.at(-1)?.until !== null) periods.push({ from: wall, until: null })
  seats.set(person, periods)
}

function leaveSeat(seats: Map<string, SeatPeriod[]>, person: string, wall: number): void {
  const last = seats.get(person)?.at(-1)
  if (last !== undefined && last.until === null) last.until = wall
}

function isSeated(seats: ReadonlyMap<string, readonly SeatPeriod[]>, person: string): boolean {
  return seats.get(person)?.at(-1)?.until === null
}
