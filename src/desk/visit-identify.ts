import { randomBytes } from 'node:crypto'
import { Fault } from '../common/fault.ts'
import { failed, ok, type Result } from '../common/result.ts'
import type { FaceEvidence } from '../ledger/event.ts'
import type { VisitEvidence } from '../ledger/visit-events.ts'
import type { DeskParts } from '../station/desk-service.ts'
import type { Identified } from '../station/identify.ts'
import type { VisitAnswers, VisitWork } from '../station/visit-work.ts'
import type { VisitKeys } from './visit-key.ts'
import type { VisitLog } from './visit-log.ts'
import { recordOf } from './visit-people.ts'

type Asked<A extends VisitWork['act']> = Extract<VisitWork, { readonly act: A }>
type Face = NonNullable<VisitAnswers['visit.identify']['face']>
type Claimed = VisitAnswers['visit.identify']['record']

/** What the station itself saw, until a mark carries it. */
export interface Ticket {
  readonly visit: string
  readonly by: 'card' | 'face'
  readonly person: string | null
  readonly record: Claimed
  readonly face: Face | null
  readonly evidence: VisitEvidence
  /** Milliseconds since boot. */
  readonly until: number
}

const TICKET_MS = 600_000

/** Cards and faces that the door's reader and camera looked at for a visit. Nobody is signed in or out by that. */
export class VisitIdentify {
  readonly #parts: DeskParts
  readonly #log: VisitLog
  readonly #keys: VisitKeys
  readonly #tickets = new Map<string, Ticket>()

  constructor(parts: DeskParts, log: VisitLog, keys: VisitKeys) {
    this.#parts = parts
    this.#log = log
    this.#keys = keys
  }

  /**
   * Lends the door's reader or camera to the visit for one reading. Faults: `INSPECT_VISIT_UNKNOWN`, `LEDGER_PIN`,
   * `INSPECT_IDENTIFY_PERSON` (a face is held against somebody), `STATION_NOT_NOW` where no door runs, and those of
   * `IdentifyAtDoor`.
   */
  async identify(work: Asked<'visit.identify'>): Promise<Result<VisitAnswers['visit.identify']>> {
    const visit = this.#log.needed(work.class)
    if (!visit.ok) return visit
    const allowed = this.#keys.check(visit.value, work.pin)
    if (!allowed.ok) return allowed
    const { identify, data } = this.#parts
    if (identify === null) {
      const why = 'the reader and the camera are those of the station, and it does not run'
      return failed(new Fault('STATION_NOT_NOW', why))
    }
    const { by, person } = work
    if (by === 'face' && person === null) {
      return failed(new Fault('INSPECT_IDENTIFY_PERSON', 'say whose face it should be'))
    }
    const identified = await identify(by === 'face' && person !== null ? { by, person } : { by: 'card' })
    if (!identified.ok) return identified
    const found = identified.value
    const record = recordOf(this.#parts, work.class, found.person)
    const face = found.face === null ? null : faceOf(found.face)
    const ticket = randomBytes(16).toString('hex')
    const until = data.clock.now().boottime + TICKET_MS
    const evidence = evidenceOf(found)
    this.#tickets.set(ticket, {
      ...{ visit: visit.value.visit, by, person: found.person, record, face, evidence, until },
    })
    return ok({
      ...{ ticket, person: found.person, name: found.card?.name ?? null, number: found.card?.number ?? null },
      ...{ record, face, simulated: found.simulated },
    })
  }

  /** What was seen under a ticket; null for one that isn't this visit's, is used or is over ten minutes old. */
  ticket(id: string, visit: string): Ticket | null {
    const now = this.#parts.data.clock.now().boottime
    for (const [old, { until }] of this.#tickets) if (now > until) this.#tickets.delete(old)
    const ticket = this.#tickets.get(id)
    return ticket?.visit === visit ? ticket : null
  }

  /** It was recorded, and nothing else can rest on it. */
  use(id: string): void {
    this.#tickets.delete(id)
  }
}

/** What a look came to. One that may be a photograph's proves neither the person nor that it is somebody else. */
function faceOf({ decision, liveness, score, accept, reject }: FaceEvidence): Face {
  const isSame = decision === undefined ? score !== null && score >= accept : decision.verdict === 'verified'
  const isOther = decision === undefined ? score !== null && score < reject : decision.verdict === 'refused'
  if (isOther) return { verdict: 'nonmatch', score }
  return { verdict: isSame && liveness?.verdict !== 'attack' ? 'match' : 'unsure', score }
}

function evidenceOf({ reader, face, simulated }: Identified): VisitEvidence {
  return { reader: reader === null ? null : { ...reader }, face, simulated }
}
