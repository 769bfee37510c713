import type { EventData, EventTime, LedgerEvent, PortraitSource } from '../ledger/event.ts'
import { applyEntry } from './history-entries.ts'
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
  /** At the door; or entered afterwards by two signers, as a correction or from a paper sheet. Absent: at the door. */
  readonly origin?: 'door' | 'corrected' | 'paper'
  /** What two signers said of a doubtful one, and the leaf of that; absent or null while nobody did. */
  resolution?: { readonly decision: 'accept' | 'refuse'; readonly event: number } | null
  /** Leaf of the correction that took this one out of the count; absent or null while none did. */
  voided?: number | null
}

/** When a person was on a roster, wall milliseconds; `until` is null while they are. */
export interface SeatPeriod {
  readonly from: number
  until: number | null
}

export interface Leave {
  /** Leaf of the act that granted it. */
  readonly event: number
  readonly kind: EventData['leave.granted']['kind']
}

/** A session for people who missed another one. */
export interface MakeUp {
  readonly event: number
  readonly replaces: string
  readonly people: ReadonlySet<string>
}

/** A check in the middle of a session, called at a moment that was drawn and committed before it. */
export interface CheckCall {
  readonly event: number
  readonly session: string
  readonly at: number
  readonly until: number
  /** Who answered by when it counted, with the leaf. Nobody else was seen. */
  readonly answers: Map<
    string,
    { readonly result: EventData['check.answered']['result']; readonly event: number }
  >
}

export interface TeacherRecord {
  readonly index: number
  readonly session: string
  readonly actor: string
  readonly direction: 'in' | 'out'
  readonly substitutes: string | null
  readonly time: EventTime
}

/** What people entered by hand beside the door; see `applyEntry`. */
export interface ManualEntries {
  readonly leaves: Map<string, Map<string, Leave>>
  readonly makeUps: Map<string, MakeUp>
  readonly calls: CheckCall[]
  readonly teachers: TeacherRecord[]
  /** Acts that a cap counts: when, how many seats of a session each is about, and whether it went beyond. */
  readonly manualActs: {
    readonly event: number
    readonly at: number
    readonly seats: number
    readonly overCap: boolean
  }[]
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
  /** In ledger order, those that were entered afterwards where their time puts them. */
  readonly records: readonly AttendanceRecord[]
  /** With `cumulative` nobody has to be at any session: hours are added up. Absent: `timetable`. */
  readonly mode?: 'timetable' | 'cumulative'
  /** Absent for a history that was written by hand. */
  readonly entries?: ManualEntries
  /** Sessions of practice; null or absent: theory and practice were not told apart. */
  readonly practice?: ReadonlySet<string> | null
}

export interface AttendanceHistory {
  /** The ledger was born on a station that says of itself that it is simulated. */
  readonly simulated: boolean
  /** Wall time of the newest event: the station has recorded everything up to here. Null for an empty ledger. */
  readonly watermark: number | null
  /** In the order in which they opened. */
  readonly classes: ReadonlyMap<string, ClassHistory>
}

/** A class while its events are applied one after the other. */
export interface GrowingClass {
  title: string
  pack: ClassHistory['pack']
  sessions: readonly Session[]
  mode: 'timetable' | 'cumulative'
  readonly closed: Set<string>
  readonly seats: Map<string, SeatPeriod[]>
  readonly records: AttendanceRecord[]
  readonly entries: ManualEntries
  practice: ReadonlySet<string> | null
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
      const { class: id, title, pack, sessions, mode = 'timetable' } = event.data
      const kept = classes.get(id) ?? newClass()
      const added = kept.sessions.filter((session) => kept.entries.makeUps.has(session.id))
      const replaced = sessions.filter((session) => !kept.entries.makeUps.has(session.id))
      classes.set(id, { ...kept, title, pack, mode, sessions: [...replaced, ...added] })
      return
    }
    case 'roster.changed': {
      const seats = classes.get(event.data.class)?.seats
      if (seats === undefined) return
      for (const { person } of event.data.added) takeSeat(seats, person, event.time.wall)
      for (const person of event.data.removed) leaveSeat(seats, person, event.time.wall)
      return
    }
    case 'class.facts': {
      const target = classes.get(event.data.class)
      const { practiceSessions } = event.data.facts
      if (target !== undefined) target.practice = practiceSessions === null ? null : new Set(practiceSessions)
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
    default: {
      if (!('class' in event.data) || event.data.class === null) return
      const target = classes.get(event.data.class)
      if (target !== undefined) applyEntry(target, event)
    }
  }
}

function newClass(): Omit<GrowingClass, 'title' | 'pack' | 'mode'> {
  const entries = { leaves: new Map(), makeUps: new Map(), calls: [], teachers: [], manualActs: [] }
  return { sessions: [], closed: new Set(), seats: new Map(), records: [], entries, practice: null }
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
