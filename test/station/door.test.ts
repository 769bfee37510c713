import { afterEach, expect, test, vi } from 'vitest'
import { Fault } from '../../src/common/fault.ts'
import { failed } from '../../src/common/result.ts'
import type { DoorPolicy } from '../../src/station/door-policy.ts'
import { DoorRig, START } from './door-rig.ts'

let rig: DoorRig

function open(policy?: Partial<DoorPolicy>): DoorRig {
  rig = new DoorRig(policy)
  rig.door.start()
  return rig
}

afterEach(() => rig.stop())

test('a face that matches is recorded as verified before the verdict is shown', async () => {
  open().consent()
  const outcome = await rig.pass()
  expect(outcome).toMatchObject({ verdict: 'verified', reason: null, person: rig.person })
  expect(rig.last('attendance')).toMatchObject({
    person: rig.person,
    session: 'am',
    direction: 'in',
    outcome: 'verified',
    portrait: 'chip',
    simulated: false,
    face: { engine: 'scripted', accept: 0.5, reject: 0.3 },
  })
  expect(rig.screens).toEqual(expect.arrayContaining(['reading', 'looking', 'verdict']))
})

test('a record that cannot be made durable is never shown as done', async () => {
  open().consent()
  vi.spyOn(rig.data.ledger, 'append').mockImplementation(() => {
    throw new Fault('LEDGER_DISK_FULL', 'the disk is full')
  })
  const shown = rig.until('error')
  rig.pass().catch(() => {})
  expect((await shown).message).toBe('LEDGER_DISK_FULL')
  expect(rig.screens).not.toContain('verdict')
  vi.restoreAllMocks()
})

test('the wrong face is refused, and after repeated refusals the person enters as doubtful', async () => {
  open().consent()
  rig.frames = [{ score: 0.1 }]
  expect(await rig.pass()).toMatchObject({ verdict: 'refused', reason: 'face-mismatch' })
  expect(await rig.pass()).toMatchObject({ verdict: 'refused', reason: 'face-mismatch' })
  expect(await rig.pass()).toMatchObject({ verdict: 'doubtful', reason: 'face-mismatch' })
})

test('a score between the thresholds is doubtful', async () => {
  open().consent()
  rig.frames = [{ score: 0.4 }]
  expect(await rig.pass()).toMatchObject({ verdict: 'doubtful', reason: 'face-unsure' })
})

test('nobody before the camera ends the check without a verdict about anybody', async () => {
  open().consent()
  rig.frames = [{ issue: 'no-face' }]
  expect(await rig.pass()).toMatchObject({ verdict: 'refused', reason: 'no-person' })
})

test('a face that never passes a quality gate is doubtful, not turned away', async () => {
  open().consent()
  rig.frames = [{ issue: 'too-dark' }]
  expect(await rig.pass()).toMatchObject({ verdict: 'doubtful', reason: 'face-unsure' })
})

test('a check that staff cancels says nothing about the person', async () => {
  open({ lookMs: 5_000 }).consent()
  rig.frames = [{ score: 0.45 }, { issue: 'turned' }]
  const passing = rig.pass()
  await rig.until('looking')
  expect(await rig.door.command({ type: 'cancel' })).toBeNull()
  expect(await passing).toMatchObject({ verdict: 'refused', reason: 'cancelled' })
})

test('an expired card with the right face is doubtful', async () => {
  open().consent()
  expect(await rig.pass({ validTo: '2026-03-01' })).toMatchObject({
    verdict: 'doubtful',
    reason: 'card-expired',
  })
})

test('a card is good until the end of its last day', async () => {
  open().consent()
  expect(await rig.pass({ validTo: '2026-03-02' })).toMatchObject({ verdict: 'verified' })
})

test('somebody who is not on the roster is refused without a trace of who it was', async () => {
  open()
  expect(await rig.pass({ number: '990000199001010013' })).toMatchObject({
    verdict: 'refused',
    reason: 'not-on-roster',
  })
  expect(rig.last('refusal').person).toBeNull()
})

test('outside the hours of every session there is nothing to sign', async () => {
  open().consent()
  rig.clock.set(START + 12 * 3600_000)
  expect(await rig.pass()).toMatchObject({ verdict: 'refused', reason: 'no-session' })
})

test('the same card twice adds no record and says when the first one was', async () => {
  open().consent()
  await rig.pass()
  const size = rig.data.ledger.size
  expect(await rig.pass()).toMatchObject({ verdict: 'already', reason: 'already-signed', index: null })
  expect(rig.data.ledger.size).toBe(size)
  expect(rig.door.snapshot().messageValues).toEqual({ time: '08:30' })
})

test('towards the end of the session a card signs out; staff can force either direction', async () => {
  open().consent()
  await rig.door.command({ type: 'direction', direction: 'out' })
  await rig.pass()
  expect(rig.last('attendance').direction).toBe('out')
  await rig.door.command({ type: 'direction', direction: 'auto' })
  await rig.pass()
  expect(rig.last('attendance').direction).toBe('in')
  rig.clock.set(START + 3 * 3600_000 - 60_000)
  await rig.pass()
  expect(rig.last('attendance').direction).toBe('out')
})

test('consent is asked before the camera is used, and recorded', async () => {
  open()
  const passing = rig.pass()
  const { noticeVersion } = await rig.until('consent')
  expect(await rig.door.command({ type: 'consent', granted: true })).toBeNull()
  expect(await passing).toMatchObject({ verdict: 'verified' })
  expect(rig.last('consent')).toEqual({
    person: rig.person,
    purpose: 'face',
    granted: true,
    notice: noticeVersion,
  })
  expect(rig.screens.indexOf('consent')).toBeLessThan(rig.screens.indexOf('looking'))
})

test('whoever refuses the face check is witnessed by a supervisor and no frame is looked at', async () => {
  open()
  const passing = rig.pass()
  await rig.until('consent')
  await rig.door.command({ type: 'consent', granted: false })
  await rig.until('witness')
  expect(
    await rig.door.command({ type: 'witness', actor: rig.supervisor.actor, pin: '000000' }),
  ).toMatchObject({
    code: 'LEDGER_PIN',
  })
  expect(await rig.door.command({ type: 'witness', ...rig.supervisor })).toBeNull()
  expect(await passing).toMatchObject({ verdict: 'witnessed', reason: 'consent-refused' })
  expect(rig.last('attendance')).toMatchObject({ outcome: 'witnessed', portrait: 'none', face: null })
  expect(rig.screens).not.toContain('looking')
})

test('only a supervisor may witness', async () => {
  open().consent(false)
  const passing = rig.pass()
  await rig.until('witness')
  expect(await rig.door.command({ type: 'witness', ...rig.teacher })).toMatchObject({
    code: 'STATION_NOT_SUPERVISOR',
  })
  await rig.door.command({ type: 'cancel' })
  expect(await passing).toMatchObject({ verdict: 'refused', reason: 'no-witness' })
})

test('without a portrait two different people enrol one, and the source is recorded', async () => {
  open().consent()
  const passing = rig.pass({}, null)
  await rig.until('enrol')
  const alone = await rig.door.command({ type: 'enrol', signers: [rig.supervisor, rig.supervisor] })
  expect(alone).toMatchObject({ code: 'STATION_SAME_SIGNER' })
  expect(await rig.door.command({ type: 'enrol', signers: [rig.supervisor, rig.teacher] })).toBeNull()
  expect(await passing).toMatchObject({ verdict: 'verified' })
  expect(rig.last('attendance').portrait).toBe('enrolled')
  expect(rig.last('portrait.enrolled').act.signatures).toHaveLength(2)
})

test('nobody who answers in time means no record of attendance', async () => {
  open()
  expect(await rig.pass()).toMatchObject({ verdict: 'refused', reason: 'no-answer' })
})

test('a command for another screen is refused and changes nothing', async () => {
  open()
  await rig.until('idle')
  expect(await rig.door.command({ type: 'consent', granted: true })).toMatchObject({
    code: 'STATION_NOT_NOW',
  })
})

test('a card that cannot be read is a recorded refusal with its code', async () => {
  open()
  rig.cards.push(failed(new Fault('CARD_RECORD_NUMBER', 'the number has a wrong check digit')))
  expect((await rig.until('error')).message).toBe('CARD_RECORD_NUMBER')
  expect(rig.last('refusal')).toMatchObject({ reason: 'CARD_RECORD_NUMBER', person: null })
})

test('a session whose door has closed is closed in the ledger, once', async () => {
  open()
  rig.door.closeSessions()
  expect(rig.events().some((event) => event.type === 'session.closed')).toBe(false)
  rig.clock.set(START + 5 * 3600_000)
  rig.door.closeSessions()
  rig.door.closeSessions()
  expect(rig.events().filter((event) => event.type === 'session.closed')).toHaveLength(1)
})

test('the first use of a reader is recorded once, not at every card', async () => {
  open().consent()
  await rig.pass()
  await rig.pass()
  expect(rig.events().filter((event) => event.type === 'reader.changed')).toHaveLength(1)
})

test('no name and no number is in any event', async () => {
  open().consent()
  await rig.pass()
  const bodies = [...rig.data.ledger.events()]
    .map(({ body }) => Buffer.from(body).toString('utf8'))
    .join('\n')
  expect(bodies).not.toContain('模拟学员甲')
  expect(bodies).not.toContain('990000198803120016')
})
