import { openDoubts } from '../attendance/doubts.ts'
import { projectHistory } from '../attendance/history.ts'
import type { Session } from '../attendance/timetable.ts'
import { maskName, maskNumber } from '../cards/mask.ts'
import type { DrawSeat } from '../inspect/draw-plan.ts'
import type { Visit } from '../inspect/visit.ts'
import { portraitSources } from '../inspect/visit-facts.ts'
import type { LedgerEvent } from '../ledger/event.ts'
import type { ClassRoll } from '../station/class-roll.ts'
import type { DeskParts } from '../station/desk-service.ts'
import { personIdentity } from '../station/setup.ts'
import type { VisitAnswers, VisitPerson } from '../station/visit-work.ts'

type Parts = Pick<DeskParts, 'data' | 'roll'>

/** The session of a class that is in progress at a moment, wall milliseconds. */
export function sessionAt(roll: ClassRoll, classId: string, wall: number): Session | null {
  return roll.sessions(classId).find(({ start, end }) => start <= wall && wall < end) ?? null
}

/** What the log says of somebody in the present session of a class, by their newest record. */
export function recordOf(
  { data, roll }: Parts,
  classId: string,
  person: string | null,
): VisitAnswers['visit.identify']['record'] {
  if (person === null || !roll.isSeated(classId, person)) return 'not-on-roster'
  const session = sessionAt(roll, classId, data.clock.now().wall)
  const newest = session === null ? null : roll.last(session.id, person)
  if (newest === null) return 'none'
  return newest.direction === 'in' ? 'exists' : 'signed-out'
}

/** The people of a class as an inspector sees them, in the order of the draw's roster. `events` are those of `ClassEvents`. */
export function visitPeople(
  parts: Parts,
  {
    class: classId,
    seats,
    visit,
    events,
  }: {
    readonly class: string
    readonly seats: readonly DrawSeat[]
    readonly visit: Visit | null
    readonly events: readonly LedgerEvent[]
  },
): VisitPerson[] {
  const session = sessionAt(parts.roll, classId, parts.data.clock.now().wall)
  const waiting = waitingRecords(events, classId, session)
  const portraits = portraitSources(events, classId)
  const checks = new Map(visit?.checks.map(({ person, result, by }) => [person, { result, by }]))
  return seats.map(({ person, stratum }) => {
    const identity = personIdentity(parts.data, person)
    const record = recordOf(parts, classId, person)
    return {
      person,
      // Nobody's name is left once it was destroyed.
      name: identity === null ? '' : maskName(identity.name),
      number: identity === null ? '' : maskNumber(identity.number),
      stratum,
      portrait: portraits.get(person) ?? 'none',
      record: record === 'exists' ? 'in' : record === 'signed-out' ? 'out' : 'none',
      doubtful: waiting.has(person),
      check: checks.get(person) ?? null,
    }
  })
}

/** People whose newest record of a session is doubtful and undecided. */
function waitingRecords(
  events: readonly LedgerEvent[],
  classId: string,
  session: Session | null,
): ReadonlySet<string> {
  const target = projectHistory(events).classes.get(classId)
  if (target === undefined || session === null) return new Set()
  const open = new Set(openDoubts(target).map(({ index }) => index))
  const newest = new Map<string, number>()
  for (const record of target.records) {
    if (record.session !== session.id) continue
    newest.set(record.person, Math.max(record.index, newest.get(record.person) ?? 0))
  }
  return new Set([...newest].filter(([, index]) => open.has(index)).map(([person]) => person))
}
