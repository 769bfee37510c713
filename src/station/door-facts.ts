import type { DoorParts } from './door-parts.ts'
import type { Snapshot } from './protocol.ts'

type Facts = Pick<Snapshot, 'session' | 'direction' | 'counts' | 'upload' | 'reader' | 'actors'>

/** What a window shows of the door whatever happens before it: session, direction, counts, health, staff. */
export function doorFacts(parts: DoorParts, forcedDirection: 'in' | 'out' | null): Facts {
  const { roll, classId, data, policy, staff, readers, upload } = parts
  const { wall } = data.clock.now()
  const session = roll.sessionAt(classId, wall, policy)
  const auto = session !== null && wall >= session.end - policy.signOutBeforeEndMs ? 'out' : 'in'
  return {
    session: session && { title: roll.title(classId) ?? classId, ...session },
    direction: forcedDirection ?? auto,
    counts: roll.counts(classId, session?.id ?? null),
    upload: upload(),
    reader: readers.health,
    actors: staff.list().map(({ actor, name, role }) => ({ actor, name, role })),
  }
}
