import { afterEach, expect, test } from 'vitest'
import { unwrap } from '../../src/common/result.ts'
import { destroyFaceData } from '../../src/station/erasure.ts'
import { personIdentity } from '../../src/station/setup.ts'
import { Staff } from '../../src/station/staff.ts'
import { DoorRig, trainee } from './door-rig.ts'

let rig: DoorRig

afterEach(() => rig.stop())

test('destroyed face data cannot be read, the name still can, and the event says who did it', () => {
  rig = new DoorRig()
  rig.data.side.put(rig.person, 'biometric', 'portrait/official', Uint8Array.of(1, 2, 3))
  const change = { reason: 'test', by: rig.supervisor }
  unwrap(destroyFaceData(rig.data, new Staff(rig.data), rig.person, change))
  expect(rig.data.side.get(rig.person, 'biometric', 'portrait/official')).toBeNull()
  expect(personIdentity(rig.data, rig.person)?.name).toBe(trainee.name)
  expect(rig.last('record.destroyed')).toMatchObject({ person: rig.person, kind: 'biometric' })
  expect(rig.last('record.destroyed').act?.signatures[0]?.actor).toBe(rig.supervisor.actor)
})

test('a wrong PIN destroys nothing', () => {
  rig = new DoorRig()
  rig.data.side.put(rig.person, 'biometric', 'portrait/official', Uint8Array.of(1, 2, 3))
  const change = { reason: 'test', by: { ...rig.supervisor, pin: '000000' } }
  expect(destroyFaceData(rig.data, new Staff(rig.data), rig.person, change)).toMatchObject({
    fault: { code: 'LEDGER_PIN' },
  })
  expect(rig.data.side.get(rig.person, 'biometric', 'portrait/official')).toEqual(Uint8Array.of(1, 2, 3))
})
