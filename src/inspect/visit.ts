import { Fault } from '../common/fault.ts'
import { failed, ok, type Result } from '../common/result.ts'
import type { EventData, EventInput, LedgerEvent } from '../ledger/event.ts'

/*
 * A visit is a row of signed events. What it has come to is folded from them each time, so that a power cut in the
 * middle of one loses nothing: the visit is still open when the station starts again.
 */

type Recorded<T extends keyof EventData> = Omit<EventData[T], 'act' | 'visit' | 'class'> & {
  /** Leaf. */
  readonly event: number
}

export interface Visit {
  readonly visit: string
  readonly class: string
  readonly inspector: EventData['visit.opened']['inspector']
  /** Signs between opening and end; null for a visit in which the inspector signs everything. */
  readonly visitKey: NonNullable<EventData['visit.opened']['visitKey']> | null
  readonly standing: EventData['visit.opened']['standing']
  readonly since: EventData['visit.opened']['since']
  /** Leaf of its opening, and the station's clock then, milliseconds. */
  readonly event: number
  readonly openedAt: number
  readonly draws: readonly Recorded<'visit.drawn'>[]
  readonly headcounts: readonly Recorded<'visit.headcount'>[]
  /** Every look at a person, in order: a later one doesn't take an earlier one back. */
  readonly checks: readonly Recorded<'visit.checked'>[]
  readonly found: readonly Recorded<'visit.found'>[]
  /** Null while the visit is open. */
  readonly closed: Recorded<'visit.closed'> | null
}

/** All visits of a ledger, in the order in which they were opened. Events that belong to no open visit are left aside. */
export function foldVisits(events: Iterable<LedgerEvent>): Map<string, Visit> {
  const visits = new Map<string, Visit>()
  for (const event of events) {
    if (!isOfVisit(event) || event.data.visit === null) continue
    const before = visits.get(event.data.visit) ?? null
    const after = nextVisit(before, event)
    if (after.ok) visits.set(event.data.visit, after.value)
  }
  return visits
}

/** The visit of a class that is open, null if there is none. */
export function openVisit(visits: ReadonlyMap<string, Visit>, classId: string): Visit | null {
  const open = [...visits.values()].filter((visit) => visit.class === classId && visit.closed === null)
  return open.at(-1) ?? null
}

/**
 * Whose word a visit's records are: the inspector's own key signed all of them or closed over them, or only the visit's
 * key did, which the station has had as long as the visit is open.
 */
export function restsOn(visit: Pick<Visit, 'visitKey' | 'closed'>): 'inspector' | 'visit-key' {
  return visit.visitKey === null || visit.closed !== null ? 'inspector' : 'visit-key'
}

/**
 * What a visit is after one more event. Pure. Faults: `INSPECT_VISIT_UNKNOWN` (it was never opened),
 * `INSPECT_VISIT_TWICE` (opened again), `INSPECT_VISIT_CLOSED`, `INSPECT_VISIT_CLASS` (of another class).
 */
export function nextVisit(
  visit: Visit | null,
  event: VisitInput & { readonly index: number; readonly time: { readonly wall: number } },
): Result<Visit> {
  if (event.type === 'visit.opened')
    return visit === null ? ok(newVisit(event)) : refused('INSPECT_VISIT_TWICE')
  if (visit === null) return refused('INSPECT_VISIT_UNKNOWN')
  if (visit.closed !== null) return refused('INSPECT_VISIT_CLOSED')
  if (visit.class !== event.data.class) return refused('INSPECT_VISIT_CLASS')
  const { visit: _visit, class: _class, act: _act, ...rest } = event.data
  const recorded = { ...rest, event: event.index }
  switch (event.type) {
    case 'visit.drawn':
      return ok({ ...visit, draws: [...visit.draws, recorded as Recorded<'visit.drawn'>] })
    case 'visit.headcount':
      return ok({ ...visit, headcounts: [...visit.headcounts, recorded as Recorded<'visit.headcount'>] })
    case 'visit.checked':
      return ok({ ...visit, checks: [...visit.checks, recorded as Recorded<'visit.checked'>] })
    case 'visit.found':
      return ok({ ...visit, found: [...visit.found, recorded as Recorded<'visit.found'>] })
    case 'visit.closed':
      return ok({ ...visit, closed: recorded as Recorded<'visit.closed'> })
  }
}

/** Of a draw's people: who was seen, who wasn't, who couldn't be verified (the newest look counts), who is left. */
export function drawOutcome(visit: Visit): {
  readonly seen: readonly string[]
  readonly notSeen: readonly string[]
  readonly cannotVerify: readonly string[]
  readonly left: readonly string[]
} {
  const newest = new Map(visit.checks.map(({ person, result }) => [person, result]))
  const drawn = [...new Set(visit.draws.flatMap(({ order }) => order))]
  const having = (result: string | undefined) => drawn.filter((person) => newest.get(person) === result)
  return {
    seen: having('seen'),
    notSeen: having('not-seen'),
    cannotVerify: having('cannot-verify'),
    left: having(undefined),
  }
}

/**
 * What a look at a person has to say: one who was seen was seen by something, one who couldn't be verified has a
 * reason. Fault `INSPECT_CHECK`.
 */
export function checkProblem({
  result,
  by,
  reason,
}: Pick<EventData['visit.checked'], 'result' | 'by' | 'reason'>): Fault | null {
  if (result === 'seen' && by === null)
    return new Fault('INSPECT_CHECK', 'say what it was seen by: card, face or witness')
  if (result === 'not-seen' && by !== null)
    return new Fault('INSPECT_CHECK', 'nobody is verified by anything who was not seen')
  if (result === 'cannot-verify' && reason === null)
    return new Fault('INSPECT_CHECK', 'say why it cannot be verified')
  return null
}

type VisitType =
  | 'visit.opened'
  | 'visit.drawn'
  | 'visit.headcount'
  | 'visit.checked'
  | 'visit.found'
  | 'visit.closed'
export type VisitInput = Extract<EventInput, { readonly type: VisitType }>
type VisitRecord = Extract<LedgerEvent, { readonly type: VisitType }>

const visitTypes: ReadonlySet<string> = new Set<VisitType>([
  ...(['visit.opened', 'visit.drawn', 'visit.headcount'] as const),
  ...(['visit.checked', 'visit.found', 'visit.closed'] as const),
])

function isOfVisit(event: LedgerEvent): event is VisitRecord {
  return visitTypes.has(event.type)
}

function newVisit(event: {
  readonly data: EventData['visit.opened']
  readonly index: number
  readonly time: { readonly wall: number }
}): Visit {
  const { visit, class: classId, inspector, visitKey = null, standing, since } = event.data
  return {
    ...{ visit, class: classId, inspector, visitKey, standing, since },
    ...{ event: event.index, openedAt: event.time.wall },
    ...{ draws: [], headcounts: [], checks: [], found: [], closed: null },
  }
}

const sentences = {
  INSPECT_VISIT_UNKNOWN: 'no such visit was opened here',
  INSPECT_VISIT_TWICE: 'this visit was opened already',
  INSPECT_VISIT_CLOSED: 'this visit is closed; what comes now belongs to a new one',
  INSPECT_VISIT_CLASS: 'this visit is about another class',
} as const

function refused(code: keyof typeof sentences) {
  return failed(new Fault(code, sentences[code]))
}
