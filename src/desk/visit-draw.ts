import { randomBytes } from 'node:crypto'
import { Fault, type FaultCode } from '../common/fault.ts'
import { failed, ok, type Result } from '../common/result.ts'
import {
  checkRequest,
  commitDraw,
  type DrawRequest,
  revealDraw,
  standingCommitment,
} from '../inspect/draw.ts'
import { drawPower } from '../inspect/draw-power.ts'
import type { Visit } from '../inspect/visit.ts'
import { signedDraw } from '../inspect/visit-acts.ts'
import type { EventData } from '../ledger/event.ts'
import type { DeskParts } from '../station/desk-service.ts'
import type { VisitAnswers, VisitWork } from '../station/visit-work.ts'
import { tryDrawFile } from './visit-files.ts'
import type { VisitKeys } from './visit-key.ts'
import type { VisitLog } from './visit-log.ts'

type Asked<A extends VisitWork['act']> = Extract<VisitWork, { readonly act: A }>
type Committed = EventData['draw.committed']

/** Sealed until the draw, like everything that must not be read before its time. */
const PLAN_RECORD = 'draw-plan'

/** Draws by commit and reveal, of a visit or, without a PIN, of nobody's. */
export class VisitDraw {
  readonly #data: DeskParts['data']
  readonly #log: VisitLog
  readonly #keys: VisitKeys

  constructor({ data }: DeskParts, log: VisitLog, keys: VisitKeys) {
    this.#data = data
    this.#log = log
    this.#keys = keys
  }

  /** Commits to a draw before the inspector's nonce is known. Faults of `commitDraw`, each on record. */
  commit(work: Asked<'visit.commit'>): Result<VisitAnswers['visit.commit']> {
    const visit = this.#visitFor(work)
    if (!visit.ok) return visit
    if (work.pin !== null && visit.value !== null) {
      const allowed = this.#keys.check(visit.value, work.pin)
      if (!allowed.ok) return allowed
    }
    const committed = this.#commit(work.class, work.onSiteWeight)
    if (!committed.ok) return this.#refuse(committed.fault, work.class, visit.value)
    const { commitment, n, strata } = committed.value
    return ok({ commitment, n, strata })
  }

  /**
   * Draws from the commitment that was seen, or else from one that stands or is made now. Faults of `checkRequest` and
   * `INSPECT_COMMITMENT_SPENT`, each on record; those of `revealDraw`, of which `draw.voided` says the same.
   */
  draw(work: Asked<'visit.draw'>): Result<VisitAnswers['visit.draw']> {
    const found = this.#visitFor(work)
    if (!found.ok) return found
    const visit = found.value
    if (work.pin !== null && visit !== null) {
      const allowed = this.#keys.check(visit, work.pin)
      if (!allowed.ok) return allowed
    }
    const request: DrawRequest = {
      ...{ class: work.class, k: work.k, nonce: work.nonce.toLowerCase() },
      ...{ visit: visit?.visit ?? null, seen: work.commitment },
    }
    const checked = checkRequest(this.#log.events(), request)
    const committed = checked.ok ? this.#committed(request) : checked
    if (!committed.ok) return this.#refuse(committed.fault, work.class, visit)
    const drawn = this.#reveal(request, committed.value, visit, work.pin)
    if (!drawn.ok) return drawn
    const { event, order } = drawn.value
    const { commitment, n, strata, draw } = committed.value
    return ok({
      ...{ class: work.class, k: work.k, n, power: drawPower(strata, work.k), commitment },
      ...{ nonce: request.nonce, order, commitmentSeen: request.seen !== null, strata },
      ...{ ...tryDrawFile(this.#data, draw), event, visit: request.visit },
      simulated: this.#data.key.simulated,
    })
  }

  /** The visit that is open; null for a draw that nobody signs. */
  #visitFor({
    class: classId,
    pin,
  }: {
    readonly class: string
    readonly pin: string | null
  }): Result<Visit | null> {
    return pin === null ? ok(null) : this.#log.needed(classId)
  }

  /** The plan is sealed first: a commitment whose plan was never kept would look like one that was lost. */
  #commit(classId: string, onSiteWeight: number): Result<Committed> {
    const draw = randomBytes(16).toString('hex')
    const seed = randomBytes(32).toString('hex')
    const { origin } = this.#data.key
    const made = commitDraw(this.#log.events(), { origin, class: classId, draw, seed, onSiteWeight })
    if (!made.ok) return made
    this.#data.side.put(draw, 'identity', PLAN_RECORD, Buffer.from(made.value.plan))
    this.#log.append({ type: 'draw.committed', data: made.value.data })
    return ok(made.value.data)
  }

  #committed(request: DrawRequest): Result<Committed> {
    const standing = standingCommitment(this.#log.events(), request)
    if (standing !== null) return ok(standing)
    if (request.seen === null) return this.#commit(request.class, 1)
    const why = 'this commitment was drawn from or is void; commit again'
    return failed(new Fault('INSPECT_COMMITMENT_SPENT', why))
  }

  #reveal(
    request: DrawRequest,
    committed: Committed,
    visit: Visit | null,
    pin: string | null,
  ): Result<{ readonly event: number; readonly order: readonly string[] }> {
    const plan = this.#data.side.get(committed.draw, 'identity', PLAN_RECORD)
    const text = plan === null ? null : Buffer.from(plan).toString('utf8')
    const revealed = revealDraw(this.#log.events(), request, committed, text)
    if (!revealed.ok) {
      this.#log.append({ type: 'draw.voided', data: revealed.fault.voided })
      return failed(revealed.fault.fault)
    }
    const body = revealed.value.data
    const { order } = body
    if (visit === null || pin === null) {
      return ok({ event: this.#log.append({ type: 'visit.drawn', data: { ...body, act: null } }), order })
    }
    const act = this.#keys.sign(visit, pin, 'visit.draw', signedDraw(body))
    if (!act.ok) return act
    return ok({ event: this.#log.append({ type: 'visit.drawn', data: { ...body, act: act.value } }), order })
  }

  #refuse(fault: Fault, classId: string, visit: Visit | null) {
    const reason = reasons[fault.code]
    if (reason === undefined) return failed(fault)
    const publicKey = visit?.inspector.publicKey ?? null
    const inVisit = visit === null ? {} : { visit: visit.visit }
    return this.#log.refuse(fault, { class: classId, publicKey, ...inVisit, reason })
  }
}

/** What is recorded of a request that was refused. A class that isn't here is nobody's. */
const reasons: Partial<Record<FaultCode, EventData['visit.refused']['reason']>> = {
  INSPECT_K_ZERO: 'k-zero',
  INSPECT_K_TOO_LARGE: 'k-too-large',
  INSPECT_NONCE: 'nonce',
  INSPECT_NONCE_REUSED: 'nonce-reused',
  INSPECT_CLASS_EMPTY: 'class-empty',
  INSPECT_CLASS_OF_ONE: 'class-of-one',
  INSPECT_COMMITMENT_UNKNOWN: 'commitment-unknown',
  INSPECT_COMMITMENT_SPENT: 'commitment-spent',
}
