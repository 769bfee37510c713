import { Fault } from '../common/fault.ts'
import { failed, ok, type Result } from '../common/result.ts'
import { seatsOf } from '../inspect/draw-plan.ts'
import { checkProblem, type Visit } from '../inspect/visit.ts'
import { signedLook } from '../inspect/visit-acts.ts'
import type { EventData, SignedAct } from '../ledger/event.ts'
import type { VisitAnswers, VisitWork } from '../station/visit-work.ts'
import type { Ticket, VisitIdentify } from './visit-identify.ts'
import type { VisitKeys } from './visit-key.ts'
import type { VisitLog } from './visit-log.ts'

type Asked<A extends VisitWork['act']> = Extract<VisitWork, { readonly act: A }>
type Checked = Omit<EventData['visit.checked'], 'act'>
type Found = Omit<EventData['visit.found'], 'act'>

/** What an inspector marks between opening and end, each signed by the visit's key. */
export class VisitMarks {
  readonly #log: VisitLog
  readonly #keys: VisitKeys
  readonly #identify: VisitIdentify

  constructor(log: VisitLog, keys: VisitKeys, identify: VisitIdentify) {
    this.#log = log
    this.#keys = keys
    this.#identify = identify
  }

  /** How many people are counted in the room. Faults: `INSPECT_VISIT_UNKNOWN`, those of `VisitKeys.sign`. */
  headcount(work: Asked<'visit.headcount'>): Result<VisitAnswers['visit.headcount']> {
    const visit = this.#log.needed(work.class)
    if (!visit.ok) return visit
    const body = { visit: visit.value.visit, class: work.class, count: work.count }
    const act = this.#keys.sign(visit.value, work.pin, 'visit.count', body)
    return act.ok
      ? ok({ event: this.#log.append({ type: 'visit.headcount', data: { ...body, act: act.value } }) })
      : act
  }

  /** A person on the roster was looked for. Adds the faults `ROSTER_PERSON_UNKNOWN`, `INSPECT_CHECK`, `INSPECT_TICKET`. */
  check(work: Asked<'visit.check'>): Result<VisitAnswers['visit.check']> {
    const { class: classId, person, result, by, reason, photograph, note } = work
    const wrong = checkProblem(work)
    if (wrong !== null) return failed(wrong)
    const visit = this.#log.needed(classId)
    if (!visit.ok) return visit
    if (!seatsOf(this.#log.events(), classId)?.some((seat) => seat.person === person)) {
      return failed(new Fault('ROSTER_PERSON_UNKNOWN', 'nobody on this roster has this id'))
    }
    const seen = this.#seen(work.ticket, visit.value, (ticket) => checkAgainst(ticket, work))
    if (!seen.ok) return seen
    const looked = { visit: visit.value.visit, class: classId, person, result, by, reason, photograph, note }
    const body: Checked = { ...looked, ...seen.value }
    return this.#record(work, visit.value, 'visit.check', body, (act) => ({
      ...{ type: 'visit.checked', data: { ...body, act } },
    }))
  }

  /** A person in the room, and the record that should exist. Faults of `check` but `INSPECT_CHECK`. */
  find(work: Asked<'visit.find'>): Result<VisitAnswers['visit.find']> {
    const { class: classId, person, record, by, photograph, note } = work
    const visit = this.#log.needed(classId)
    if (!visit.ok) return visit
    const seen = this.#seen(work.ticket, visit.value, (ticket) => findAgainst(ticket, work))
    if (!seen.ok) return seen
    const looked = { visit: visit.value.visit, class: classId, person, record, by, photograph, note }
    const body: Found = { ...looked, ...seen.value }
    return this.#record(work, visit.value, 'visit.find', body, (act) => ({
      ...{ type: 'visit.found', data: { ...body, act } },
    }))
  }

  #record(
    { pin, ticket }: { readonly pin: string; readonly ticket: string | null },
    visit: Visit,
    act: string,
    body: Checked | Found,
    event: (act: SignedAct) => Parameters<VisitLog['append']>[0],
  ): Result<{ readonly event: number }> {
    const signed = this.#keys.sign(visit, pin, act, signedLook(body))
    if (!signed.ok) return signed
    const index = this.#log.append(event(signed.value))
    if (ticket !== null) this.#identify.use(ticket)
    return ok({ event: index })
  }

  /** The evidence that a mark carries: none without a ticket, and no mark may say something else than its evidence. */
  #seen(
    id: string | null,
    { visit }: Visit,
    disagreement: (ticket: Ticket) => string | null,
  ): Result<Pick<Checked, 'evidence'>> {
    if (id === null) return ok({})
    const ticket = this.#identify.ticket(id, visit)
    const wrong =
      ticket === null
        ? 'what the station saw was recorded already, or is over ten minutes old: look again'
        : disagreement(ticket)
    return ticket === null || wrong !== null
      ? failed(new Fault('INSPECT_TICKET', wrong ?? ''))
      : ok({ evidence: ticket.evidence })
  }
}

function checkAgainst(ticket: Ticket, { person, result, by }: Asked<'visit.check'>): string | null {
  if (ticket.person !== person) return 'the station saw somebody else than this person'
  if (by !== null && by !== ticket.by) return `the station looked at a ${ticket.by}`
  if (result !== 'seen') return null
  return by === 'face' && ticket.face?.verdict !== 'match' ? NO_MATCH : null
}

function findAgainst(ticket: Ticket, { person, record, by }: Asked<'visit.find'>): string | null {
  if (ticket.person !== person) return 'the station saw somebody else than this person'
  if (by !== ticket.by) return `the station looked at a ${ticket.by}`
  // That a card or a record is another's is for the inspector to say.
  if (record === 'of-another-person') return null
  if (by === 'face' && ticket.face?.verdict !== 'match') return NO_MATCH
  return record === ticket.record ? null : 'the log says otherwise of this person’s record'
}

const NO_MATCH = 'the face was not found to be this person’s, so nobody was verified by it'
