import { defaultPack } from '../attendance/shipped-packs.ts'
import type { Session } from '../attendance/timetable.ts'
import { unwrap } from '../common/result.ts'
import type { Clock } from '../station/clock.ts'
import { createStation, type StationData } from '../station/data-folder.ts'
import { addToRoster, openClass } from '../station/setup.ts'
import { type Signer, Staff } from '../station/staff.ts'
import { people, roster } from './people.ts'

/** A simulated site: a station that was born simulated, two people who act, one class with its roster. */
export interface SimulatedSite {
  readonly data: StationData
  readonly supervisor: Signer
  readonly teacher: Signer
  /** Random person id by the key of `people.ts`. */
  readonly personIds: Readonly<Record<string, string>>
}

/** Everybody knows these PINs: the people who have them are simulated. */
export const SIMULATED_PINS = { supervisor: '246810', teacher: '135791' } as const

export function createSimulatedSite(
  dir: string,
  clock: Clock,
  plan: { readonly id: string; readonly title: string; readonly sessions: readonly Session[] },
): SimulatedSite {
  const data = createStation(dir, { simulated: true, clock })
  try {
    const staff = new Staff(data)
    const supervisor = enrol(staff, '模拟督导', 'supervisor', SIMULATED_PINS.supervisor, null)
    const teacher = enrol(staff, '模拟班主任', 'teacher', SIMULATED_PINS.teacher, supervisor)
    unwrap(openClass(data, staff, { ...plan, pack: defaultPack() }, supervisor))
    const rows = roster.map((key) => ({
      name: people[key].record.name,
      number: people[key].record.number,
      portrait: null,
    }))
    const ids = unwrap(addToRoster(data, staff, plan.id, rows, { reason: '模拟花名册', by: supervisor }))
    return {
      data,
      supervisor,
      teacher,
      personIds: Object.fromEntries(roster.map((key, place) => [key, ids[place] ?? ''])),
    }
  } catch (thrown) {
    data.close()
    throw thrown
  }
}

function enrol(
  staff: Staff,
  name: string,
  role: 'supervisor' | 'teacher',
  pin: string,
  by: Signer | null,
): Signer {
  return { actor: unwrap(staff.enrol({ name, role, pin }, by)).actor, pin }
}
