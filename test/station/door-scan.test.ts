import { afterEach, expect, test } from 'vitest'
import { Fault } from '../../src/common/fault.ts'
import { failed, ok } from '../../src/common/result.ts'
import type { DoorParts } from '../../src/station/door-parts.ts'
import type { CheckOutcome } from '../../src/station/outcome.ts'
import { ReaderSupervisor } from '../../src/station/reader-supervisor.ts'
import { enrolmentCode, voucherLink } from '../../src/station/selection.ts'
import { DoorRig, trainee } from './door-rig.ts'

const reader = { profile: 'scanner-serial', port: '/dev/scripted-scanner', samId: null }
const VOUCHER = 'QH2026-000123'
/** Of a length and an alphabet like the codes that platforms issue; it is nobody's. */
const ELECTRONIC = '2f9c17d06b8e4a35'.repeat(4)

let rig: DoorRig

/** A door with an official portrait of the trainee, who has consented. */
function open(parts?: Partial<DoorParts>): DoorRig {
  rig = new DoorRig({}, parts)
  rig.consent()
  rig.data.side.put(rig.person, 'biometric', 'portrait/official', Uint8Array.of(1))
  rig.door.start()
  return rig
}

async function scan(text: string | null, simulated = false): Promise<CheckOutcome> {
  await waiting()
  expect(rig.door.scan({ text, reader, simulated })).toBe(true)
  return outcome()
}

async function waiting(): Promise<void> {
  await rig.until('idle')
}

async function outcome(): Promise<CheckOutcome> {
  const found = await rig.outcomes.take(5_000)
  if (found === null) throw new Error(`no outcome; screens ${rig.screens.join(' ')}`)
  return found
}

afterEach(() => rig.stop())

test('an enrolment code selects the person, the face proves it, and the record says that no card was read', async () => {
  open()
  expect(await scan(enrolmentCode(rig.person, 'c'))).toMatchObject({
    verdict: 'verified',
    person: rig.person,
  })
  expect(rig.last('attendance')).toMatchObject({
    person: rig.person,
    outcome: 'verified',
    by: 'code',
    portrait: 'official',
    reader,
    face: { engine: 'scripted' },
  })
  expect(rig.screens).toContain('looking')
  expect(rig.door.snapshot().person).toEqual({ name: '模****', number: '990**************6' })
})

test('a card says in its record that it was one', async () => {
  open()
  await rig.pass()
  expect(rig.last('attendance').by).toBe('card')
})

test('somebody else with the code is refused like with a card', async () => {
  open()
  rig.frames = [{ score: 0.1 }]
  expect(await scan(enrolmentCode(rig.person, 'c'))).toMatchObject({
    verdict: 'refused',
    reason: 'face-mismatch',
  })
  expect(rig.last('refusal')).toMatchObject({ by: 'code', reader })
})

test('a training voucher that the roster knows selects its person', async () => {
  open()
  rig.data.side.linkNumber(rig.person, voucherLink(VOUCHER))
  expect(await scan(VOUCHER)).toMatchObject({ verdict: 'verified', person: rig.person })
})

test.each([
  ['a code of another class', () => enrolmentCode(rig.person, 'another'), 'not-on-roster'],
  ['a code of nobody here', () => enrolmentCode('0'.repeat(32), 'c'), 'not-on-roster'],
  ['a damaged code of ours', () => 'shidao:person:12', 'code-unknown'],
  ['an identity number as a barcode', () => trainee.number, 'code-unknown'],
  ['what is no text', () => null, 'code-unknown'],
])('%s selects nobody', async (_, text, reason) => {
  open()
  const size = rig.data.ledger.size
  expect(await scan(text())).toMatchObject({ verdict: 'refused', reason, person: null })
  const refusals = rig.events().filter(({ index, type }) => index >= size && type === 'refusal')
  expect(refusals).toHaveLength(1)
  expect(rig.last('refusal')).toMatchObject({ person: null, reason, by: 'code', face: null })
})

test('without a portrait nobody is enrolled on the word of a code: a supervisor witnesses', async () => {
  open({}).portraitFound = false
  const passing = scan(enrolmentCode(rig.person, 'c'))
  expect((await rig.until('witness')).message).toBe('code-no-portrait')
  expect(await rig.door.command({ type: 'witness', ...rig.supervisor })).toBeNull()
  expect(await passing).toMatchObject({ verdict: 'witnessed', reason: 'code-no-portrait' })
  expect(rig.last('attendance')).toMatchObject({ by: 'code', portrait: 'none', face: null })
  expect(rig.screens).not.toContain('enrol')
})

test('any other code goes once to the verifier, which says whose it is, and nowhere else', async () => {
  const asked: string[] = []
  open({
    forwardElectronicCard: async (code) => {
      asked.push(code)
      return ok({ personNumber: trainee.number, name: null })
    },
  })
  expect(await scan(ELECTRONIC)).toMatchObject({ verdict: 'verified', person: rig.person })
  expect(asked).toEqual([ELECTRONIC])
  expect(JSON.stringify(rig.events())).not.toContain(ELECTRONIC.slice(0, 16))
})

test('a code of ours is never handed to the verifier', async () => {
  const asked: string[] = []
  open({
    forwardElectronicCard: async (code) => {
      asked.push(code)
      return ok({ personNumber: trainee.number, name: null })
    },
  })
  await scan(enrolmentCode('0'.repeat(32), 'c'))
  await scan('shidao:person:12')
  expect(asked).toEqual([])
})

test.each([
  ['does not answer', failed(new Fault('CARD_ESSC_UNREACHABLE', 'away')), 'code-not-verified'],
  ['says that the code is too old', ok({ refused: 'expired' as const }), 'code-not-verified'],
  ['does not know the code', ok({ refused: 'unknown' as const }), 'code-unknown'],
])('a verifier that %s makes it a refusal without the code', async (_, answer, reason) => {
  open({ forwardElectronicCard: async () => answer })
  expect(await scan(ELECTRONIC)).toMatchObject({ verdict: 'refused', reason, person: null })
  expect(JSON.stringify(rig.events())).not.toContain(ELECTRONIC.slice(0, 16))
})

test('a code is nobody’s while somebody else is at the door', async () => {
  open()
  rig.frames = [{ score: 0.45 }, { issue: 'turned' }]
  const passing = rig.pass()
  await rig.until('looking')
  expect(rig.door.scan({ text: VOUCHER, reader, simulated: false })).toBe(false)
  expect(await rig.door.command({ type: 'scan', text: VOUCHER })).toMatchObject({ code: 'STATION_NOT_NOW' })
  await passing
})

test('a scanner that types is the window’s, and the same code again at once is one scan', async () => {
  open()
  await waiting()
  const text = enrolmentCode(rig.person, 'c')
  expect(await rig.door.command({ type: 'scan', text })).toBeNull()
  expect(await rig.door.command({ type: 'scan', text })).toBeNull()
  expect(await outcome()).toMatchObject({ verdict: 'verified' })
  expect(rig.last('attendance')).toMatchObject({
    by: 'code',
    reader: { profile: 'scanner-keyboard', port: 'window', samId: null },
  })
})

test('a simulated scanner leaves no record at a real station', async () => {
  open()
  await waiting()
  const size = rig.data.ledger.size
  rig.door.scan({ text: enrolmentCode(rig.person, 'c'), reader, simulated: true })
  expect((await rig.until('error')).message).toBe('CARD_SIMULATED')
  expect(rig.data.ledger.size).toBe(size)
})

test('codes are taken while there is no card reader', async () => {
  const missing = async () => failed(new Fault('PORT_NOT_FOUND', 'no reader'))
  open({ readers: new ReaderSupervisor(missing) })
  await rig.until('error')
  expect(rig.door.scan({ text: enrolmentCode(rig.person, 'c'), reader, simulated: false })).toBe(true)
  expect(await outcome()).toMatchObject({ verdict: 'verified' })
})
