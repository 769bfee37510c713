import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'
import { cpSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defaultPack } from '../../src/attendance/shipped-packs.ts'
import { Fault } from '../../src/common/fault.ts'
import { failed, ok, type Result, unwrap } from '../../src/common/result.ts'
import { openDesk } from '../../src/desk/desk.ts'
import { falseAct } from '../../src/inspect/acts.ts'
import { actMessage } from '../../src/ledger/act-verification.ts'
import { toHex } from '../../src/ledger/bytes.ts'
import { rawEd25519 } from '../../src/ledger/ed25519.ts'
import type { EventData, LedgerEvent } from '../../src/ledger/event.ts'
import type { SignedAct } from '../../src/ledger/event-fields.ts'
import { inspectorId } from '../../src/ledger/inspector-id.ts'
import { verifyLog } from '../../src/ledger/verify.ts'
import { ClassRoll } from '../../src/station/class-roll.ts'
import { simulatedClock } from '../../src/station/clock.ts'
import { createStation, openStation } from '../../src/station/data-folder.ts'
import type { DeskService } from '../../src/station/desk-service.ts'
import type { Identified, IdentifyAtDoor } from '../../src/station/identify.ts'
import { Recorder } from '../../src/station/recorder.ts'
import { readSettings } from '../../src/station/settings.ts'
import { addToRoster, openClass } from '../../src/station/setup.ts'
import { Staff } from '../../src/station/staff.ts'
import { type VisitAct, type VisitAnswers, type VisitWork, visitWork } from '../../src/station/visit-work.ts'

export const START = Date.parse('2026-03-02T08:30:00+08:00')
export const MINUTE = 60_000
export const CLASS = 'c1'
export const PIN = '135790'
const STAFF_PIN = '246810'

type Given<A extends VisitAct> = Partial<Omit<Extract<VisitWork, { readonly act: A }>, 'act'>>

/** An inspector whose key never comes near the station. */
export class Inspector {
  readonly #key: KeyObject = generateKeyPairSync('ed25519').privateKey
  readonly publicKey = toHex(rawEd25519(this.#key))
  readonly actor = inspectorId(this.publicKey)!

  sign(statement: string): string {
    return toHex(sign(null, actMessage(statement), this.#key))
  }

  proof(statement: string) {
    return { kind: 'signature' as const, signature: this.sign(statement) }
  }
}

/** A simulated station in the middle of a session, and its desk; everything asked goes through the channel's schema. */
export class VisitRig {
  readonly dir = mkdtempSync(join(tmpdir(), 'shidao-visit-desk-'))
  readonly clock = simulatedClock(START - MINUTE)
  readonly inspector = new Inspector()
  readonly supervisor: { readonly actor: string; readonly pin: string }
  readonly teacher: { readonly actor: string; readonly pin: string }
  readonly people: readonly string[]
  data = createStation(this.dir, { simulated: true, clock: this.clock })
  /** What the door finds when it is lent; null where no door runs. */
  door: (() => Promise<Result<Identified>>) | null = null
  #desk: DeskService

  constructor(people = 12) {
    const staff = new Staff(this.data)
    const member = unwrap(staff.enrol({ name: '模拟督导', role: 'supervisor', pin: STAFF_PIN }, null))
    this.supervisor = { actor: member.actor, pin: STAFF_PIN }
    const by = this.supervisor
    const teacher = { name: '模拟教师', role: 'teacher' as const, pin: STAFF_PIN }
    this.teacher = { actor: unwrap(staff.enrol(teacher, by)).actor, pin: STAFF_PIN }
    const sessions = [{ id: 'am', start: START, end: START + 180 * MINUTE }]
    unwrap(openClass(this.data, staff, { id: CLASS, title: '模拟班', sessions, pack: defaultPack() }, by))
    const rows = Array.from({ length: people }, (_, n) => ({
      ...{ name: `学员${n}`, number: `99000019880312${String(n).padStart(4, '0')}`, portrait: null },
    }))
    this.people = people === 0 ? [] : unwrap(addToRoster(this.data, staff, CLASS, rows, { reason: 'r', by }))
    this.clock.set(START + 10 * MINUTE)
    this.#desk = this.#openDesk()
  }

  /** The power goes and comes back: what was only in memory is gone. */
  powerCut(): void {
    this.data.close()
    this.data = openStation(this.dir, { clock: this.clock })
    this.#desk = this.#openDesk()
  }

  /** Does something, then puts the whole folder back to where it was; gives the checkpoint that was seen in between. */
  async setBack(later: () => Promise<unknown>): Promise<string> {
    const copy = `${this.dir}-copy`
    this.data.close()
    cpSync(this.dir, copy, { recursive: true })
    this.data = openStation(this.dir, { clock: this.clock })
    this.#desk = this.#openDesk()
    await later()
    const seen = this.data.ledger.checkpoint()
    this.data.close()
    rmSync(this.dir, { recursive: true })
    renameSync(copy, this.dir)
    this.data = openStation(this.dir, { clock: this.clock })
    this.#desk = this.#openDesk()
    return seen
  }

  async try<A extends VisitAct>(act: A, given: Given<A> = {}): Promise<Result<VisitAnswers[A]>> {
    const work = visitWork.safeParse({ ...this.#defaults(act), ...given, act })
    if (!work.success) return failed(new Fault('USAGE_VALUE', work.error.message))
    return (await this.#desk(work.data)) as Result<VisitAnswers[A]>
  }

  async do<A extends VisitAct>(act: A, given: Given<A> = {}): Promise<VisitAnswers[A]> {
    return unwrap(await this.try(act, given))
  }

  /** The code of the fault that a request has to end with. */
  async refused<A extends VisitAct>(act: A, given: Given<A> = {}): Promise<string | null> {
    const done = await this.try(act, given)
    return done.ok ? null : done.fault.code
  }

  async open(given: Given<'visit.admit'> = {}) {
    const { statement } = await this.do('visit.admit', given)
    return this.do('visit.open', { proof: this.inspector.proof(statement) })
  }

  async close(given: Given<'visit.finish'> = {}) {
    const { statement } = await this.do('visit.finish', given)
    return this.do('visit.close', { proof: this.inspector.proof(statement) })
  }

  /** Somebody signs at the door at this minute of the session. */
  attend(person: string, direction: 'in' | 'out', outcome: EventData['attendance']['outcome'] = 'verified') {
    const seat = { class: CLASS, session: 'am', person, direction, outcome, reason: null }
    const rest = { portrait: 'chip' as const, face: null, act: null, reader: null, simulated: true }
    this.data.ledger.append({ type: 'attendance', data: { ...seat, ...rest } })
  }

  events(): LedgerEvent[] {
    return [...this.data.ledger.events()].map(({ event }) => event)
  }

  newest(): LedgerEvent {
    return this.events().at(-1)!
  }

  /** What both verifiers say of the ledger as it lies on the disk; null where it is right. */
  problem(): string | null {
    const log = verifyLog(this.dir)
    if (!log.ok) return `${log.problem?.code} ${log.problem?.detail}`
    const leaves = [...this.data.ledger.events()].map(({ leaf }) => leaf)
    return falseAct(this.events(), (index) => leaves[index]!)?.detail ?? null
  }

  signed(key: { readonly actor: string; sign(statement: string): string }, act: string, body: object) {
    const statement = JSON.stringify({ act, ...body, origin: this.data.key.origin })
    return { statement, signatures: [{ actor: key.actor, signature: key.sign(statement) }] } as SignedAct
  }

  end(): void {
    this.data.close()
    rmSync(this.dir, { recursive: true })
  }

  #openDesk(): DeskService {
    const roll = new ClassRoll()
    const recorder = new Recorder(this.data, roll)
    const identify: IdentifyAtDoor = () => this.door?.() ?? Promise.resolve(failed(BUSY))
    const engine = async () => {
      throw new Fault('FACE_ENGINE_CLOSED', 'no engine in this test')
    }
    const parts = { data: this.data, staff: new Staff(this.data), roll, settings: readSettings(this.dir) }
    const desk = openDesk({ ...parts, recorder, engine, identify: this.door === null ? null : identify })
    return (work) => {
      recorder.catchUp()
      return desk(work)
    }
  }

  /** The desk with a door that finds this. */
  lend(found: Partial<Identified>): void {
    const nothing = { person: null, card: null, reader: null, face: null, simulated: true }
    const isNew = this.door === null
    this.door = async () => ok({ ...nothing, ...found })
    if (isNew) this.#desk = this.#openDesk()
  }

  #defaults(act: VisitAct): Record<string, unknown> {
    const { publicKey } = this.inspector
    const asked = { class: CLASS, pin: PIN }
    const looked = { photograph: null, note: null, ticket: null }
    switch (act) {
      case 'visit.classes':
        return {}
      case 'visit.facts':
      case 'visit.open':
      case 'visit.close':
        return { class: CLASS }
      case 'visit.admit':
        return { ...asked, publicKey, list: null, seen: null }
      case 'visit.commit':
        return { ...asked, onSiteWeight: 1 }
      case 'visit.draw':
        return { ...asked, k: 3, nonce: randomBytes(16).toString('hex'), commitment: null }
      case 'visit.identify':
        return { ...asked, by: 'card', person: null }
      case 'visit.check':
        return { ...asked, ...looked, result: 'seen', by: 'card', reason: null }
      case 'visit.find':
        return { ...asked, ...looked, person: null, record: 'not-on-roster', by: 'witness' }
      case 'visit.finish':
        return { ...asked, institution: { signed: false, reason: 'refused' }, note: null }
      case 'visit.report':
        return { record: false, format: 'json', masked: true, workdays: 10 }
      case 'visit.file':
      case 'visit.settled':
        return {}
      case 'visit.answer':
        return { answer: '模拟答复', document: null }
      case 'visit.settle':
        return { outcome: 'explained', note: null }
      default:
        return asked
    }
  }
}

const BUSY = new Fault('STATION_NOT_NOW', 'somebody is being checked')
