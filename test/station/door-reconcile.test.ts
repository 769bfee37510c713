import { afterEach, expect, test } from 'vitest'
import { falseAct } from '../../src/inspect/acts.ts'
import { Staff } from '../../src/station/staff.ts'
import { DoorRig } from './door-rig.ts'

let rig: DoorRig
afterEach(() => rig.stop())

/** Somebody whose reference was taken here, by two signers, before a card with a chip was ever read. */
function enrolled(): void {
  rig = new DoorRig()
  rig.data.side.put(rig.person, 'biometric', 'portrait/enrolled', Uint8Array.of(0xff, 0xd8, 7))
  const statement = { act: 'portrait.enrol', person: rig.person, portrait: '3'.repeat(64) }
  const act = new Staff(rig.data).sign(statement, [rig.supervisor, rig.teacher])
  if (!act.ok) throw act.fault
  const data = { person: rig.person, portrait: '3'.repeat(64), act: act.value }
  rig.data.ledger.append({ type: 'portrait.enrolled', data })
  rig.door.start()
  rig.consent()
}
const reconciled = () => rig.events().filter(({ type }) => type === 'portrait.reconciled')

test('a chip’s portrait that is read later is compared with the one taken here, once, and nobody signs for it', async () => {
  enrolled()
  expect(await rig.pass()).toMatchObject({ verdict: 'verified' })
  const compared = { person: rig.person, better: 'chip', score: 0.8, verdict: 'match', act: null }
  expect(reconciled()).toMatchObject([{ data: { ...compared, engine: 'scripted' } }])
  expect(falseAct(rig.events())).toBeNull()
  expect(await rig.pass()).toMatchObject({ verdict: 'already' })
  expect(reconciled()).toHaveLength(1)
})

test('a chip that shows somebody else than was enrolled is on record, whatever became of the check', async () => {
  enrolled()
  rig.frames = [{ score: 0.1 }]
  expect(await rig.pass()).toMatchObject({ verdict: 'refused', reason: 'face-mismatch' })
  expect(reconciled()).toMatchObject([{ data: { better: 'chip', verdict: 'nonmatch', score: 0.1 } }])
})

test('a card without a portrait in its chip, or a person whom nobody enrolled here, is compared with nothing', async () => {
  enrolled()
  rig.data.side.put(rig.person, 'biometric', 'portrait/official', Uint8Array.of(0xff, 0xd8, 8))
  expect(await rig.pass({}, null)).toMatchObject({ verdict: 'verified' })
  expect(reconciled()).toEqual([])
  await rig.stop()
  rig = new DoorRig()
  rig.door.start()
  rig.consent()
  expect(await rig.pass()).toMatchObject({ verdict: 'verified' })
  expect(reconciled()).toEqual([])
})
