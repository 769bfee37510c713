import { randomBytes } from 'node:crypto'
import { Fault } from '../common/fault.ts'
import { failed, ok, type Result } from '../common/result.ts'
import { seatsOf } from '../inspect/draw-plan.ts'
import {
  admitInspector,
  keptCheckpoint,
  knownList,
  type Refusal,
  sinceLastVisit,
  takeList,
} from '../inspect/visit-opening.ts'
import type { EventData } from '../ledger/event.ts'
import { inspectorId } from '../ledger/inspector-id.ts'
import { parseVkey } from '../ledger/note.ts'
import type { DeskParts } from '../station/desk-service.ts'
import type { VisitAnswers, VisitWork } from '../station/visit-work.ts'
import { inspectorSignature } from './inspector-proof.ts'
import { type MadeVisitKey, makeVisitKey, statementText, type VisitKeys } from './visit-key.ts'
import type { VisitLog } from './visit-log.ts'
import { visitState } from './visit-state.ts'

type Asked<A extends VisitWork['act']> = Extract<VisitWork, { readonly act: A }>
type Opening = Omit<EventData['visit.opened'], 'act'>

/** What an inspector was asked to sign. It is nowhere but in memory: after a power cut they ask again. */
interface Pending {
  readonly body: Opening
  readonly statement: string
  readonly made: MadeVisitKey
  /** Milliseconds since boot. */
  readonly until: number
}

const PENDING_MS = 600_000
/** An open visit without a record for so long doesn't keep the next inspector out: somebody left, or forgot the PIN. */
const LEFT_MS = 12 * 3_600_000

/** The beginning of visits: who may inspect, and their own signature under what is recorded. */
export class VisitOpening {
  readonly #data: DeskParts['data']
  readonly #log: VisitLog
  readonly #keys: VisitKeys
  readonly #pending = new Map<string, Pending>()

  constructor({ data }: DeskParts, log: VisitLog, keys: VisitKeys) {
    this.#data = data
    this.#log = log
    this.#keys = keys
  }

  /**
   * Lets an inspector in and gives the statement to sign, or refuses and records it. Faults: `ROSTER_CLASS_UNKNOWN`,
   * those of `takeList` and `admitInspector`, `INSPECT_VISIT_OPEN`, `LEDGER_SEEN` and those of `sinceLastVisit`.
   */
  admit(work: Asked<'visit.admit'>): Result<VisitAnswers['visit.admit']> {
    const { class: classId, publicKey } = work
    if (seatsOf(this.#log.events(), classId) === null) {
      return failed(new Fault('ROSTER_CLASS_UNKNOWN', 'no such class in this ledger'))
    }
    const taken = this.#takeList(work.list)
    if (!taken.ok) return taken
    const admitted = this.#admitted(classId, publicKey)
    if (!admitted.ok) return admitted
    const running = this.#running(classId)
    if (running !== null) return failed(running)
    const since = work.seen === null ? ok(null) : this.#since(work.seen)
    if (!since.ok) return since
    const made = makeVisitKey(work.pin)
    const visit = randomBytes(16).toString('hex')
    const inspector = { actor: inspectorId(publicKey)!, publicKey }
    const body = {
      ...{ visit, class: classId, inspector, visitKey: made.key },
      ...{ ...admitted.value, since: since.value },
    }
    const statement = statementText(this.#data, 'visit.open', body)
    const until = this.#data.clock.now().boottime + PENDING_MS
    this.#pending.set(classId, { body, statement, made, until })
    const known = knownList(this.#log.events())
    return ok({
      ...{ visit, statement, standing: body.standing },
      list: known === null ? null : { number: known.number, authority: known.authority },
      since: since.value === null ? null : { size: since.value.size, finding: since.value.finding },
    })
  }

  /**
   * Opens the visit that was admitted. Faults: `INSPECT_NOTHING_TO_SIGN` (nobody was admitted in the last ten minutes, or
   * before the station started), `INSPECT_VISIT_OPEN`, those of `inspectorSignature`; a false signature is on record.
   */
  open({ class: classId, proof }: Asked<'visit.open'>): Result<VisitAnswers['visit.open']> {
    const pending = this.#pending.get(classId)
    if (pending === undefined || this.#data.clock.now().boottime > pending.until) {
      const why = 'nobody waits to be let in, or it took over ten minutes: ask to be admitted again'
      return failed(new Fault('INSPECT_NOTHING_TO_SIGN', why))
    }
    const { body, statement, made } = pending
    const { publicKey } = body.inspector
    const signed = inspectorSignature(statement, body.inspector, proof)
    if (!signed.ok && signed.fault.code === 'INSPECT_SIGNATURE') {
      return this.#log.refuse(signed.fault, { class: classId, publicKey, reason: 'signature' })
    }
    if (!signed.ok) return signed
    // A newer list or another visit may have come since.
    const admitted = this.#admitted(classId, publicKey)
    const fault = admitted.ok ? this.#running(classId) : admitted.fault
    if (fault !== null) return failed(fault)
    this.#pending.delete(classId)
    this.#keys.keep(body.visit, made)
    const act = { statement, signatures: [signed.value] }
    const event = this.#log.append({ type: 'visit.opened', data: { ...body, act } })
    const visit = this.#log.visit(body.visit)!
    const state = visitState(visit, this.#log.events())
    return ok({ visit: state, event, checkpoint: this.#data.ledger.checkpoint() })
  }

  #takeList(given: Asked<'visit.admit'>['list']): Result<true> {
    if (given === null) return ok(true)
    const authority = parseVkey(given.authority)
    if (!authority.ok) return authority
    const taken = this.#orRecord(takeList(given.note, authority.value, knownList(this.#log.events())))
    if (taken.ok && taken.value !== null) this.#log.append(taken.value)
    return taken.ok ? ok(true) : taken
  }

  #admitted(classId: string, publicKey: string) {
    const at = this.#data.clock.now().wall
    return this.#orRecord(admitInspector({ class: classId, publicKey, at }, knownList(this.#log.events())))
  }

  #running(classId: string): Fault | null {
    const running = this.#log.openOf(classId)
    if (running === null) return null
    if (this.#data.clock.now().wall - this.#log.newestOf(running.visit) > LEFT_MS) return null
    const why = `visit ${running.visit} of this class is still open: go on with it or close it`
    return new Fault('INSPECT_VISIT_OPEN', why)
  }

  #since(text: string) {
    const { ledger } = this.#data
    const note = keptCheckpoint(text)
    if (note === null)
      return failed(new Fault('LEDGER_SEEN', 'no checkpoint can be read in what was brought'))
    const against = { size: ledger.size, rootAt: (size: number) => ledger.rootAt(size) }
    // A station that changed its key since is still the one that signed.
    const tried = ledger.keys.keys.map((key) => sinceLastVisit(note, { ...against, key }))
    return tried.find(({ ok: isOpened }) => isOpened) ?? tried.at(-1)!
  }

  #orRecord<T>(result: Result<T, Refusal>): Result<T> {
    return result.ok ? result : this.#log.refuse(result.fault.fault, result.fault.record.data)
  }
}
