import { Fault, type FaultCode } from '../common/fault.ts'
import { failed, ok, type Result } from '../common/result.ts'
import { fromHex } from '../ledger/bytes.ts'
import type { EventData, LedgerEvent } from '../ledger/event.ts'
import { drawOrder } from './draw-order.ts'
import {
  candidatesOf,
  type DrawSeat,
  planCommitment,
  planText,
  readPlan,
  seatsDigest,
  seatsOf,
  strataOf,
} from './draw-plan.ts'

/*
 * A draw of k people out of a class's n by commit and reveal: the station commits to a roster, weights and a seed; the
 * inspector then names a nonce; who is called follows from both. Neither can choose alone.
 */

export interface Commitment {
  readonly data: EventData['draw.committed']
  /** To be kept sealed until the draw. */
  readonly plan: string
}

/**
 * Commits to a draw. `draw` (16 bytes) and `seed` (32 bytes) are fresh random hex. Faults: `ROSTER_CLASS_UNKNOWN`,
 * `INSPECT_CLASS_EMPTY`, `INSPECT_CLASS_OF_ONE`.
 */
export function commitDraw(
  events: Iterable<LedgerEvent>,
  given: {
    readonly origin: string
    readonly class: string
    readonly draw: string
    readonly seed: string
    readonly onSiteWeight: number
  },
): Result<Commitment> {
  const seats = drawableSeats(events, given.class)
  if (!seats.ok) return seats
  const roster = seatsDigest(seats.value)
  const strata = strataOf(seats.value, given.onSiteWeight)
  const { origin, class: classId, draw, seed } = given
  const plan = planText({ origin, class: classId, draw, roster, strata, seed })
  const commitment = planCommitment(plan)
  return ok({ plan, data: { draw, class: classId, commitment, n: seats.value.length, roster, strata } })
}

export interface DrawRequest {
  readonly class: string
  readonly k: number
  /** Hex, 128 to 512 bits. */
  readonly nonce: string
  readonly visit: string | null
  /** The commitment that the inspector was shown, null when they name none. */
  readonly seen: string | null
}

export interface Draw {
  readonly data: Omit<EventData['visit.drawn'], 'act'>
  readonly committed: EventData['draw.committed']
  readonly seats: readonly DrawSeat[]
}

/** Why nothing was drawn, and the record that the commitment is spent by that. */
export interface DrawFault {
  readonly fault: Fault
  readonly voided: EventData['draw.voided']
}

/**
 * Whether a request can be drawn at all, before anything is recorded. Faults: `INSPECT_NONCE` (not hex of 128 to 512
 * bits), `INSPECT_NONCE_REUSED`, `INSPECT_K_ZERO`, `INSPECT_K_TOO_LARGE`, those of `commitDraw`, and
 * `INSPECT_COMMITMENT_UNKNOWN` where the commitment that the inspector saw isn't in this ledger.
 */
export function checkRequest(events: readonly LedgerEvent[], request: DrawRequest): Result<true> {
  const { class: classId, k, nonce, seen } = request
  const seats = drawableSeats(events, classId)
  if (!seats.ok) return seats
  const fault = (code: FaultCode, why: string) => failed(new Fault(code, why))
  if (!/^([0-9a-f]{2}){16,64}$/.test(nonce)) {
    return fault('INSPECT_NONCE', 'a nonce is 16 to 64 random bytes in lower-case hex')
  }
  if (isUsed(nonce, events)) {
    return fault('INSPECT_NONCE_REUSED', 'this nonce was used for a draw before: throw a new one')
  }
  if (k < 1) return fault('INSPECT_K_ZERO', 'a draw calls at least one person')
  const n = seats.value.length
  if (k > n) return fault('INSPECT_K_TOO_LARGE', `${k} people cannot be drawn: the class has ${n}`)
  if (seen === null || committedDraws(events, classId).some(({ commitment }) => commitment === seen))
    return ok(true)
  const why =
    'this ledger has no such commitment of this class: it was lost, or the ledger was set back since'
  return fault('INSPECT_COMMITMENT_UNKNOWN', why)
}

/** The commitment that a draw takes: the one that was seen, else the newest that is neither drawn nor void. */
export function standingCommitment(
  events: readonly LedgerEvent[],
  { class: classId, seen }: Pick<DrawRequest, 'class' | 'seen'>,
): EventData['draw.committed'] | null {
  const spent = new Set<string>()
  for (const { type, data } of events)
    if (type === 'visit.drawn' || type === 'draw.voided') spent.add(data.draw)
  const standing = committedDraws(events, classId).filter(({ draw }) => !spent.has(draw))
  const wanted = seen === null ? standing : standing.filter(({ commitment }) => commitment === seen)
  return wanted.at(-1) ?? null
}

/**
 * Draws from a commitment and its plan (null: the station no longer has it). Faults: `INSPECT_COMMITMENT_LOST`,
 * `INSPECT_COMMITMENT_MISMATCH`, `INSPECT_ROSTER_CHANGED`; with each the commitment is spent, so that a station cannot
 * lose draws until one suits it without every loss being on record.
 */
export function revealDraw(
  events: readonly LedgerEvent[],
  request: DrawRequest,
  committed: EventData['draw.committed'],
  plan: string | null,
): Result<Draw, DrawFault> {
  const seats = seatsOf(events, committed.class) ?? []
  const { draw, class: classId } = committed
  const spent = (reason: EventData['draw.voided']['reason'], fault: Fault) =>
    failed({ fault, voided: { draw, class: classId, reason, nonce: request.nonce } })
  if (plan === null) {
    return spent(
      'lost',
      new Fault('INSPECT_COMMITMENT_LOST', 'the station lost what it had committed to; that is on record'),
    )
  }
  const read = readPlan(plan)
  if (read === null || planCommitment(plan) !== committed.commitment) {
    const why = 'what the station reveals is not what it had committed to; that is on record'
    return spent('mismatch', new Fault('INSPECT_COMMITMENT_MISMATCH', why))
  }
  if (seatsDigest(seats) !== committed.roster) {
    const why = 'the roster was changed after the commitment; commit again and throw a new nonce'
    return spent('roster-changed', new Fault('INSPECT_ROSTER_CHANGED', why))
  }
  const { k, nonce, visit, seen } = request
  const seed = fromHex(read.seed)!
  const order = drawOrder(candidatesOf(seats, committed.strata), k, { seed, nonce: fromHex(nonce)! })
  const data = { visit, class: classId, draw, k, nonce, commitmentSeen: seen !== null, plan, order }
  return ok({ data, committed, seats })
}

function isUsed(nonce: string, events: readonly LedgerEvent[]): boolean {
  return events.some(
    ({ type, data }) => (type === 'visit.drawn' || type === 'draw.voided') && data.nonce === nonce,
  )
}

function committedDraws(events: readonly LedgerEvent[], classId: string): EventData['draw.committed'][] {
  return events.flatMap(({ type, data }) =>
    type === 'draw.committed' && data.class === classId ? [data] : [],
  )
}

function drawableSeats(events: Iterable<LedgerEvent>, classId: string): Result<DrawSeat[]> {
  const seats = seatsOf(events, classId)
  if (seats === null) return failed(new Fault('ROSTER_CLASS_UNKNOWN', 'no such class in this ledger'))
  if (seats.length === 0)
    return failed(new Fault('INSPECT_CLASS_EMPTY', 'nobody is on the roster of this class'))
  if (seats.length > 1) return ok(seats)
  return failed(new Fault('INSPECT_CLASS_OF_ONE', 'a class of one leaves nothing to draw: check that person'))
}
