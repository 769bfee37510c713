import { openDoubts } from '../attendance/doubts.ts'
import { projectHistory } from '../attendance/history.ts'
import type { Session } from '../attendance/timetable.ts'
import type { EventData, LedgerEvent } from '../ledger/event.ts'
import { seatsOf } from './draw-plan.ts'

/** What a log claims about a class, for somebody who has ten seconds. Counts are of people where nothing else is said. */
export interface VisitFacts {
  readonly class: string
  readonly title: string
  /** What was filed before the class opened, null for a class that was never filed here. */
  readonly filing: Pick<
    EventData['class.filed'],
    'institution' | 'occupation' | 'level' | 'from' | 'to' | 'basis' | 'unconfirmed'
  > | null
  /** The session at the moment, null between sessions. */
  readonly session: Session | null
  /** Where the newest filing or opening that names a room says that the class is taught; null when none does. */
  readonly room: string | null
  readonly expected: number
  /** Signed in for this session, and of them those who have not signed out. */
  readonly signedIn: number
  readonly present: number
  /** The inspector's own count of the people in the room; null until they counted. */
  readonly headcount: number | null
  /** Doubtful records of the class that nobody decided. */
  readonly openDoubts: number
  /** Acts by hand in this class that add, remove or excuse attendance. */
  readonly manualActs: number
  readonly enrolledOnSite: number
  /** Attendance records of the class whose time no receipt bounds, and jumps of the clock anywhere in the ledger. */
  readonly untrustedTimes: number
  readonly clockJumps: number
  /** Since the class was opened; the first camera and reader after a start are no change. */
  readonly cameraChanges: number
  readonly readerChanges: number
  /** The newest receipt, and how many events came after the tree that it covers. */
  readonly receipt: {
    readonly witness: string
    readonly time: number
    readonly size: number
    readonly behind: number
  } | null
  readonly portraits: Readonly<Record<'chip' | 'official' | 'enrolled' | 'none', number>>
  /** The station, or any record of this class, is of simulated hardware. */
  readonly simulated: boolean
}

const byHand: ReadonlySet<string> = new Set([
  ...['attendance.corrected', 'leave.granted', 'makeup.scheduled'],
  ...['paper.entered', 'doubtful.resolved', 'card.missing'],
])

/** The facts about a class at a moment (wall milliseconds); null for a class that isn't in these events. Pure. */
export function visitFacts(events: readonly LedgerEvent[], classId: string, at: number): VisitFacts | null {
  const history = projectHistory(events)
  const target = history.classes.get(classId)
  const seats = seatsOf(events, classId)
  if (target === undefined || seats === null) return null
  const first = events.findIndex(({ type, data }) => type === 'class.opened' && data.class === classId)
  const since = events.slice(first)
  const ofClass = since.filter(({ data }) => 'class' in data && data.class === classId)
  const records = ofClass.filter((event) => event.type === 'attendance')
  const session = target.sessions.find(({ start, end }) => start <= at && at < end) ?? null
  const { signedIn, present } = signedFor(session, target.records)
  const receipt = events.findLast((event) => event.type === 'receipt')
  const headcount = ofClass.findLast((event) => event.type === 'visit.headcount')
  const filed = events.findLast((event) => event.type === 'class.filed' && event.data.class === classId)
  return {
    ...{ class: classId, title: target.title, session, expected: seats.length, signedIn, present },
    filing: filed?.type === 'class.filed' ? filingOf(filed.data) : null,
    room: roomOf(events, classId),
    headcount: headcount?.data.count ?? null,
    openDoubts: openDoubts(target).length,
    manualActs:
      ofClass.filter(({ type }) => byHand.has(type)).length +
      records.filter(({ data }) => data.outcome === 'witnessed').length,
    enrolledOnSite: seats.filter(({ stratum }) => stratum === 'on-site').length,
    untrustedTimes: records.filter(({ time }) => time.trust !== 'bounded').length,
    clockJumps: events.filter(({ type }) => type === 'clock.jump').length,
    cameraChanges: since.filter(({ type, data }) => type === 'camera.changed' && data.before !== null).length,
    readerChanges: since.filter(({ type, data }) => type === 'reader.changed' && data.before !== null).length,
    receipt:
      receipt === undefined
        ? null
        : {
            ...{ witness: receipt.data.witness, time: receipt.data.time, size: receipt.data.size },
            behind: events.length - receipt.data.size,
          },
    portraits: portraitsOf(since, classId),
    simulated: history.simulated || records.some(({ data }) => data.simulated),
  }
}

function roomOf(events: readonly LedgerEvent[], classId: string): string | null {
  const rooms = events.flatMap(({ type, data }) =>
    (type === 'class.filed' || type === 'class.opened') && data.class === classId ? [data.room ?? []] : [],
  )
  return rooms.flat().at(-1) ?? null
}

function filingOf(data: EventData['class.filed']): VisitFacts['filing'] {
  const { institution, occupation, level, from, to, basis, unconfirmed } = data
  return { institution, occupation, level, from, to, basis, unconfirmed }
}

/** The newest record of each person decides whether they are in. */
function signedFor(
  session: Session | null,
  records: readonly { readonly session: string; readonly person: string; readonly direction: 'in' | 'out' }[],
): { signedIn: number; present: number } {
  const newest = new Map<string, 'in' | 'out'>()
  for (const record of records)
    if (record.session === session?.id) newest.set(record.person, record.direction)
  const present = [...newest.values()].filter((direction) => direction === 'in').length
  return { signedIn: newest.size, present }
}

function portraitsOf(events: readonly LedgerEvent[], classId: string): VisitFacts['portraits'] {
  const counts = { chip: 0, official: 0, enrolled: 0, none: 0 }
  for (const source of portraitSources(events, classId).values()) counts[source]++
  return counts
}

/** The portrait that each person on the roster was last compared with, before that the one that the roster brought. */
export function portraitSources(
  events: readonly LedgerEvent[],
  classId: string,
): ReadonlyMap<string, keyof VisitFacts['portraits']> {
  const sources = new Map<string, keyof VisitFacts['portraits']>()
  for (const { type, data } of events) {
    if (type === 'roster.changed' && data.class === classId) {
      for (const { person, portrait } of data.added) sources.set(person, portrait)
      for (const person of data.removed) sources.delete(person)
    }
    if (type === 'attendance' && data.class === classId && sources.has(data.person)) {
      sources.set(data.person, data.portrait)
    }
  }
  return sources
}
