import { type AttendanceHistory, projectHistory } from '../../attendance/history.ts'
import { computeHours, type HoursDocument, type SessionState } from '../../attendance/hours.ts'
import type { Reason, ReasonCode } from '../../attendance/reason.ts'
import type { RulePack } from '../../attendance/rule-pack.ts'
import type { LedgerEvent, SignedAct } from '../../ledger/event.ts'
import { type Signing, signersOf } from './signers.ts'

/* Everything in a class that people changed, and every record that counts nothing: what a person looks at first. */

/** `corrections.json`. The same events and pack give the same document. */
export interface CorrectionIndex {
  readonly class: string
  /** In the order of the ledger. */
  readonly acts: readonly Correction[]
  /** Records at the door that no hour rests on. */
  readonly excluded: readonly ExcludedRecord[]
}

export interface Correction {
  readonly leaf: number
  /** The station's own clock, ISO 8601, UTC. */
  readonly at: string
  readonly kind: CorrectionKind
  readonly by: readonly Signing[]
  readonly reason: string | null
  /** It went beyond what the pack allows by hand, and was signed all the same. */
  readonly overCap: boolean
  /** What was signed, without the signatures. */
  readonly says: Readonly<Record<string, unknown>>
  /** Sessions that come out otherwise because of it: how they would count without it, and how they count. */
  readonly effects: readonly Effect[]
}

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

export interface ExcludedRecord {
  /** Leaves of the records: one, or the two ends of a stay. */
  readonly leaves: readonly number[]
  readonly person: string
  readonly session: string
  readonly rule: ReasonCode
  readonly clause: string
  readonly inputs: Reason['inputs']
}

const kinds = {
  'doubtful.resolved': 'doubt',
  'attendance.corrected': 'correction',
  'leave.granted': 'leave',
  'makeup.scheduled': 'make-up',
  'paper.entered': 'paper',
  'roster.changed': 'roster',
  'card.missing': 'card',
  'identity.resolved': 'identity',
  'class.opened': 'opening',
  'class.stage': 'stage',
  'class.facts': 'facts',
  'person.facts': 'facts',
  'certificate.imported': 'certificates',
  'online.imported': 'online',
  'history.imported': 'history',
} as const
export type CorrectionKind = (typeof kinds)[keyof typeof kinds]

export interface ClassMatter {
  readonly classId: string
  /** All of the ledger's events, in order. */
  readonly events: readonly LedgerEvent[]
  readonly hours: HoursDocument
  readonly pack: RulePack
}

export function correctionIndex(matter: ClassMatter): CorrectionIndex {
  const { classId, events, hours } = matter
  const people = new Set(hours.people.map(({ person }) => person))
  const own = events.filter(
    (event) => event.index === 0 || isOf(event, classId) || isHistoryOf(event, people),
  )
  const roles = signersOf(events)
  const acts = own.flatMap((event): Correction[] => {
    const kind = (kinds as Readonly<Record<string, CorrectionKind | undefined>>)[event.type]
    if (kind === undefined) return []
    const { act, ...says } = event.data as { readonly act?: SignedAct | null } & Record<string, unknown>
    return [
      {
        leaf: event.index,
        at: isoTime(event.time.wall),
        kind,
        by: roles(act ?? null),
        reason: textOf(says.reason ?? says.source ?? says.note),
        overCap: says.overCap === true,
        says: withoutLists(says),
        effects: effectsOf(event, own, matter),
      },
    ]
  })
  const excluded = hours.people.flatMap(({ person, sessions }) =>
    sessions.flatMap(({ id, reasons }) => reasons.flatMap((given) => excludedBy(given, person, id))),
  )
  return { class: classId, acts, excluded }
}

/** ISO 8601 in UTC; a time beyond what a date can hold is no reason to fail. */
export function isoTime(wall: number): string {
  const date = new Date(wall)
  return Number.isNaN(date.getTime()) ? String(wall) : date.toISOString()
}

function isOf({ data }: LedgerEvent, classId: string): boolean {
  return 'class' in data && data.class === classId
}

/** History from elsewhere belongs to people, not to a class. */
function isHistoryOf({ type, data }: LedgerEvent, people: ReadonlySet<string>): boolean {
  return type === 'history.imported' && data.people.some(({ person }) => people.has(person))
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}

/** Long lists are in the events: the index says who came onto a roster, and how many facts or sessions there are. */
function withoutLists(says: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const entries = Object.entries(says).filter(([name]) => name !== 'class')
  return Object.fromEntries(entries.map(([name, value]) => [name, shortened(name, value)]))
}

function shortened(name: string, value: unknown): unknown {
  if (!Array.isArray(value) || typeof value[0] !== 'object') return value
  if (name === 'added') return value.map(({ person }: { readonly person: string }) => person)
  return name === 'people' || name === 'sessions' ? value.length : value
}

/** Every person's session that the act touches, counted with and without it. */
function effectsOf(event: LedgerEvent, own: readonly LedgerEvent[], matter: ClassMatter): Effect[] {
  const touched = touchedBy(event, own)
  if (touched.length === 0) return []
  const people = new Set(touched.map(([person]) => person))
  const others = own.filter((other) => other.index !== event.index && concerns(other, people))
  const without = hoursOf(others.map(only(people)), matter)
  return touched.flatMap(([person, session]) => {
    const before = counted(without, person, session)
    const after = counted(matter.hours, person, session)
    const same = before.state === after.state && before.creditedMs === after.creditedMs
    return same ? [] : [{ person, session, before, after }]
  })
}

function touchedBy(event: LedgerEvent, own: readonly LedgerEvent[]): readonly (readonly [string, string])[] {
  switch (event.type) {
    case 'doubtful.resolved': {
      const { record, person } = event.data
      const doubted = own.find(({ index }) => index === record)
      return doubted?.type === 'attendance' ? [[person, doubted.data.session]] : []
    }
    case 'attendance.corrected':
      return [[event.data.person, event.data.session]]
    case 'leave.granted': {
      const { person, sessions } = event.data
      return sessions.map((session) => [person, session] as const)
    }
    case 'makeup.scheduled': {
      const { people, session, replaces } = event.data
      return people.flatMap((person) => [[person, session.id] as const, [person, replaces] as const])
    }
    case 'paper.entered': {
      const { entries, session } = event.data
      return [...new Set(entries.map(({ person }) => person))].map((person) => [person, session] as const)
    }
    default:
      return []
  }
}

/** Whether an event can change how these people are counted: what the door recorded of others can't. */
function concerns({ type, data }: LedgerEvent, people: ReadonlySet<string>): boolean {
  return (type !== 'attendance' && type !== 'check.answered') || people.has(data.person)
}

/** The event as far as it is about these people: nobody else is counted again. */
function only(people: ReadonlySet<string>): (event: LedgerEvent) => LedgerEvent {
  return (event) => {
    if (event.type !== 'roster.changed') return event
    const added = event.data.added.filter(({ person }) => people.has(person))
    return { ...event, data: { ...event.data, added } }
  }
}

function hoursOf(events: readonly LedgerEvent[], { classId, events: all, pack }: ClassMatter) {
  const projected = projectHistory(events)
  // The station's watermark is that of the whole ledger, also without the act that is left out.
  const history: AttendanceHistory = { ...projected, watermark: all.at(-1)?.time.wall ?? null }
  const hours = computeHours(history, classId, pack)
  return hours.ok ? hours.value : null
}

function counted(hours: HoursDocument | null, person: string, session: string): Counted {
  const found = hours?.people.find((one) => one.person === person)?.sessions.find(({ id }) => id === session)
  return found === undefined
    ? { state: null, creditedMs: 0 }
    : { state: found.state, creditedMs: found.creditedMs }
}

const excluding: ReadonlySet<ReasonCode> = new Set<ReasonCode>([
  'off-roster',
  'simulated',
  'sign-in-without-sign-out',
  'sign-out-without-sign-in',
  'doubtful',
  'doubt-refused',
  'clock',
  'short-stay',
  'voided',
])

function excludedBy({ rule, clause, inputs }: Reason, person: string, session: string): ExcludedRecord[] {
  if (!excluding.has(rule)) return []
  const leaves = [inputs.event, inputs.in, inputs.out].filter((leaf) => typeof leaf === 'number')
  return [{ leaves, person, session, rule, clause, inputs }]
}
