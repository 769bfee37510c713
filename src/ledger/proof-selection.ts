import { Fault } from '../common/fault.ts'
import type { LedgerEvent } from './event.ts'
import type { ProofSubject } from './event-proof.ts'

/** What a proof is asked about. `hour.from` in milliseconds since 1970. */
export type ProofRequest =
  | { readonly kind: 'event'; readonly index: number }
  | { readonly kind: 'person'; readonly person: string }
  | { readonly kind: 'hour'; readonly person: string; readonly from: number }

export interface ProofSelection {
  readonly about: ProofSubject
  /** Events to show, by rising index: those that are asked for, and what somebody needs to believe them. */
  readonly indices: readonly number[]
  /** Index of the last event that is asked for: the checkpoint has to cover it. */
  readonly last: number
}

const HOUR_MS = 3_600_000

/**
 * Chooses the events of a proof. Beside what is asked for: the birth of the station's key, the enrolment of everybody
 * who signed one of them, for an hour the class's timetable and the sessions' ends, and the newest receipt before
 * them, because they are later than it. Never a roster, which names neighbours.
 * Fault `LEDGER_PROOF_NONE` if the ledger has nothing of what is asked for.
 */
export function selectForProof(events: Iterable<LedgerEvent>, request: ProofRequest): ProofSelection {
  const seen = new Seen()
  const chosen: LedgerEvent[] = []
  for (const event of events) {
    seen.note(event)
    if (isAskedFor(event, request, seen)) chosen.push(event)
  }
  const selection = selectionOf(chosen, request, seen)
  if (selection === null) {
    throw new Fault('LEDGER_PROOF_NONE', 'the ledger has no event of what is asked for')
  }
  return selection
}

/** The same for all events of each of these people, in one pass. Who has no event is not in the answer. */
export function selectForPeople(
  events: Iterable<LedgerEvent>,
  people: Iterable<string>,
): ReadonlyMap<string, ProofSelection> {
  const seen = new Seen()
  const chosen = new Map([...people].map((person): [string, LedgerEvent[]] => [person, []]))
  for (const event of events) {
    seen.note(event)
    if ('person' in event.data && event.data.person !== null) chosen.get(event.data.person)?.push(event)
  }
  const selections = new Map<string, ProofSelection>()
  for (const [person, own] of chosen) {
    const selection = selectionOf(own, { kind: 'person', person }, seen)
    if (selection !== null) selections.set(person, selection)
  }
  return selections
}

/** Null where nothing was chosen. */
function selectionOf(
  chosen: readonly LedgerEvent[],
  request: ProofRequest,
  seen: Seen,
): ProofSelection | null {
  const [first, last] = [chosen[0], chosen.at(-1)]
  if (first === undefined || last === undefined) return null
  const shown = [...chosen, ...(request.kind === 'hour' ? seen.sessionsOf(chosen) : [])]
  const receipt = seen.receipts.findLast((index) => index < first.index)
  const indices = new Set([
    0,
    ...shown.map(({ index }) => index),
    ...(receipt === undefined ? [] : [receipt]),
    ...seen.rotations.map(({ index }) => index),
  ])
  for (const index of seen.enrolmentsFor([...shown, ...seen.rotations])) indices.add(index)
  const about = request.kind === 'hour' ? { ...request, to: request.from + HOUR_MS } : request
  const lastShown = shown.reduce((highest, { index }) => Math.max(highest, index), last.index)
  return { about, indices: [...indices].sort((a, b) => a - b), last: lastShown }
}

function isAskedFor(event: LedgerEvent, request: ProofRequest, seen: Seen): boolean {
  if (request.kind === 'event') return event.index === request.index
  if (!('person' in event.data) || event.data.person !== request.person) return false
  if (request.kind === 'person') return true
  if (event.type !== 'attendance') return false
  const session = seen.session(event.data)
  return session !== null && session.start < request.from + HOUR_MS && session.end > request.from
}

/** Signers of the act in an event, none where it has no act. */
function signersOf({ data }: LedgerEvent): string[] {
  const act = ('act' in data ? data.act : null) ?? null
  return act === null ? [] : act.signatures.map(({ actor }) => actor)
}

type Seat = { readonly class: string; readonly session: string }

/** What a proof may need beside the events that it is about. */
class Seen {
  readonly receipts: number[] = []
  /** Each of them leads to the key that signs a later checkpoint. */
  readonly rotations: LedgerEvent[] = []
  readonly #enrolments = new Map<string, LedgerEvent>()
  /** Openings by visit: each brings the keys that sign for that visit. */
  readonly #visits = new Map<string, LedgerEvent>()
  readonly #openings = new Map<string, Extract<LedgerEvent, { readonly type: 'class.opened' }>>()
  readonly #closings = new Map<string, LedgerEvent>()
  readonly #makeUps = new Map<string, Extract<LedgerEvent, { readonly type: 'makeup.scheduled' }>>()

  note(event: LedgerEvent): void {
    if (event.type === 'receipt') this.receipts.push(event.index)
    if (event.type === 'station.rekeyed') this.rotations.push(event)
    if (event.type === 'actor.enrolled') this.#enrolments.set(event.data.actor, event)
    if (event.type === 'visit.opened') this.#visits.set(event.data.visit, event)
    if (event.type === 'class.opened') this.#openings.set(event.data.class, event)
    if (event.type === 'makeup.scheduled') {
      this.#makeUps.set(seatName({ class: event.data.class, session: event.data.session.id }), event)
    }
    if (event.type === 'session.closed') this.#closings.set(seatName(event.data), event)
  }

  session(seat: Seat): { readonly start: number; readonly end: number } | null {
    const timetable = this.#openings.get(seat.class)?.data.sessions
    const makeUp = this.#makeUps.get(seatName(seat))?.data.session
    return timetable?.find(({ id }) => id === seat.session) ?? makeUp ?? null
  }

  /** The timetable of the classes and the end of the sessions in which somebody attended. */
  sessionsOf(chosen: readonly LedgerEvent[]): LedgerEvent[] {
    const found = chosen.flatMap(({ type, data }) =>
      type === 'attendance' ? [this.#openings.get(data.class), this.#closings.get(seatName(data))] : [],
    )
    return [...new Set(found.filter((event) => event !== undefined))]
  }

  /** Enrolments of everybody who signed, the visit that an inspector's act is of, and who signed these, back to the first. */
  enrolmentsFor(events: readonly LedgerEvent[]): Set<number> {
    const openings = events.flatMap((event) => this.#openingOf(event) ?? [])
    const indices = new Set(openings.map(({ index }) => index))
    const waiting = events.flatMap(signersOf)
    for (let actor = waiting.pop(); actor !== undefined; actor = waiting.pop()) {
      const enrolment = this.#enrolments.get(actor)
      if (enrolment === undefined || indices.has(enrolment.index)) continue
      indices.add(enrolment.index)
      waiting.push(...signersOf(enrolment))
    }
    return indices
  }

  /** The opening of the visit in which an act was signed. */
  #openingOf(event: LedgerEvent): LedgerEvent | undefined {
    const { data } = event
    if (signersOf(event).length === 0 || !('visit' in data) || data.visit == null) return undefined
    return this.#visits.get(data.visit)
  }
}

function seatName(seat: Seat): string {
  return JSON.stringify([seat.class, seat.session])
}
