import { type AttendanceHistory, projectHistory } from '../attendance/history.ts'
import type { Retention } from '../attendance/rule-pack.ts'
import { findPack } from '../attendance/shipped-packs.ts'
import { Fault } from '../common/fault.ts'
import { RETENTION_REASON } from '../ledger/event.ts'
import type { RecordKind } from '../ledger/side-records.ts'
import { isBent } from './clock.ts'
import type { StationData } from './data-folder.ts'
import { BULK } from './replay.ts'
import { packFolder } from './setup.ts'

/** Records of a person whose term is over. */
export interface Due {
  readonly person: string
  readonly kind: RecordKind
  /** As the event says it: which pack, how many days, after which class. */
  readonly reason: string
}

const DAY_MS = 86_400_000

/**
 * Destroys the keys of records whose term in the rule pack is over, each with an event. Nothing is destroyed on the
 * word of a clock that differs from the kernel's: `STATION_CLOCK`.
 */
export function applyRetention(data: StationData): readonly Due[] {
  if (isBent(data.clock.deviation())) {
    throw new Fault('STATION_CLOCK', 'this clock is not the kernel’s; nothing is destroyed by it')
  }
  const due = dueRecords(data, data.clock.now().wall)
  for (const { person, kind, reason } of due) {
    data.ledger.append({ type: 'record.destroyed', data: { person, kind, reason, act: null } })
    data.side.destroy(person, kind)
  }
  return due
}

/** What is due at a time (ms since 1970). A class whose pack isn't here, or has no terms, keeps its people's records. */
export function dueRecords({ dir, ledger, side }: StationData, now: number): readonly Due[] {
  const events = [...ledger.chosen({ but: BULK })].map(({ event }) => event)
  const due: Due[] = []
  for (const [person, classes] of classesOfPeople(projectHistory(events))) {
    const held = new Set(side.list(person).map(({ kind }) => kind))
    const terms = classes.map((found) => ({ found, terms: termsOf(dir, found.pack.sha256) }))
    for (const kind of ['biometric', 'identity'] as const) {
      if (!held.has(kind)) continue
      const ends = terms.map(({ found, terms: each }) => {
        const days = kind === 'biometric' ? each?.biometricDays : each?.identityDays
        const end = days === null || days === undefined ? Number.POSITIVE_INFINITY : found.end + days * DAY_MS
        return { end, reason: `${RETENTION_REASON}${found.pack.id} ${days} days after ${found.id}` }
      })
      const last = ends.reduce((a, b) => (b.end > a.end ? b : a))
      if (last.end < now) due.push({ person, kind, reason: last.reason.slice(0, 200) })
    }
  }
  return due
}

interface EndedClass {
  readonly id: string
  readonly pack: { readonly id: string; readonly sha256: string }
  /** End of its last session, ms since 1970; without any session it never ends. */
  readonly end: number
}

function classesOfPeople({ classes }: AttendanceHistory): ReadonlyMap<string, readonly EndedClass[]> {
  const people = new Map<string, EndedClass[]>()
  for (const { id, pack, sessions, seats } of classes.values()) {
    const end =
      sessions.length === 0 ? Number.POSITIVE_INFINITY : Math.max(...sessions.map((each) => each.end))
    for (const person of seats.keys()) people.set(person, [...(people.get(person) ?? []), { id, pack, end }])
  }
  return people
}

function termsOf(dir: string, sha256: string): Retention | null {
  const pack = findPack(sha256, [packFolder(dir)])
  return pack.ok ? pack.value.retention : null
}
