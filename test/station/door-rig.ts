import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defaultPack } from '../../src/attendance/shipped-packs.ts'
import type { CardReader, CardReading, CardRecord } from '../../src/cards/reader.ts'
import { Fault } from '../../src/common/fault.ts'
import { failed, ok, type Result, unwrap } from '../../src/common/result.ts'
import type { FaceEngine, FrameComparison } from '../../src/face/engine.ts'
import type { FrameObservation } from '../../src/face/liveness/observation.ts'
import type { EventData, EventInput, EventType, LedgerEvent } from '../../src/ledger/event.ts'
import { ClassRoll } from '../../src/station/class-roll.ts'
import { type SimulatedClock, simulatedClock } from '../../src/station/clock.ts'
import { createStation, type StationData } from '../../src/station/data-folder.ts'
import { Door } from '../../src/station/door.ts'
import type { DoorParts } from '../../src/station/door-parts.ts'
import { type DoorPolicy, defaultDoorPolicy } from '../../src/station/door-policy.ts'
import { Mailbox } from '../../src/station/mailbox.ts'
import type { CheckOutcome } from '../../src/station/outcome.ts'
import type { Screen, Snapshot } from '../../src/station/protocol.ts'
import { ReaderSupervisor } from '../../src/station/reader-supervisor.ts'
import { Recorder } from '../../src/station/recorder.ts'
import { addToRoster, openClass } from '../../src/station/setup.ts'
import { type Signer, Staff } from '../../src/station/staff.ts'
import { headObservation } from '../face/liveness/moving-head.ts'

/*
 * A door on a real ledger in a folder of its own. The reader and the face engine are scripted: what they really do
 * is tested with them; here it is what the door makes of their answers.
 */

export const START = Date.parse('2026-03-02T08:30:00+08:00')
const HOUR = 3600_000

export const trainee: CardRecord = {
  kind: 'resident',
  name: '模拟学员甲',
  nameEn: null,
  number: '990000198803120016',
  formerNumber: null,
  passNumber: null,
  sex: '1',
  ethnicity: '01',
  nationality: null,
  birth: '1988-03-12',
  address: null,
  issuer: null,
  validFrom: '2016-01-01',
  validTo: null,
}

const identity = { profile: 'sam-serial', port: '/dev/scripted', samId: '01' }
const model = { name: 'scripted', sha256: '1'.repeat(64) }

export class DoorRig {
  readonly dir = mkdtempSync(join(tmpdir(), 'shidao-door-'))
  readonly clock: SimulatedClock = simulatedClock(START)
  readonly data: StationData
  readonly supervisor: Signer
  readonly teacher: Signer
  readonly person: string
  readonly roll = new ClassRoll()
  readonly door: Door
  readonly outcomes = new Mailbox<CheckOutcome>()
  readonly screens: Screen[] = []
  /** What the engine says of each frame; the last one goes on for ever. */
  frames: Partial<FrameComparison>[] = [{ score: 0.8 }]
  /** What the reader says, one after the other; then `CARD_NONE`. */
  readonly cards: Result<CardReading>[] = []
  portraitFound = true
  #filming: NodeJS.Timeout

  /** What the liveness layers get to know of a frame. */
  observed: (at: number) => FrameObservation = (at) => headObservation(at, {})

  /** What the camera shows now. */
  camera: () => Uint8Array = () => Uint8Array.of(0xff, 0xd8, 0xff)

  constructor(
    policy: Partial<DoorPolicy> = {},
    parts:
      | Partial<DoorParts>
      | ((data: StationData, own: Pick<DoorParts, 'roll' | 'recorder'>) => Partial<DoorParts>) = {},
  ) {
    this.data = createStation(this.dir, { simulated: false, clock: this.clock })
    const staff = new Staff(this.data)
    const supervisor = unwrap(staff.enrol({ name: '模拟督导', role: 'supervisor', pin: '246810' }, null))
    this.supervisor = { actor: supervisor.actor, pin: '246810' }
    const teacher = unwrap(staff.enrol({ name: '模拟教师', role: 'teacher', pin: '135791' }, this.supervisor))
    this.teacher = { actor: teacher.actor, pin: '135791' }
    const sessions = [{ id: 'am', start: START, end: START + 3 * HOUR }]
    unwrap(
      openClass(
        this.data,
        staff,
        { id: 'c', title: '模拟班', sessions, pack: defaultPack() },
        this.supervisor,
      ),
    )
    const rows = [{ name: trainee.name, number: trainee.number, portrait: null }]
    const [person = ''] = unwrap(
      addToRoster(this.data, staff, 'c', rows, { reason: 'test', by: this.supervisor }),
    )
    this.person = person
    const recorder = new Recorder(this.data, this.roll)
    this.door = new Door(
      {
        classId: 'c',
        data: this.data,
        roll: this.roll,
        recorder,
        staff,
        engine: this.#engine(),
        policy: { ...defaultDoorPolicy, verdictMs: 5, lookMs: 900, nobodyMs: 600, answerMs: 600, ...policy },
        readers: new ReaderSupervisor(async () => ok(this.#reader())),
        noticeVersion: '3'.repeat(64),
        upload: () => ({ waiting: 0, online: false, configured: false }),
        ...(typeof parts === 'function' ? parts(this.data, { roll: this.roll, recorder }) : parts),
      },
      { onOutcome: (outcome) => this.outcomes.put(outcome) },
    )
    this.door.subscribe(({ screen }) => {
      if (this.screens.at(-1) !== screen) this.screens.push(screen)
    })
    this.#filming = setInterval(() => this.door.frame(this.camera()), 5)
  }

  consent(granted = true): void {
    this.append({
      type: 'consent',
      data: { person: this.person, purpose: 'face', granted, notice: '3'.repeat(64) },
    })
  }

  append(input: EventInput): void {
    const { index } = this.data.ledger.append(input)
    for (const { event } of this.data.ledger.events(index)) this.roll.apply(event)
  }

  /** Lays a card down and gives what became of it. */
  async pass(
    record: Partial<CardRecord> = {},
    photo: Uint8Array | null = Uint8Array.of(1),
    patienceMs = 5_000,
  ): Promise<CheckOutcome> {
    const whole = { ...trainee, ...record }
    const format = photo === null ? 'wlt' : 'simulated'
    this.cards.push(
      ok({
        record: whole,
        token: null,
        photo: { format, block: new Uint8Array(1024), image: photo },
        simulated: false,
        reader: identity,
        skippedBytes: 0,
        ms: 1,
      }),
    )
    const outcome = await this.outcomes.take(patienceMs)
    if (outcome === null) throw new Error(`no outcome; screens ${this.screens.join(' ')}`)
    return outcome
  }

  until(screen: Screen): Promise<Snapshot> {
    return new Promise((resolve) => {
      const look = (snapshot: Snapshot): void => {
        if (snapshot.screen === screen) resolve(snapshot)
      }
      this.door.subscribe(look)
      look(this.door.snapshot())
    })
  }

  events(): LedgerEvent[] {
    return [...this.data.ledger.events()].map(({ event }) => event)
  }

  last<T extends EventType>(type: T): EventData[T] {
    const found = this.events().findLast((event) => event.type === type)
    if (found === undefined) throw new Error(`no ${type} in the ledger`)
    return found.data as EventData[T]
  }

  async stop(): Promise<void> {
    clearInterval(this.#filming)
    await this.door.stop()
    this.data.close()
    rmSync(this.dir, { recursive: true })
  }

  #reader(): CardReader {
    return {
      identity,
      read: async ({ onFound }) => {
        const next = this.cards.shift()
        if (next !== undefined) {
          onFound?.()
          return next
        }
        await new Promise((resolve) => setTimeout(resolve, 5))
        return failed(new Fault('CARD_NONE', 'no card'))
      },
      cardPresent: async () => false,
      close: async () => {},
    }
  }

  #engine(): FaceEngine {
    const template = { model, embedding: Float32Array.of(1) }
    let turn = 0
    return {
      info: {
        engine: 'scripted',
        models: [model],
        model,
        thresholds: { accept: 0.5, reject: 0.3, fmr: 0.001, population: 'none' },
        liveness: model,
        selfTestMs: 0,
        licence: { name: 'none', source: 'test', provenance: 'test' },
      },
      pid: null,
      template: async () =>
        this.portraitFound
          ? ok({ template, quality: {} as never, box: {} as never, sha256: '4'.repeat(64) })
          : failed(new Fault('FACE_NONE', 'no face')),
      compare: async () => {
        const said = this.frames[Math.min(turn++, this.frames.length - 1)]
        return ok({
          score: null,
          issue: null,
          sha256: '5'.repeat(64),
          box: null,
          quality: null,
          tracked: false,
          ms: 1,
          ...said,
        })
      },
      observe: async ({ at }) => ok(this.observed(at)),
      close: async () => {},
    }
  }
}
