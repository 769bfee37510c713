import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { projectHistory } from '../../src/attendance/history.ts'
import { computeHours } from '../../src/attendance/hours.ts'
import { defaultPack } from '../../src/attendance/shipped-packs.ts'
import { Fault } from '../../src/common/fault.ts'
import { failed, type Result, unwrap } from '../../src/common/result.ts'
import { falseAct } from '../../src/inspect/acts.ts'
import type { EventData, LedgerEvent } from '../../src/ledger/event.ts'
import { ClassRoll } from '../../src/station/class-roll.ts'
import { simulatedClock } from '../../src/station/clock.ts'
import { createStation } from '../../src/station/data-folder.ts'
import { doOfficeWork } from '../../src/station/office.ts'
import { type OfficeWork, officeWork } from '../../src/station/office-work.ts'
import { readSettings } from '../../src/station/settings.ts'
import { type Signer, Staff } from '../../src/station/staff.ts'

export const START = Date.parse('2026-03-02T08:30:00+08:00')
export const MINUTE = 60_000
export const DAY = 86_400_000
export const session = { id: 'am', start: START, end: START + 180 * MINUTE }

/** A simulated station with its office: every piece of work goes through the schema that a screen's does. */
export class OfficeRig {
  readonly dir = mkdtempSync(join(tmpdir(), 'shidao-office-'))
  readonly clock = simulatedClock(START - DAY)
  readonly data = createStation(this.dir, { simulated: true, clock: this.clock })
  readonly staff = new Staff(this.data)
  readonly supervisor = this.#enrol('supervisor', null)
  readonly second = this.#enrol('supervisor', this.supervisor)
  readonly teacher = this.#enrol('teacher', this.supervisor)

  async do(work: OfficeWork): Promise<Result<unknown>> {
    const roll = new ClassRoll()
    for (const { event } of this.data.ledger.events()) roll.apply(event)
    const engine = async () => {
      throw new Fault('FACE_ENGINE_CLOSED', 'no engine in this test')
    }
    const { data, staff } = this
    const parsed = officeWork.safeParse(work)
    if (!parsed.success) return failed(new Fault('USAGE_VALUE', 'not office work'))
    return doOfficeWork({ data, staff, roll, settings: readSettings(this.dir), engine }, parsed.data)
  }

  /** A class `c` that was opened without a filing, with this many trainees. */
  async open(people = 1): Promise<string[]> {
    unwrap(await this.do(this.opening()))
    const numbers = ['11010519491231002X', '990000198803120016', '440524188001010014']
    const rows = numbers
      .slice(0, people)
      .map((number) => ({ name: '模拟学员', number, portrait: null, links: [] }))
    const work = { act: 'roster.add' as const, class: 'c', people: rows, reason: 'test', by: this.supervisor }
    return (unwrap(await this.do(work)) as { persons: string[] }).persons
  }

  opening(change: Partial<Extract<OfficeWork, { readonly act: 'class.open' }>> = {}): OfficeWork {
    const plan = { title: '模拟班', sessions: [session], pack: null, reason: null, by: this.supervisor }
    return { act: 'class.open', class: 'c', ...plan, ...change }
  }

  /** Somebody signs at the door at this minute of the session. */
  sign(
    person: string,
    direction: 'in' | 'out',
    minute: number,
    outcome: EventData['attendance']['outcome'] = 'verified',
    seen: Partial<Pick<EventData['attendance'], 'reason' | 'face'>> = {},
  ): number {
    this.clock.set(START + minute * MINUTE)
    const seat = { class: 'c', session: 'am', person, direction, outcome }
    const rest = { reason: null, portrait: 'official' as const, face: null, act: null, reader: null }
    const data = { ...seat, ...rest, ...seen, simulated: true }
    const input = { type: 'attendance' as const, data }
    return this.data.ledger.append(input).index
  }

  events(): LedgerEvent[] {
    return [...this.data.ledger.events()].map(({ event }) => event)
  }

  /** State, credited minutes and rules of each session of one person. */
  sessions(person: string) {
    const hours = unwrap(computeHours(projectHistory(this.events()), 'c', defaultPack()))
    const found = hours.people.find((one) => one.person === person)
    return (found?.sessions ?? []).map(({ id, state, creditedMs, reasons }) => ({
      ...{ id, state, minutes: Math.round(creditedMs / MINUTE) },
      rules: reasons.map(({ rule }) => rule),
    }))
  }

  /** What a stranger finds wrong with the acts; null when nothing is. */
  falseAct() {
    return falseAct(this.events())
  }

  close(): void {
    this.data.close()
    rmSync(this.dir, { recursive: true })
  }

  #enrol(role: 'supervisor' | 'teacher', by: Signer | null): Signer {
    const member = unwrap(this.staff.enrol({ name: '模拟', role, pin: '246810' }, by))
    return { actor: member.actor, pin: '246810' }
  }
}
