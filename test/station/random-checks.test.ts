import { afterEach, expect, test } from 'vitest'
import { momentsOf, readPlan, replayChecks } from '../../src/attendance/check-plan.ts'
import { unwrap } from '../../src/common/result.ts'
import { answerCheck } from '../../src/station/random-checks.ts'
import { Staff } from '../../src/station/staff.ts'
import { DoorRig, START } from './door-rig.ts'

const MINUTE = 60_000
const office = { doubtDeadlineDays: 3, randomChecks: 1, checkWindowMinutes: 10, cardMissingSupervisorFrom: 3 }
let rig: DoorRig
afterEach(() => rig.stop())

async function recorded(type: string): Promise<void> {
  for (let turn = 0; turn < 600; turn++) {
    if (rig.events().some((event) => event.type === type)) return
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  throw new Error(`no ${type}`)
}

/** The moment that the sealed plan names: only a test looks. */
function moment(): number {
  const { check } = rig.last('check.committed')
  const bytes = rig.data.side.get(check, 'identity', 'check-plan')
  return momentsOf(readPlan(Buffer.from(bytes ?? []).toString())!)[0] ?? 0
}

test('a door commits before the session, calls at the drawn moment, and counts a second look at who is in', async () => {
  rig = new DoorRig({}, { checks: office })
  rig.consent()
  rig.clock.set(START - 30 * MINUTE)
  rig.door.start()
  await recorded('check.committed')
  expect((await rig.pass()).verdict).toBe('verified')
  rig.clock.set(moment() + 1000)
  await recorded('check.called')
  expect((await rig.pass()).verdict).toBe('verified')
  expect(rig.last('check.answered')).toMatchObject({ person: rig.person, result: 'seen', act: null })
  expect((await rig.pass()).verdict).toBe('already')
  expect(rig.events().filter(({ type }) => type === 'attendance')).toHaveLength(1)
  rig.clock.set(START + 181 * MINUTE)
  await recorded('check.revealed')
  expect(replayChecks(rig.events())).toMatchObject([{ state: 'kept', problems: [] }])
})

test('no call comes so late that a card at the door would sign its holder out instead', async () => {
  rig = new DoorRig({ signOutBeforeEndMs: 30 * MINUTE }, { checks: { ...office, randomChecks: 20 } })
  rig.clock.set(START - 30 * MINUTE)
  rig.door.start()
  await recorded('check.committed')
  const { check } = rig.last('check.committed')
  const plan = readPlan(Buffer.from(rig.data.side.get(check, 'identity', 'check-plan') ?? []).toString())!
  expect(plan.end).toBe(START + (180 - 30 - 10) * MINUTE)
  expect(Math.max(...momentsOf(plan)) + 2 * plan.windowMs).toBeLessThanOrEqual(START + 150 * MINUTE)
})

test('a face that is not surely the same does not count as seen', async () => {
  rig = new DoorRig({}, { checks: office })
  rig.consent()
  rig.clock.set(START - 30 * MINUTE)
  rig.door.start()
  await recorded('check.committed')
  await rig.pass()
  rig.clock.set(moment() + 1000)
  await recorded('check.called')
  rig.frames = [{ score: 0.4 }]
  await rig.pass()
  expect(rig.last('check.answered')).toMatchObject({ result: 'cannot-verify' })
})

test('staff enter what they saw only while a check is being called', async () => {
  rig = new DoorRig({}, { checks: office })
  rig.clock.set(START - 30 * MINUTE)
  rig.door.start()
  await recorded('check.committed')
  rig.clock.set(moment() + 1000)
  await recorded('check.called')
  const call = rig.events().find(({ type }) => type === 'check.called')?.index ?? 0
  const given = { class: 'c', call, person: rig.person, result: 'not-seen' as const }
  const staff = new Staff(rig.data)
  expect(unwrap(answerCheck(rig, staff, given, rig.supervisor))).toBeGreaterThan(call)
  rig.clock.set(moment() + 30 * MINUTE)
  expect(answerCheck(rig, staff, given, rig.supervisor)).toMatchObject({
    fault: { code: 'CLASS_CHECK_UNKNOWN' },
  })
})
