import type { HoursDocument } from '../../attendance/hours.ts'
import type { Reason, ReasonCode } from '../../attendance/reason.ts'
import type { RulePack } from '../../attendance/rule-pack.ts'
import type { LedgerEvent, SignedAct } from '../../ledger/event.ts'
import { type Effect, effectsIn } from './effects.ts'
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
  const effectsOf = effectsIn(own, matter)
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
        effects: effectsOf(event),
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
