import type { DoorParts } from './door-parts.ts'
import type { Snapshot } from './protocol.ts'

type Facts = Pick<
  Snapshot,
  | 'session'
  | 'check'
  | 'direction'
  | 'counts'
  | 'upload'
  | 'reader'
  | 'readerChangedAt'
  | 'scanner'
  | 'actors'
>

type CalledCheckFacts = NonNullable<Snapshot['check']>

/** What a window shows of the door whatever happens before it: session, direction, counts, health, staff. */
export function doorFacts(parts: DoorParts, forcedDirection: 'in' | 'out' | null): Facts {
  const { roll, classId, data, policy, staff, readers, recorder, upload, scanner } = parts
  const { wall } = data.clock.now()
  const session = roll.sessionAt(classId, wall, policy)
  const auto = session !== null && wall >= session.end - policy.signOutBeforeEndMs ? 'out' : 'in'
  return {
    session: session && { title: roll.title(classId) ?? classId, ...session },
    check: session && checkFacts(parts, session.id, wall),
    direction: forcedDirection ?? auto,
    counts: roll.counts(classId, session?.id ?? null),
    upload: upload(),
    reader: readers.health,
    readerChangedAt: recentOrNull(recorder.readerChangedAt, wall),
    scanner: scanner?.() ?? null,
    actors: staff.list().map(({ actor, name, role }) => ({ actor, name, role })),
  }
}

function checkFacts({ roll, classId }: DoorParts, session: string, wall: number): CalledCheckFacts | null {
  const call = roll.openCall(session, wall)
  if (call === null) return null
  return { until: call.until, seen: call.answered.size, expected: roll.counts(classId, session).present }
}

/** Long enough that whoever answers for the room has seen it, the day's last as well as the next day's first. */
const CHANGE_SHOWN_MS = 24 * 3600_000

function recentOrNull(at: number | null, wall: number): number | null {
  return at !== null && wall - at < CHANGE_SHOWN_MS ? at : null
}
