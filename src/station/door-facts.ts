import type { DoorParts } from './door-parts.ts'
import type { Snapshot } from './protocol.ts'

type Facts = Pick<
  Snapshot,
  'session' | 'direction' | 'counts' | 'upload' | 'reader' | 'readerChangedAt' | 'scanner' | 'actors'
>

/** What a window shows of the door whatever happens before it: session, direction, counts, health, staff. */
export function doorFacts(parts: DoorParts, forcedDirection: 'in' | 'out' | null): Facts {
  const { roll, classId, data, policy, staff, readers, recorder, upload, scanner } = parts
  const { wall } = data.clock.now()
  const session = roll.sessionAt(classId, wall, policy)
  const auto = session !== null && wall >= session.end - policy.signOutBeforeEndMs ? 'out' : 'in'
  return {
    session: session && { title: roll.title(classId) ?? classId, ...session },
    direction: forcedDirection ?? auto,
    counts: roll.counts(classId, session?.id ?? null),
    upload: upload(),
    reader: readers.health,
    readerChangedAt: recentOrNull(recorder.readerChangedAt, wall),
    scanner: scanner?.() ?? null,
    actors: staff.list().map(({ actor, name, role }) => ({ actor, name, role })),
  }
}

/** Long enough that whoever answers for the room has seen it, the day's last as well as the next day's first. */
const CHANGE_SHOWN_MS = 24 * 3600_000

function recentOrNull(at: number | null, wall: number): number | null {
  return at !== null && wall - at < CHANGE_SHOWN_MS ? at : null
}
