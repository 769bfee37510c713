import { afterEach, expect, test } from 'vitest'
import { Fault } from '../../src/common/fault.ts'
import { failed, ok } from '../../src/common/result.ts'
import { DoorRig, trainee } from './door-rig.ts'

let rig: DoorRig

function open(): DoorRig {
  rig = new DoorRig()
  rig.door.start()
  return rig
}

afterEach(() => rig.stop())

/** The station has waited for a card at least once. */
const free = () => rig.until('idle')

function card(number = trainee.number): void {
  rig.cards.push(
    ok({
      record: { ...trainee, number },
      token: null,
      photo: { format: 'simulated', block: new Uint8Array(1024), image: Uint8Array.of(1) },
      simulated: false,
      reader: { profile: 'sam-serial', port: '/dev/scripted', samId: '01' },
      skippedBytes: 0,
      ms: 1,
    }),
  )
}

test('a card that the door lends its reader to says whose it is, and signs nobody in', async () => {
  open()
  await free()
  const asked = rig.door.identify({ by: 'card' })
  card()
  expect(await asked).toMatchObject({
    ok: true,
    value: { person: rig.person, card: { name: '模****' }, face: null, simulated: false },
  })
  expect(rig.events().filter(({ type }) => type === 'attendance' || type === 'refusal')).toEqual([])
})

test('the card after it is an ordinary one again', async () => {
  open().consent()
  await free()
  const asked = rig.door.identify({ by: 'card' })
  card()
  await asked
  await free()
  expect(await rig.pass()).toMatchObject({ verdict: 'verified' })
})

test('a card of nobody on this ledger is nobody', async () => {
  open()
  await free()
  const asked = rig.door.identify({ by: 'card' })
  card('990000199003120014')
  expect(await asked).toMatchObject({ ok: true, value: { person: null, card: { name: '模****' } } })
})

test('a card that cannot be read is answered with its fault, and is no refusal of anybody', async () => {
  open()
  await free()
  const asked = rig.door.identify({ by: 'card' })
  rig.cards.push(failed(new Fault('CARD_CHECKSUM', 'the checksum does not fit')))
  expect(await asked).toMatchObject({ ok: false, fault: { code: 'CARD_CHECKSUM' } })
  expect(rig.events().some(({ type }) => type === 'refusal')).toBe(false)
})

test('a look at a face gives what the door’s own decision would rest on, and records nothing', async () => {
  open().consent()
  rig.data.side.put(rig.person, 'biometric', 'portrait/official', Uint8Array.of(1))
  await free()
  const size = rig.events().length
  expect(await rig.door.identify({ by: 'face', person: rig.person })).toMatchObject({
    ok: true,
    value: { person: rig.person, card: null, face: { decision: { verdict: 'verified' }, score: 0.8 } },
  })
  expect(rig.events()).toHaveLength(size)
})

test('another face is told as another one', async () => {
  open().consent()
  rig.frames = [{ score: 0.1 }]
  rig.data.side.put(rig.person, 'biometric', 'portrait/official', Uint8Array.of(1))
  await free()
  expect(await rig.door.identify({ by: 'face', person: rig.person })).toMatchObject({
    ok: true,
    value: { face: { decision: { verdict: 'refused' } } },
  })
})

test('nobody is looked at who did not agree to it, and nobody without a portrait', async () => {
  open()
  await free()
  const asked = { by: 'face', person: rig.person } as const
  expect(await rig.door.identify(asked)).toMatchObject({ ok: false, fault: { code: 'FACE_CONSENT_NONE' } })
  rig.consent()
  await free()
  expect(await rig.door.identify(asked)).toMatchObject({ ok: false, fault: { code: 'FACE_REFERENCE_NONE' } })
})

test('the door is lent to one at a time, and whoever waits can give up', async () => {
  open()
  await free()
  const first = rig.door.identify({ by: 'card' })
  expect(await rig.door.identify({ by: 'card' })).toMatchObject({ fault: { code: 'STATION_NOT_NOW' } })
  expect(await rig.door.command({ type: 'cancel' })).toBeNull()
  expect(await first).toMatchObject({ ok: false, fault: { code: 'CARD_NONE' } })
})

test('a door that stops leaves nobody waiting', async () => {
  open()
  await free()
  const asked = rig.door.identify({ by: 'card' })
  await rig.door.stop()
  expect(await asked).toMatchObject({ ok: false, fault: { code: 'CARD_NONE' } })
})
