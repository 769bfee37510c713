import { shippedCalendar } from '../attendance/workdays.ts'
import { Fault } from '../common/fault.ts'
import { failed, ok, type Result } from '../common/result.ts'
import type { Visit } from '../inspect/visit.ts'
import { openFinding } from '../inspect/visit-findings.ts'
import type { EventData } from '../ledger/event.ts'
import type { DeskParts } from '../station/desk-service.ts'
import { countSupervisors } from '../station/staff.ts'
import type { VisitAnswers, VisitWork } from '../station/visit-work.ts'
import type { ClassEvents } from './class-events.ts'
import { inspectorSignature } from './inspector-proof.ts'
import { statementText } from './visit-key.ts'
import type { VisitLog } from './visit-log.ts'

type Asked<A extends VisitWork['act']> = Extract<VisitWork, { readonly act: A }>

/** What the inspector was asked to sign. Only in memory: after a power cut they ask again. */
interface Pending {
  readonly body: Omit<EventData['finding.closed'], 'act'>
  readonly statement: string
}

/** What becomes of a closed visit's findings: the institution answers, the inspector of that visit settles. */
export class VisitFollowUp {
  readonly #parts: DeskParts
  readonly #log: VisitLog
  readonly #classEvents: ClassEvents
  /** By visit and finding. */
  readonly #pending = new Map<string, Pending>()

  constructor(parts: DeskParts, log: VisitLog, classEvents: ClassEvents) {
    this.#parts = parts
    this.#log = log
    this.#classEvents = classEvents
  }

  /**
   * The institution's answer, signed by two people, one of them a supervisor. Faults: those of `openFinding`,
   * `STATION_NOT_SUPERVISOR`, those of `Staff.sign`.
   */
  async answer(work: Asked<'visit.answer'>): Promise<Result<VisitAnswers['visit.answer']>> {
    const found = await this.#visitOf(work)
    if (!found.ok) return found
    const { data, staff } = this.#parts
    if (countSupervisors(staff, work.signers) === 0) {
      return failed(new Fault('STATION_NOT_SUPERVISOR', 'one of the two has to be a supervisor'))
    }
    const { visit, finding, answer, document } = work
    const body = { visit, class: found.value.class, finding, answer, document }
    const act = staff.sign({ act: 'finding.answer', ...body }, work.signers)
    if (!act.ok) return act
    const { index } = data.ledger.append({ type: 'finding.answered', data: { ...body, act: act.value } })
    return ok({ class: body.class, event: index })
  }

  /** Gives the statement with which the inspector closes a finding. Faults: those of `openFinding`. */
  async settle(work: Asked<'visit.settle'>): Promise<Result<VisitAnswers['visit.settle']>> {
    const found = await this.#visitOf(work)
    if (!found.ok) return found
    const { visit, finding, outcome, note } = work
    const body = { visit, class: found.value.class, finding, outcome, note }
    const statement = statementText(this.#parts.data, 'finding.close', body)
    this.#pending.set(nameOf(work), { body, statement })
    return ok({ class: body.class, statement, inspector: found.value.inspector })
  }

  /**
   * Closes the finding with the signature of the inspector whose visit it was. Faults: `INSPECT_NOTHING_TO_SIGN`, those of
   * `openFinding` (it may have been closed since), those of `inspectorSignature`; a false signature is on record.
   */
  async settled(work: Asked<'visit.settled'>): Promise<Result<VisitAnswers['visit.settled']>> {
    const pending = this.#pending.get(nameOf(work))
    if (pending === undefined) {
      return failed(new Fault('INSPECT_NOTHING_TO_SIGN', 'nobody asked to settle this finding: ask again'))
    }
    const found = await this.#visitOf(work)
    if (!found.ok) return found
    const { inspector, class: classId, visit } = found.value
    const { body, statement } = pending
    const signed = inspectorSignature(statement, inspector, work.proof)
    if (!signed.ok && signed.fault.code === 'INSPECT_SIGNATURE') {
      const { publicKey } = inspector
      return this.#log.refuse(signed.fault, { class: classId, publicKey, visit, reason: 'signature' })
    }
    if (!signed.ok) return signed
    this.#pending.delete(nameOf(work))
    const act = { statement, signatures: [signed.value] }
    return ok({ event: this.#log.append({ type: 'finding.closed', data: { ...body, act } }) })
  }

  /** The closed visit of a finding that is not closed yet. */
  async #visitOf({ visit: id, finding }: Named): Promise<Result<Visit>> {
    const visit = this.#log.visit(id)
    const events = visit === null ? [] : await this.#classEvents.of(visit.class)
    const open = openFinding(events, id, finding, shippedCalendar())
    return open.ok ? ok(visit!) : open
  }
}

type Named = Pick<Asked<'visit.settled'>, 'visit' | 'finding'>

function nameOf({ visit, finding }: Named): string {
  return `${visit} ${finding}`
}
