import { Fault } from '../common/fault.ts'
import { failed, ok, type Result } from '../common/result.ts'
import type { Visit } from '../inspect/visit.ts'
import { createActorKey, signAct, type WrappedKey } from '../ledger/act.ts'
import type { SignedAct } from '../ledger/event.ts'
import { inspectorId } from '../ledger/inspector-id.ts'
import type { StationData } from '../station/data-folder.ts'
import type { VisitLog } from './visit-log.ts'

/** A key that the station makes for one visit, and its half that needs the visit's PIN. */
export interface MadeVisitKey {
  readonly key: NonNullable<Visit['visitKey']>
  readonly wrapped: WrappedKey
}

const RECORD = 'visit-key'
const WRONG_PINS = 5
const LOCKED_MS = 60_000

/** Keys of visits: sealed beside the ledger under the visit's id, opened by the PIN that the inspector chose. */
export class VisitKeys {
  readonly #data: StationData
  readonly #log: VisitLog
  readonly #wrong = new Map<string, { readonly count: number; readonly until: number }>()

  constructor(data: StationData, log: VisitLog) {
    this.#data = data
    this.#log = log
  }

  /** Sealed before the opening is recorded: a visit whose key was never kept could take no marks. */
  keep(visit: string, { wrapped }: MadeVisitKey): void {
    this.#data.side.put(visit, 'identity', RECORD, Buffer.from(JSON.stringify(wrapped)))
  }

  /**
   * Signs what is about to be recorded, as the station's clock has it. Faults: `LEDGER_PIN`; `STATION_PIN_LOCKED` for a
   * minute after five wrong ones in a row, which is on record once; `INSPECT_VISIT_KEY` where the visit has no key here.
   */
  sign(visit: Visit, pin: string, act: string, body: Readonly<Record<string, unknown>>): Result<SignedAct> {
    const { visitKey } = visit
    const sealed = visitKey === null ? null : this.#data.side.get(visit.visit, 'identity', RECORD)
    if (visitKey === null || sealed === null) return failed(NO_KEY)
    if (this.#isLocked(visit.visit))
      return failed(new Fault('STATION_PIN_LOCKED', 'too many wrong PINs of the visit; wait a minute'))
    const wrapped = JSON.parse(Buffer.from(sealed).toString('utf8')) as WrappedKey
    const statement = statementText(this.#data, act, body)
    const signature = signAct(statement, { actor: visitKey.actor, wrapped, pin })
    if (!signature.ok) return this.#countWrong(visit)
    this.#wrong.delete(visit.visit)
    return ok({ statement, signatures: [signature.value] })
  }

  /** Whether it is the visit's PIN. Nothing is recorded of a right one. */
  check(visit: Visit, pin: string): Result<true> {
    const signed = this.sign(visit, pin, 'visit.authenticate', {})
    return signed.ok ? ok(true) : signed
  }

  /** Nobody signs for a visit that is closed: its key goes. */
  destroy(visit: string): void {
    this.#data.side.destroy(visit, 'identity')
    this.#wrong.delete(visit)
  }

  #isLocked(visit: string): boolean {
    const wrong = this.#wrong.get(visit)
    return wrong !== undefined && wrong.count >= WRONG_PINS && this.#data.clock.now().boottime < wrong.until
  }

  #countWrong({ visit, class: classId, inspector }: Visit) {
    const count = (this.#wrong.get(visit)?.count ?? 0) + 1
    this.#wrong.set(visit, { count, until: this.#data.clock.now().boottime + LOCKED_MS })
    const fault = new Fault('LEDGER_PIN', 'the PIN of the visit is wrong')
    if (count !== WRONG_PINS) return failed(fault)
    const { publicKey } = inspector
    return this.#log.refuse(fault, { class: classId, publicKey, visit, reason: 'wrong-pin' })
  }
}

/** Takes about a tenth of a second. */
export function makeVisitKey(pin: string): MadeVisitKey {
  const { publicKey, wrapped } = createActorKey(pin)
  return { key: { actor: inspectorId(publicKey)!, publicKey }, wrapped }
}

/** The text that somebody signs for a record of a visit, never serialised again. */
export function statementText(
  { key, clock }: Pick<StationData, 'key' | 'clock'>,
  act: string,
  body: Readonly<Record<string, unknown>>,
): string {
  return JSON.stringify({ act, ...body, origin: key.origin, at: clock.now().wall })
}

const NO_KEY = new Fault(
  'INSPECT_VISIT_KEY',
  'this visit has no key here: it was opened before visits had one, or the key was lost; close it and open another',
)
