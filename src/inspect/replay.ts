import { Fault, type FaultCode } from '../common/fault.ts'
import { failed, ok, type Result } from '../common/result.ts'
import { sameJson } from '../common/same-json.ts'
import { fromHex, toHex } from '../ledger/bytes.ts'
import { type Checkpoint, openCheckpoint } from '../ledger/checkpoint.ts'
import { decodeEvent, type LedgerEvent } from '../ledger/event.ts'
import { leafHash, sameHash } from '../ledger/merkle-hash.ts'
import { multiProofRoot } from '../ledger/multi-proof.ts'
import { parseVkey, type VerifierKey } from '../ledger/note.ts'
import { falseAct } from './acts.ts'
import { type DrawFile, parseDrawFile } from './draw-file.ts'
import { drawOrder } from './draw-order.ts'
import { candidatesOf, type DrawSeat, planCommitment, readPlan, seatsDigest } from './draw-plan.ts'
import { type DrawPower, drawPower } from './draw-power.ts'

type Committed = Extract<LedgerEvent, { readonly type: 'draw.committed' }>
type Drawn = Extract<LedgerEvent, { readonly type: 'visit.drawn' }>

export interface DrawReplay {
  readonly class: string
  readonly k: number
  readonly n: number
  readonly power: DrawPower
  readonly commitment: string
  readonly nonce: string
  /** Computed again, and equal to what was recorded. */
  readonly order: readonly string[]
  readonly strata: Committed['data']['strata']
  readonly visit: string | null
  /** The inspector named the commitment with the nonce. Without it nothing shows which of the two came first. */
  readonly commitmentSeen: boolean
  /** Leaves of the commitment and of the draw, and the station's own clock at each, ISO. */
  readonly committed: { readonly index: number; readonly time: string }
  readonly drawn: { readonly index: number; readonly time: string }
  readonly origin: string
  readonly size: number
  /** Hex. */
  readonly root: string
  readonly simulated: boolean
  /** `self`: the file vouches for its own key. `key`: the given key signed. */
  readonly trust: 'self' | 'key'
}

/**
 * Replays a draw from nothing but its file and, if given, the station's public key: that the events are in the signed
 * ledger, that the plan is the one that was committed to before, and that it gives this order with this nonce.
 * That the roster is the class's true one only the class's bundle shows. Total. Faults: `INSPECT_DRAW_FORMAT`,
 * `INSPECT_DRAW_TOO_LARGE`, `INSPECT_DRAW_EDITED`, `INSPECT_DRAW_KEY`, `INSPECT_COMMITMENT_MISMATCH`,
 * `INSPECT_ORDER_FALSE`.
 */
export function replayDraw(
  bytes: Uint8Array,
  outside: { readonly key?: VerifierKey } = {},
): Result<DrawReplay> {
  const file = parseDrawFile(bytes)
  if (!file.ok) return file
  const proved = provedEvents(file.value, outside.key)
  if (!proved.ok) return proved
  const { events, checkpoint } = proved.value
  const committed = events.find((event) => event.type === 'draw.committed')
  const drawn = events.at(-1)
  if (committed === undefined || drawn?.type !== 'visit.drawn') {
    return fault('INSPECT_DRAW_EDITED', 'the file doesn’t show a commitment and then its draw')
  }
  const wrong = falseDraw(committed, drawn, file.value.roster)
  if (wrong !== null) return failed(wrong)
  const act = falseAct(events)
  if (act !== null) return fault('INSPECT_DRAW_EDITED', act.detail)
  const birth = events[0]
  const { class: classId, k, nonce, order, visit, commitmentSeen } = drawn.data
  const { n, strata, commitment } = committed.data
  return ok({
    ...{
      class: classId,
      k,
      n,
      power: drawPower(strata, k),
      commitment,
      nonce,
      order,
      strata,
      visit,
      commitmentSeen,
    },
    ...{ committed: placeOf(committed), drawn: placeOf(drawn) },
    ...{ origin: checkpoint.origin, size: checkpoint.size, root: toHex(checkpoint.root) },
    simulated: birth?.type === 'station.key' && birth.data.simulated,
    trust: outside.key === undefined ? 'self' : 'key',
  })
}

function provedEvents(
  { bodies, nodes, checkpoint: note }: DrawFile,
  key: VerifierKey | undefined,
): Result<{ events: readonly LedgerEvent[]; checkpoint: Checkpoint }> {
  const events: LedgerEvent[] = []
  for (const body of bodies) {
    const event = decodeEvent(body)
    if (!event.ok || event.value.index <= (events.at(-1)?.index ?? -1)) {
      return fault('INSPECT_DRAW_EDITED', 'an event of the file is not one, or not in its place')
    }
    events.push(event.value)
  }
  const birth = events[0]
  const own = birth?.type === 'station.key' && birth.index === 0 ? parseVkey(birth.data.vkey) : null
  if (own === null || !own.ok)
    return fault('INSPECT_DRAW_EDITED', 'the first event is not the birth of a key')
  if (key !== undefined && key.vkey !== own.value.vkey) {
    return fault('INSPECT_DRAW_KEY', 'the station was born with another key than the one you know')
  }
  const checkpoint = openCheckpoint(note, [own.value])
  if (!checkpoint.ok) return fault('INSPECT_DRAW_KEY', `checkpoint: ${checkpoint.fault.message}`)
  const { origin, size, root } = checkpoint.value
  const leaves = bodies.map((body, i) => ({ index: events[i]!.index, leaf: leafHash(body) }))
  const inTree = events.every((event) => event.index < size && event.origin === origin)
  const proved = inTree ? multiProofRoot(leaves, size, nodes) : null
  if (proved !== null && sameHash(proved, root)) return ok({ events, checkpoint: checkpoint.value })
  return fault('INSPECT_DRAW_EDITED', 'these events are not the ones that the station signed')
}

/** Null where the plan is the one that was committed to, and gives this order with this nonce. */
export function falseDraw(
  { data: committed, origin }: Committed,
  { data: drawn }: Drawn,
  roster: readonly DrawSeat[],
): Fault | null {
  const people = new Set(roster.map(({ person }) => person))
  if (
    seatsDigest(roster) !== committed.roster ||
    people.size !== committed.n ||
    roster.length !== committed.n
  ) {
    return new Fault('INSPECT_DRAW_EDITED', 'the roster is not the one that the station committed to')
  }
  const plan = readPlan(drawn.plan)
  const { class: classId, draw, roster: digest, strata } = committed
  const said = { origin, class: classId, draw, roster: digest, strata }
  const isOwn = drawn.draw === draw && drawn.class === classId
  if (plan === null || !isOwn || planCommitment(drawn.plan) !== committed.commitment) {
    return new Fault(
      'INSPECT_COMMITMENT_MISMATCH',
      'what the station revealed is not what it had committed to',
    )
  }
  const { format: _, seed, ...planned } = plan
  if (!sameJson(planned, said)) {
    return new Fault('INSPECT_COMMITMENT_MISMATCH', 'the plan is about something else than its commitment')
  }
  const random = { seed: fromHex(seed)!, nonce: fromHex(drawn.nonce)! }
  const order = drawn.k > roster.length ? [] : drawOrder(candidatesOf(roster, strata), drawn.k, random)
  if (order.length === drawn.k && sameJson(order, drawn.order)) return null
  return new Fault('INSPECT_ORDER_FALSE', 'the plan and the nonce give another order than the recorded one')
}

function placeOf({ index, time }: LedgerEvent): { index: number; time: string } {
  // A year beyond what a date can hold is no reason to fail: the time is the station's word anyway.
  const date = new Date(time.wall)
  return { index, time: Number.isNaN(date.getTime()) ? String(time.wall) : date.toISOString() }
}

function fault(code: FaultCode, why: string) {
  return failed(new Fault(code, why))
}
