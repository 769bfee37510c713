import { type AttendanceHistory, projectHistory } from '../../attendance/history.ts'
import { computeHours, type PersonHours, type SessionState } from '../../attendance/hours.ts'
import type { RulePack } from '../../attendance/rule-pack.ts'
import type { Session } from '../../attendance/timetable.ts'
import type { LedgerEvent } from '../../ledger/event.ts'
import type { ClassMatter } from './corrections.ts'

/* What an act by hand changed: the sessions that it touches, counted with it and without it. */

export interface Effect {
  readonly person: string
  readonly session: string
  readonly before: Counted
  readonly after: Counted
}

export interface Counted {
  readonly state: SessionState | null
  readonly creditedMs: number
}

/**
 * Says of each act in a class which people's sessions come out otherwise because of it. `own` are the events that
 * concern the class. For every act only its people's events and its sessions are counted again, so that a thousand
 * acts cost about as much as the hours themselves.
 */
export function effectsIn(
  own: readonly LedgerEvent[],
  { classId, events, hours, pack }: ClassMatter,
): (act: LedgerEvent) => readonly Effect[] {
  const about = eventsByPerson(own)
  const doubted = new Map(own.flatMap((event) => (event.type === 'attendance' ? [[event.index, event]] : [])))
  const after = new Map(hours.people.map((person) => [person.person, person]))
  // The station's watermark is that of the whole ledger, also without the act that is left out.
  const watermark = events.at(-1)?.time.wall ?? null
  return (act) => {
    const touched = touchedBy(act, (record) => doubted.get(record)?.data.session)
    if (touched.length === 0) return []
    const people = new Set(touched.map(([person]) => person))
    const others = [about.nobody, ...[...people].map((person) => about.people.get(person) ?? [])]
      .flat()
      .filter(({ index }) => index !== act.index)
      .sort((a, b) => a.index - b.index)
    const history = { ...projectHistory(others.map(only(people))), watermark }
    const sessions = new Set(touched.map(([, session]) => session))
    const before = hoursWithin(history, classId, sessions, pack)
    return touched.flatMap(([person, session]) => {
      const [without, counted] = [before, after].map((all) => countedIn(all.get(person), session))
      if (without === undefined || counted === undefined) return []
      const same = without.state === counted.state && without.creditedMs === counted.creditedMs
      return same ? [] : [{ person, session, before: without, after: counted }]
    })
  }
}

/** An event about one person can't change how another one is counted. */
function eventsByPerson(own: readonly LedgerEvent[]) {
  const nobody: LedgerEvent[] = []
  const people = new Map<string, LedgerEvent[]>()
  for (const event of own) {
    const person = 'person' in event.data ? event.data.person : null
    if (person === null) nobody.push(event)
    else if (people.has(person)) people.get(person)?.push(event)
    else people.set(person, [event])
  }
  return { nobody, people }
}

function touchedBy(
  { type, data }: LedgerEvent,
  sessionOf: (record: number) => string | undefined,
): readonly (readonly [person: string, session: string])[] {
  switch (type) {
    case 'doubtful.resolved': {
      const session = sessionOf(data.record)
      return session === undefined ? [] : [[data.person, session]]
    }
    case 'attendance.corrected':
      return [[data.person, data.session]]
    case 'leave.granted':
      return data.sessions.map((session) => [data.person, session] as const)
    case 'makeup.scheduled': {
      const { people, session, replaces } = data
      return people.flatMap((person) => [[person, session.id] as const, [person, replaces] as const])
    }
    case 'paper.entered':
      return [...new Set(data.entries.map(({ person }) => person))].map(
        (person) => [person, data.session] as const,
      )
    default:
      return []
  }
}

/** The event as far as it is about these people: nobody else is counted again. */
function only(people: ReadonlySet<string>): (event: LedgerEvent) => LedgerEvent {
  return (event) => {
    if (event.type !== 'roster.changed') return event
    const added = event.data.added.filter(({ person }) => people.has(person))
    return { ...event, data: { ...event.data, added } }
  }
}

/** Hours of these sessions, and of those that overlap them: what is credited there is not credited here. */
function hoursWithin(
  history: AttendanceHistory,
  classId: string,
  wanted: ReadonlySet<string>,
  pack: RulePack,
): ReadonlyMap<string, PersonHours> {
  const target = history.classes.get(classId)
  if (target === undefined) return new Map()
  const sessions = overlapping(target.sessions, wanted)
  const classes = new Map([[classId, { ...target, sessions }]])
  const hours = computeHours({ ...history, classes }, classId, pack)
  return new Map(hours.ok ? hours.value.people.map((person) => [person.person, person]) : [])
}

/** In the timetable's order, all sessions that hang together with a wanted one through overlaps. */
function overlapping(sessions: readonly Session[], wanted: ReadonlySet<string>): Session[] {
  const groups: Session[][] = []
  let until = Number.NEGATIVE_INFINITY
  for (const session of [...sessions].sort((a, b) => a.start - b.start)) {
    if (session.start < until) groups.at(-1)?.push(session)
    else groups.push([session])
    until = Math.max(until, session.end)
  }
  const kept = new Set(groups.filter((group) => group.some(({ id }) => wanted.has(id))).flat())
  return sessions.filter((session) => kept.has(session))
}

function countedIn(person: PersonHours | undefined, session: string): Counted {
  const found = person?.sessions.find(({ id }) => id === session)
  return { state: found?.state ?? null, creditedMs: found?.creditedMs ?? 0 }
}
