import { afterEach, beforeEach, expect, test } from 'vitest'
import type { MonthStanding } from '../../src/attendance/month-close.ts'
import { unwrap } from '../../src/common/result.ts'
import { falseAct } from '../../src/inspect/acts.ts'
import { decodeEvent, encodeEvent } from '../../src/ledger/event.ts'
import { DAY, MINUTE, OfficeRig, START } from './office-rig.ts'

let rig: OfficeRig
beforeEach(() => {
  rig = new OfficeRig()
})
afterEach(() => rig.close())

const close = (change: { reason?: string | null; month?: string } = {}) =>
  rig.do({
    ...{ act: 'month.close', class: 'c', month: '2026-03', reason: null, ...change },
    signers: [rig.teacher, rig.supervisor],
  })
const newest = () => rig.events().at(-1)

/** Somebody came and went, and the session is over. */
async function taught(): Promise<string> {
  const [person = ''] = await rig.open()
  rig.sign(person, 'in', 0)
  rig.sign(person, 'out', 180)
  rig.clock.set(START + DAY)
  rig.data.ledger.append({ type: 'session.closed', data: { class: 'c', session: 'am' } })
  return person
}

async function march(): Promise<MonthStanding | undefined> {
  const { months } = unwrap(await rig.do({ act: 'list', of: 'months', class: 'c' })) as {
    months: readonly MonthStanding[]
  }
  return months.find(({ month }) => month === '2026-03')
}

test('a month that is over is closed by two people, with the hours as they are at that size', async () => {
  await taught()
  const { size } = rig.data.ledger
  expect(await march()).toMatchObject({ sessions: 1, doubts: 0, ahead: 0, closed: null })
  expect(await close()).toMatchObject({ ok: true, value: { index: size, already: false } })
  expect(newest()).toMatchObject({
    type: 'month.closed',
    data: { month: '2026-03', size, exceptions: null, totals: { simulated: 180 * MINUTE, official: 0 } },
  })
  expect(await march()).toMatchObject({ closed: { event: size, changed: false } })
  expect(rig.falseAct()).toBeNull()
})

test('one that was closed and has not changed is not closed again', async () => {
  await taught()
  unwrap(await close())
  const { size } = rig.data.ledger
  expect(await close()).toMatchObject({ ok: true, value: { index: size - 1, already: true } })
  expect(rig.data.ledger.size).toBe(size)
})

test('what is recorded later and changes its hours is shown, until two people close it again', async () => {
  const person = await taught()
  unwrap(await close())
  const [came] = rig.events().filter(({ type }) => type === 'attendance')
  const what = { add: null, void: came?.index ?? 0, reason: 'test' }
  const correction = { class: 'c', session: 'am', person, ...what }
  const signers: [typeof rig.supervisor, typeof rig.second] = [rig.supervisor, rig.second]
  unwrap(await rig.do({ act: 'attendance.correct', correction, signers }))
  expect(await march()).toMatchObject({ closed: { changed: true } })
  expect(await close()).toMatchObject({ ok: true, value: { already: false } })
  expect(await march()).toMatchObject({ closed: { changed: false } })
})

test('somebody who joins the class afterwards does not change a month that was over', async () => {
  await taught()
  unwrap(await close())
  rig.clock.set(START + 40 * DAY)
  const people = [{ name: '模拟学员', number: '440524188001010014', portrait: null, links: [] }]
  unwrap(await rig.do({ act: 'roster.add', class: 'c', people, reason: 'test', by: rig.supervisor }))
  expect(await march()).toMatchObject({ closed: { changed: false } })
})

test('with a doubtful record or a session ahead it is refused, and with a reason the record says so', async () => {
  const [person = ''] = await rig.open()
  rig.sign(person, 'in', 0, 'doubtful')
  const { size } = rig.data.ledger
  expect(await close()).toMatchObject({ fault: { code: 'CLASS_MONTH_OPEN' } })
  expect(rig.data.ledger.size).toBe(size)
  unwrap(await close({ reason: '按月报送' }))
  const exceptions = { doubts: 1, sessions: 1, reason: '按月报送' }
  expect(newest()).toMatchObject({ type: 'month.closed', data: { exceptions } })
  expect(rig.falseAct()).toBeNull()
})

test('it needs two different people, one of them a supervisor, and a month in which the class is taught', async () => {
  await taught()
  const by = (signers: [typeof rig.teacher, typeof rig.teacher], month = '2026-03') =>
    rig.do({ act: 'month.close', class: 'c', month, reason: null, signers })
  expect(await by([rig.teacher, rig.teacher])).toMatchObject({ fault: { code: 'STATION_NOT_SUPERVISOR' } })
  const same = await by([rig.supervisor, rig.supervisor])
  expect(same).toMatchObject({ fault: { code: 'STATION_SAME_SIGNER' } })
  const empty = await by([rig.supervisor, rig.teacher], '2026-04')
  expect(empty).toMatchObject({ fault: { code: 'CLASS_MONTH_EMPTY' } })
  expect(newest()?.type).toBe('session.closed')
})

test('a closing whose figures are not those that were signed is found', async () => {
  await taught()
  unwrap(await close())
  const events = rig.events()
  const closing = events.at(-1)
  if (closing?.type !== 'month.closed') throw new Error('no closing')
  const { type, data, ...head } = closing
  const forged = { ...data, totals: { ...data.totals, chip: 3600_000 } }
  const read = unwrap(decodeEvent(encodeEvent({ type, data: forged }, head)))
  expect(falseAct([...events.slice(0, -1), read])).toMatchObject({ code: 'act' })
})
