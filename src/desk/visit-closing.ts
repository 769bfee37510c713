import { Fault } from '../common/fault.ts'
import { failed, ok, type Result } from '../common/result.ts'
import { sameJson } from '../common/same-json.ts'
import { drawOutcome, type Visit } from '../inspect/visit.ts'
import { coversOf } from '../inspect/visit-covers.ts'
import type { EventData, SignedAct } from '../ledger/event.ts'
import type { DeskParts } from '../station/desk-service.ts'
import type { KeptFile, VisitAnswers, VisitWork } from '../station/visit-work.ts'
import { inspectorSignature } from './inspector-proof.ts'
import { visitFiles } from './visit-files.ts'
import { statementText, type VisitKeys } from './visit-key.ts'
import type { VisitLog } from './visit-log.ts'

type Asked<A extends VisitWork['act']> = Extract<VisitWork, { readonly act: A }>
type Closing = Omit<EventData['visit.closed'], 'act'>

/** What the inspector was asked to sign, and the institution's signature under it. Only in memory. */
interface Pending {
  readonly body: Closing
  readonly statement: string
  readonly institution: SignedAct['signatures']
}

/** The end of visits: both sign the very same text, or it says that the institution didn't. */
export class VisitClosing {
  readonly #parts: DeskParts
  readonly #log: VisitLog
  readonly #keys: VisitKeys
  readonly #pending = new Map<string, Pending>()

  constructor(parts: DeskParts, log: VisitLog, keys: VisitKeys) {
    this.#parts = parts
    this.#log = log
    this.#keys = keys
  }

  /**
   * Prepares the end and gives the statement that the inspector signs with their own key. Faults:
   * `INSPECT_VISIT_UNKNOWN`, those of `VisitKeys.sign` but `INSPECT_VISIT_KEY` (a visit whose key is lost can still be
   * closed), those of `Staff.sign`.
   */
  finish(work: Asked<'visit.finish'>): Result<VisitAnswers['visit.finish']> {
    const found = this.#log.needed(work.class)
    if (!found.ok) return found
    const visit = found.value
    const allowed = this.#keys.check(visit, work.pin)
    if (!allowed.ok && allowed.fault.code !== 'INSPECT_VISIT_KEY') return allowed
    const institution = work.institution.signed
      ? { signed: true as const, actor: work.institution.actor }
      : work.institution
    const covers = coversOf(this.#log.leavesOf(visit.visit))
    const body: Closing = { visit: visit.visit, class: work.class, institution, note: work.note, covers }
    const signed = this.#institutionSigns(body, work.institution)
    if (!signed.ok) return signed
    const { statement, signatures } = signed.value
    this.#pending.set(visit.visit, { body, statement, institution: signatures })
    return ok({ statement, outcome: drawOutcome(visit) })
  }

  /**
   * Closes the visit and makes its files. Faults: `INSPECT_VISIT_UNKNOWN`, `INSPECT_NOTHING_TO_SIGN` (the end was not
   * prepared, or something was recorded since), those of `inspectorSignature`; a false signature is on record.
   */
  async close({ class: classId, proof }: Asked<'visit.close'>): Promise<Result<VisitAnswers['visit.close']>> {
    const found = this.#log.needed(classId)
    if (!found.ok) return found
    const { visit, inspector } = found.value
    const pending = this.#pending.get(visit)
    const covers = coversOf(this.#log.leavesOf(visit))
    if (pending === undefined || !sameJson(pending.body.covers, covers)) {
      const why = 'the end was not prepared, or something was recorded since: prepare it again'
      return failed(new Fault('INSPECT_NOTHING_TO_SIGN', why))
    }
    const { body, statement, institution } = pending
    const signed = inspectorSignature(statement, inspector, proof)
    if (!signed.ok && signed.fault.code === 'INSPECT_SIGNATURE') {
      const { publicKey } = inspector
      return this.#log.refuse(signed.fault, { class: classId, publicKey, visit, reason: 'signature' })
    }
    if (!signed.ok) return signed
    const act = { statement, signatures: [signed.value, ...institution] }
    const event = this.#log.append({ type: 'visit.closed', data: { ...body, act } })
    this.#pending.delete(visit)
    const checkpoint = this.#parts.data.ledger.checkpoint()
    const closed = this.#log.visit(visit)!
    const left = await this.#leave(closed)
    return ok({ visit, event, outcome: drawOutcome(closed), checkpoint, ...left })
  }

  #institutionSigns(body: Closing, given: Asked<'visit.finish'>['institution']): Result<SignedAct> {
    const { data, staff } = this.#parts
    if (given.signed)
      return staff.sign({ act: 'visit.close', ...body }, [{ actor: given.actor, pin: given.pin }])
    return ok({ statement: statementText(data, 'visit.close', { ...body }), signatures: [] })
  }

  /** The visit is closed whatever comes of this: its files can be made again from the ledger. */
  async #leave(visit: Visit): Promise<{ readonly files: readonly KeptFile[]; readonly filesCode?: string }> {
    try {
      this.#parts.data.ledger.keepCheckpoint('export')
      const files = await visitFiles(this.#parts, visit)
      this.#keys.destroy(visit.visit)
      return { files }
    } catch (thrown) {
      if (thrown instanceof Fault) return { files: [], filesCode: thrown.code }
      throw thrown
    }
  }
}
