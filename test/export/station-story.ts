import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { defaultPack } from '../../src/attendance/shipped-packs.ts'
import { unwrap } from '../../src/common/result.ts'
import type { EventData } from '../../src/ledger/event.ts'
import { type SimulatedClock, simulatedClock } from '../../src/station/clock.ts'
import { createStation, type StationData } from '../../src/station/data-folder.ts'
import { addToRoster, openClass } from '../../src/station/setup.ts'
import { type Signer, Staff } from '../../src/station/staff.ts'
import { MINUTE, MORNING, session } from '../attendance/class-story.ts'

/** A real station in a temporary folder: two trainees, one class, one morning. */
export interface StationStory {
  readonly data: StationData
  readonly clock: SimulatedClock
  readonly supervisor: Signer
  readonly staff: Staff
  /** Person ids of 张三 and of 李=四. */
  readonly people: readonly [string, string]
  sign(
    person: string,
    direction: 'in' | 'out',
    minute: number,
    fields?: Partial<EventData['attendance']>,
  ): number
}

export function stationStory(
  options: { simulated?: boolean } = {},
  afterwards: (clean: () => void) => void = onTestFinished,
): StationStory {
  const dir = mkdtempSync(join(tmpdir(), 'shidao-export-'))
  const clock = simulatedClock(MORNING - 120 * MINUTE)
  // Real evidence needs a clock that doesn't call itself simulated.
  const trusted = { ...clock, now: () => ({ ...clock.now(), trust: 'bounded' as const }) }
  const { simulated = false } = options
  const data = createStation(dir, { simulated, clock: simulated ? clock : trusted })
  afterwards(() => {
    data.close()
    rmSync(dir, { recursive: true, force: true })
  })
  const staff = new Staff(data)
  const { actor } = unwrap(staff.enrol({ name: '王主管', role: 'supervisor', pin: '135790' }, null))
  const supervisor = { actor, pin: '135790' }
  unwrap(
    openClass(
      data,
      staff,
      { id: 'c1', title: '电工（初级）', sessions: [session], pack: defaultPack() },
      supervisor,
    ),
  )
  const rows = [
    { name: '张三', number: '11010519491231002X', portrait: null },
    { name: '=李四', number: '440308199901101512', portrait: null },
  ]
  const people = unwrap(addToRoster(data, staff, 'c1', rows, { reason: '开班', by: supervisor }))
  return {
    data,
    clock,
    supervisor,
    staff,
    people: [people[0] ?? '', people[1] ?? ''],
    sign: (person, direction, minute, fields = {}) => {
      clock.set(MORNING + minute * MINUTE)
      const { index } = data.ledger.append({
        type: 'attendance',
        data: {
          class: 'c1',
          session: session.id,
          person,
          direction,
          outcome: 'verified',
          reason: null,
          portrait: 'official',
          face: null,
          act: null,
          reader: null,
          simulated,
          ...fields,
        },
      })
      return index
    },
  }
}
