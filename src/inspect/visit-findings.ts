import { projectHistory } from '../attendance/history.ts'
import type { WorkCalendar } from '../attendance/workdays.ts'
import { civilDate } from '../common/civil-time.ts'
import { Fault, type FaultCode } from '../common/fault.ts'
import { failed, ok, type Result } from '../common/result.ts'
import type { EventData, LedgerEvent } from '../ledger/event.ts'
import { classPattern } from './class-pattern.ts'
import { foldVisits, type Visit } from './visit.ts'

/*
 * What a visit found, as a list that somebody has to answer. It is folded from the visit's events, so that nobody can
 * leave a finding out; only answers and closings are events of their own.
 */

export const findingKinds = [
  /** Drawn, not there, and the log said that they were. */
  'record-without-person',
  /** Not there; the log didn't say that they were. */
  'not-seen',
  'cannot-verify',
  'person-without-record',
  /** Somebody in the room under another person's record. */
  'swapped',
  'headcount',
  'refusal',
  'nobody-there',
  /** The ledger is not the one that the inspector had seen. */
  'history',
  /** The station no longer had what it had committed to, or revealed something else. */
  'draw-lost',
  /** The records are unusual: a reason to ask, no verdict. */
  'pattern',
] as const
export type FindingKind = (typeof findingKinds)[number]

export interface VisitFinding {
  /** Leaf that it rests on, and its kind: `41-not-seen`. */
  readonly id: string
  readonly kind: FindingKind
  readonly visit: string
  readonly class: string
  readonly event: number
  readonly person: string | null
  /** Figures behind it, e.g. `counted` and `present`; null where nothing is known. */
  readonly facts: Readonly<Record<string, string | number | null>>
  readonly state: 'open' | 'answered' | 'closed'
  /** Civil day by which it has to be answered; null where the calendar of that year is not known. */
  readonly due: string | null
  readonly answers: readonly {
    readonly event: number
    readonly at: number
    readonly answer: string
    readonly document: string | null
  }[]
  readonly closed: { readonly event: number; readonly outcome: EventData['finding.closed']['outcome'] } | null
}

/**
 * Working days for the report and for the institution's answers. The product's own choice, for a place whose rules name
 * no term: every command takes another.
 */
export const REPORT_WORKDAYS = 10

/** Civil day that is so many working days after a visit's end (milliseconds); null without a calendar of that year. */
export function dueDate(end: number, workdays: number, calendar: WorkCalendar): string | null {
  return calendar.workdaysAfter(civilDate(end), workdays)
}

/** All findings of the closed visits, in the order of visits and leaves. Pure. */
export function allFindings(
  events: readonly LedgerEvent[],
  calendar: WorkCalendar,
  workdays = REPORT_WORKDAYS,
): VisitFinding[] {
  const ended = [...foldVisits(events).values()].filter(({ closed }) => closed !== null)
  return ended.flatMap((visit) => findingsOf(events, visit, calendar, workdays))
}

/** A civil day's view of a finding: nobody answered it, and its term is over. */
export function isOverdue({ state, due }: Pick<VisitFinding, 'state' | 'due'>, today: string): boolean {
  return state === 'open' && due !== null && due < today
}

/** How many findings of a class nobody answered, and of them those whose term was over at a moment (wall milliseconds). */
export function openFindings(
  events: readonly LedgerEvent[],
  classId: string,
  calendar: WorkCalendar,
  at: number,
): { readonly open: number; readonly overdue: number } {
  const open = allFindings(events, calendar).filter((one) => one.class === classId && one.state === 'open')
  return { open: open.length, overdue: open.filter((one) => isOverdue(one, civilDate(at))).length }
}

/** The findings of one visit that is closed; none while it is open. */
export function findingsOf(
  events: readonly LedgerEvent[],
  visit: Visit,
  calendar: WorkCalendar,
  workdays = REPORT_WORKDAYS,
): VisitFinding[] {
  const end = visit.closed === null ? undefined : events.find(({ index }) => index === visit.closed?.event)
  if (end === undefined) return []
  const during = events.filter(({ index }) => index <= end.index)
  const due = dueDate(end.time.wall, workdays, calendar)
  const presence = presenceIn(during, visit.class)
  const found = [...ofPeople(visit, presence), ...ofRoom(visit, presence), ...ofStation(during, visit)]
  return found
    .sort((a, b) => a.event - b.event)
    .map(({ kind, event, person = null, facts = {} }) => {
      const id = `${event}-${kind}`
      return {
        id,
        kind,
        visit: visit.visit,
        class: visit.class,
        event,
        person,
        facts,
        due,
        ...after(events, visit, id),
      }
    })
}

/**
 * The finding that somebody wants to answer or close. Faults: `INSPECT_VISIT_UNKNOWN`, `INSPECT_VISIT_OPEN` (its findings
 * aren't final), `INSPECT_FINDING_UNKNOWN`, `INSPECT_FINDING_CLOSED`.
 */
export function openFinding(
  events: readonly LedgerEvent[],
  visitId: string,
  id: string,
  calendar: WorkCalendar,
): Result<VisitFinding> {
  const refuse = (code: FaultCode, why: string) => failed(new Fault(code, why))
  const visit = foldVisits(events).get(visitId)
  if (visit === undefined) return refuse('INSPECT_VISIT_UNKNOWN', 'no such visit was opened here')
  if (visit.closed === null) return refuse('INSPECT_VISIT_OPEN', 'the visit is still open: close it first')
  const finding = findingsOf(events, visit, calendar).find((one) => one.id === id)
  if (finding === undefined) return refuse('INSPECT_FINDING_UNKNOWN', 'this visit has no such finding')
  if (finding.state === 'closed') return refuse('INSPECT_FINDING_CLOSED', 'this finding is closed')
  return ok(finding)
}

interface Found {
  readonly kind: FindingKind
  readonly event: number
  readonly person?: string | null
  readonly facts?: VisitFinding['facts']
}

/** The newest look at each person counts, held against what the log said of them at that moment. */
function ofPeople({ checks, found }: Visit, presence: Presence): Found[] {
  const newest = new Map(checks.map((check) => [check.person, check]))
  const looked = [...newest.values()].flatMap(({ person, result, event, reason }): Found[] => {
    const said = presence(event).get(person) ?? 'none'
    const facts = { record: said }
    if (result === 'cannot-verify')
      return [{ kind: 'cannot-verify', event, person, facts: { ...facts, reason } }]
    if (result === 'seen')
      return said === 'in' ? [] : [{ kind: 'person-without-record', event, person, facts }]
    return [{ kind: said === 'in' ? 'record-without-person' : 'not-seen', event, person, facts }]
  })
  const inRoom = found.flatMap(({ person, record, event }): Found[] => {
    if (record === 'exists') return []
    const kind = record === 'of-another-person' ? 'swapped' : 'person-without-record'
    return [{ kind, event, person, facts: { record } }]
  })
  return [...looked, ...inRoom]
}

function ofRoom({ headcounts, closed }: Visit, presence: Presence): Found[] {
  const found: Found[] = []
  const counted = headcounts.at(-1)
  if (counted !== undefined) {
    const present = [...presence(counted.event).values()].filter((said) => said === 'in').length
    if (present !== counted.count)
      found.push({ kind: 'headcount', event: counted.event, facts: { counted: counted.count, present } })
  }
  if (closed !== null && !closed.institution.signed)
    found.push({
      kind: closed.institution.reason === 'refused' ? 'refusal' : 'nobody-there',
      event: closed.event,
    })
  return found
}

function ofStation(events: readonly LedgerEvent[], visit: Visit): Found[] {
  const { since, event, class: classId } = visit
  const found: Found[] = []
  if (since !== null && since.finding !== 'consistent')
    found.push({ kind: 'history', event, facts: { finding: since.finding, size: since.size } })
  for (const { type, data, index } of events) {
    if (type !== 'draw.voided' || data.class !== classId || index < event) continue
    if (data.reason !== 'roster-changed')
      found.push({ kind: 'draw-lost', event: index, facts: { reason: data.reason } })
  }
  const pattern = classPattern(
    events.filter(({ index }) => index < event),
    classId,
  )
  if (pattern?.worthVisit === true) {
    const score = Math.round((pattern.score ?? 0) * 100) / 100
    found.push({ kind: 'pattern', event, facts: { score, threshold: pattern.threshold } })
  }
  return found
}

/** Asked with a leaf, it says who was in or out by their newest record before it, in the session of that moment. */
type Presence = (leaf: number) => ReadonlyMap<string, 'in' | 'out'>

function presenceIn(events: readonly LedgerEvent[], classId: string): Presence {
  const sessions = projectHistory(events).classes.get(classId)?.sessions ?? []
  const records = events.flatMap((event) =>
    event.type === 'attendance' && event.data.class === classId ? [event] : [],
  )
  return (leaf) => {
    const at = events.find(({ index }) => index === leaf)?.time.wall ?? 0
    const session = sessions.find(({ start, end }) => start <= at && at < end)
    const before = records.filter(({ index, data }) => index < leaf && data.session === session?.id)
    return new Map(before.map(({ data }) => [data.person, data.direction]))
  }
}

/** What became of a finding; nothing that comes after its closing. */
function after(
  events: readonly LedgerEvent[],
  { visit }: Visit,
  id: string,
): Pick<VisitFinding, 'state' | 'answers' | 'closed'> {
  const answers: VisitFinding['answers'][number][] = []
  for (const { type, data, index, time } of events) {
    if (type !== 'finding.answered' && type !== 'finding.closed') continue
    if (data.visit !== visit || data.finding !== id) continue
    if (type === 'finding.closed')
      return { state: 'closed', answers, closed: { event: index, outcome: data.outcome } }
    answers.push({ event: index, at: time.wall, answer: data.answer, document: data.document })
  }
  return { state: answers.length > 0 ? 'answered' : 'open', answers, closed: null }
}
