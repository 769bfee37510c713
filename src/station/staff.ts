import { randomBytes } from 'node:crypto'
import { Fault } from '../common/fault.ts'
import { failed, ok, type Result } from '../common/result.ts'
import { createActorKey, signAct, type WrappedKey } from '../ledger/act.ts'
import type { EventData, SignedAct } from '../ledger/event.ts'
import type { StationData } from './data-folder.ts'

export type StaffRole = EventData['actor.enrolled']['role']

/** A person who acts, with their own key; the private half is wrapped by their PIN. */
export interface StaffMember {
  readonly actor: string
  readonly name: string
  readonly role: StaffRole
  readonly publicKey: string
}

interface StaffRecord extends StaffMember {
  readonly wrapped: WrappedKey
}

export interface Signer {
  readonly actor: string
  readonly pin: string
}

const SHORTEST_PIN = 6
const WRONG_PINS = 5
const LOCKED_MS = 60_000

/** The people who act at one station: enrolled by event, names and wrapped keys in sealed side records. */
export class Staff {
  readonly #data: StationData
  readonly #members = new Map<string, StaffRecord>()
  readonly #wrongPins = new Map<string, { count: number; until: number }>()

  constructor(data: StationData) {
    this.#data = data
    for (const { event } of data.ledger.chosen({ of: ['actor.enrolled'] })) {
      if (event.type !== 'actor.enrolled') continue
      const record = data.side.get(event.data.actor, 'identity', 'staff')
      if (record !== null)
        this.#members.set(event.data.actor, JSON.parse(Buffer.from(record).toString('utf8')))
    }
  }

  /** Without keys: what a screen may list. */
  list(): StaffMember[] {
    return [...this.#members.values()].map(({ actor, name, role, publicKey }) => ({
      actor,
      name,
      role,
      publicKey,
    }))
  }

  /**
   * Enrols a person who acts. The first is a supervisor whom the station's key witnesses; every later one is
   * confirmed by a supervisor. Faults: `STATION_PIN_SHORT`, `STATION_NOT_SUPERVISOR`, `LEDGER_PIN`.
   */
  enrol(person: { name: string; role: StaffRole; pin: string }, by: Signer | null): Result<StaffMember> {
    if (person.pin.length < SHORTEST_PIN) {
      return failed(new Fault('STATION_PIN_SHORT', `a PIN has at least ${SHORTEST_PIN} characters`))
    }
    if (this.#members.size === 0 && person.role !== 'supervisor') {
      return failed(new Fault('STATION_NOT_SUPERVISOR', 'the first person who acts is a supervisor'))
    }
    if (this.#members.size > 0 && (by === null || this.#members.get(by.actor)?.role !== 'supervisor')) {
      return failed(new Fault('STATION_NOT_SUPERVISOR', 'a supervisor has to confirm a new person'))
    }
    const actor = randomBytes(16).toString('hex')
    const { publicKey, wrapped } = createActorKey(person.pin)
    let act: SignedAct | null = null
    if (by !== null) {
      const signed = this.sign({ act: 'actor.enrol', actor, role: person.role, publicKey }, [by])
      if (!signed.ok) return signed
      act = signed.value
    }
    const record: StaffRecord = { actor, name: person.name, role: person.role, publicKey, wrapped }
    this.#data.side.put(actor, 'identity', 'staff', Buffer.from(JSON.stringify(record)))
    const identity = this.#data.side.commitment(actor, 'identity', 'staff')
    this.#data.ledger.append({
      type: 'actor.enrolled',
      data: { actor, role: person.role, publicKey, identity, act },
    })
    this.#members.set(actor, record)
    return ok({ actor, name: person.name, role: person.role, publicKey })
  }

  /**
   * Signs one statement by each of the signers, who all need `role` where one is given. Faults:
   * `STATION_SIGNER_UNKNOWN`, `STATION_SAME_SIGNER`, `STATION_NOT_SUPERVISOR`, `LEDGER_PIN`, and
   * `STATION_PIN_LOCKED` after five wrong PINs of a person, for one minute.
   */
  sign(
    statement: Readonly<Record<string, unknown>>,
    signers: readonly Signer[],
    role?: StaffRole,
  ): Result<SignedAct> {
    if (new Set(signers.map((signer) => signer.actor)).size !== signers.length) {
      return failed(new Fault('STATION_SAME_SIGNER', 'two signers are two different people'))
    }
    const { wall } = this.#data.clock.now()
    const text = JSON.stringify({ ...statement, origin: this.#data.key.origin, at: wall })
    const signatures = []
    for (const signer of signers) {
      const member = this.#members.get(signer.actor)
      if (member === undefined)
        return failed(new Fault('STATION_SIGNER_UNKNOWN', 'this person is not enrolled here'))
      if (role !== undefined && member.role !== role) {
        return failed(new Fault('STATION_NOT_SUPERVISOR', `this act needs a ${role}`))
      }
      if (this.#locked(signer.actor)) {
        return failed(new Fault('STATION_PIN_LOCKED', 'too many wrong PINs; wait a minute'))
      }
      const signature = signAct(text, { actor: signer.actor, wrapped: member.wrapped, pin: signer.pin })
      if (!signature.ok) {
        this.#countWrongPin(signer.actor)
        return signature
      }
      this.#wrongPins.delete(signer.actor)
      signatures.push(signature.value)
    }
    return ok({ statement: text, signatures })
  }

  /** Checks a PIN without recording anything: before work that should not be begun by a stranger. */
  authenticate(signer: Signer): Result<SignedAct> {
    return this.sign({ act: 'authenticate' }, [signer])
  }

  #locked(actor: string): boolean {
    const wrong = this.#wrongPins.get(actor)
    return wrong !== undefined && wrong.count >= WRONG_PINS && performance.now() < wrong.until
  }

  #countWrongPin(actor: string): void {
    const count = (this.#wrongPins.get(actor)?.count ?? 0) + 1
    this.#wrongPins.set(actor, { count, until: performance.now() + LOCKED_MS })
  }
}

/** How many different supervisors are among the signers. */
export function countSupervisors(staff: Staff, signers: readonly Signer[]): number {
  const supervisors = new Set(
    staff.list().flatMap(({ actor, role }) => (role === 'supervisor' ? [actor] : [])),
  )
  return new Set(signers.map(({ actor }) => actor).filter((actor) => supervisors.has(actor))).size
}
