import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { OfficeWork } from '../../src/station/office-work.ts'
import type { Signer } from '../../src/station/staff.ts'
import { DAY, MINUTE, OfficeRig, START } from './office-rig.ts'

let rig: OfficeRig
let person: string

beforeEach(async () => {
  rig = new OfficeRig()
  person = (await rig.open())[0] ?? ''
})
afterEach(() => rig.close())

/** The session is over, and the station's records say so. */
function end(): void {
  rig.clock.set(START + 200 * MINUTE)
  rig.data.ledger.append({ type: 'session.closed', data: { class: 'c', session: 'am' } })
}

function resolving(record: number, decision: 'accept' | 'refuse', signers?: [Signer, Signer]): OfficeWork {
  const both = signers ?? [rig.supervisor, rig.teacher]
  return { act: 'doubt.resolve', class: 'c', record, decision, reason: '核对照片', signers: both }
}

function correcting(
  change: Partial<Extract<OfficeWork, { readonly act: 'attendance.correct' }>['correction']>,
): OfficeWork {
  const correction = { class: 'c', session: 'am', person, add: null, void: null, reason: '漏签', ...change }
  return { act: 'attendance.correct', correction, signers: [rig.supervisor, rig.second] }
}

describe('a doubtful record', () => {
  test('counts nothing until two people accept it, then as witnessed', async () => {
    const record = rig.sign(person, 'in', 0, 'doubtful')
    rig.sign(person, 'out', 180)
    end()
    expect(rig.sessions(person)).toMatchObject([{ state: 'doubtful', minutes: 0 }])
    expect(await rig.do(resolving(record, 'accept'))).toMatchObject({ ok: true })
    expect(rig.sessions(person)).toMatchObject([{ state: 'present', minutes: 180 }])
    expect(rig.sessions(person)[0]?.rules).toContain('doubt-accepted')
    expect(rig.falseAct()).toBeNull()
  })

  test('that is refused never counts, and nobody decides it twice', async () => {
    const record = rig.sign(person, 'in', 0, 'doubtful')
    rig.sign(person, 'out', 180)
    end()
    expect(await rig.do(resolving(record, 'refuse'))).toMatchObject({ ok: true })
    expect(rig.sessions(person)[0]).toMatchObject({ minutes: 0 })
    expect(rig.sessions(person)[0]?.rules).toContain('doubt-refused')
    expect(await rig.do(resolving(record, 'accept'))).toMatchObject({
      fault: { code: 'CLASS_DOUBT_RESOLVED' },
    })
  })

  test('is not decided by one person twice, nor by two without a supervisor', async () => {
    const record = rig.sign(person, 'in', 0, 'doubtful')
    const same: [Signer, Signer] = [rig.supervisor, rig.supervisor]
    expect(await rig.do(resolving(record, 'accept', same))).toMatchObject({
      fault: { code: 'STATION_SAME_SIGNER' },
    })
    expect(rig.events().some(({ type }) => type === 'doubtful.resolved')).toBe(false)
  })

  test('is accepted after its deadline by two supervisors only', async () => {
    const record = rig.sign(person, 'in', 0, 'doubtful')
    rig.clock.set(START + 4 * DAY)
    const list = await rig.do({ act: 'list', of: 'doubts', class: 'c' })
    expect(list).toMatchObject({ value: { doubts: [{ record, overdue: true }] } })
    expect(await rig.do(resolving(record, 'accept'))).toMatchObject({
      fault: { code: 'CLASS_DOUBT_OVERDUE' },
    })
    const supervisors: [Signer, Signer] = [rig.supervisor, rig.second]
    expect(await rig.do(resolving(record, 'accept', supervisors))).toMatchObject({ ok: true })
  })

  test('is listed with what comparison and layers saw', async () => {
    const layers = [
      { layer: 'texture', verdict: 'attack' as const, score: 0.05, detail: { why: 'pattern' } },
      { layer: 'motion', verdict: 'unsure' as const, score: null, detail: { why: 'hardly-moved' } },
    ]
    const face = {
      ...{ engine: 'arcface', model: { name: 'made up', sha256: 'a'.repeat(64) }, accept: 0.5, reject: 0.3 },
      ...{ portrait: 'b'.repeat(64), score: 0.61, frames: [] },
      liveness: { verdict: 'attack' as const, score: 0.05, layers },
    }
    const record = rig.sign(person, 'in', 0, 'doubtful', { reason: 'liveness-attack', face })
    const findings = [{ code: 'face-match', score: 0.61, threshold: 0.5 }, { code: 'pattern' }]
    const list = await rig.do({ act: 'list', of: 'doubts', class: 'c' })
    expect(list).toMatchObject({ value: { doubts: [{ record, findings }] } })
  })

  test('keeps its class from being closed', async () => {
    const record = rig.sign(person, 'in', 0, 'doubtful')
    end()
    const to = (stage: 'teaching' | 'assessment' | 'closed'): OfficeWork => ({
      ...{ act: 'class.advance', class: 'c', stage, note: '-', by: rig.supervisor },
    })
    expect(await rig.do(to('closed'))).toMatchObject({ fault: { code: 'CLASS_STAGE' } })
    await rig.do(to('teaching'))
    await rig.do(to('assessment'))
    expect(await rig.do(to('closed'))).toMatchObject({ fault: { code: 'CLASS_DOUBTS_OPEN' } })
    await rig.do(resolving(record, 'refuse'))
    expect(await rig.do(to('closed'))).toMatchObject({ ok: true })
    expect(await rig.do(rig.opening())).toMatchObject({ fault: { code: 'CLASS_STAGE' } })
  })
})

describe('a correction', () => {
  test('adds a forgotten sign-out, stands where its time puts it, and is marked', async () => {
    rig.sign(person, 'in', 0)
    end()
    expect(rig.sessions(person)).toMatchObject([{ state: 'incomplete', minutes: 0 }])
    const add = { direction: 'out' as const, at: START + 170 * MINUTE }
    expect(await rig.do(correcting({ add }))).toMatchObject({ ok: true })
    expect(rig.sessions(person)).toMatchObject([{ state: 'corrected', minutes: 170 }])
    expect(rig.falseAct()).toBeNull()
  })

  test('adds a forgotten sign-in that is entered after the sign-out', async () => {
    rig.sign(person, 'out', 180)
    end()
    await rig.do(correcting({ add: { direction: 'in', at: START + 5 * MINUTE } }))
    expect(rig.sessions(person)).toMatchObject([{ state: 'corrected', minutes: 175 }])
  })

  test('takes a wrong record out of the count', async () => {
    const wrong = rig.sign(person, 'in', 0)
    rig.sign(person, 'out', 180)
    end()
    expect(await rig.do(correcting({ void: wrong }))).toMatchObject({ ok: true })
    expect(rig.sessions(person)[0]).toMatchObject({ minutes: 0 })
    expect(rig.sessions(person)[0]?.rules).toContain('voided')
  })

  test('of another person’s record, of the future or of nothing is refused', async () => {
    const record = rig.sign(person, 'in', 0)
    const refused = { fault: { code: 'CLASS_CORRECTION' } }
    expect(await rig.do(correcting({}))).toMatchObject(refused)
    expect(await rig.do(correcting({ add: { direction: 'out', at: START + 90 * MINUTE } }))).toMatchObject(
      refused,
    )
    expect(await rig.do(correcting({ void: record + 1 }))).toMatchObject(refused)
  })

  test('by one signer is found by whoever verifies', async () => {
    rig.sign(person, 'in', 0)
    end()
    const act = rig.staff.sign({ act: 'attendance.correct' }, [rig.supervisor])
    if (!act.ok) throw act.fault
    const add = { direction: 'out' as const, at: START + 170 * MINUTE }
    const body = { class: 'c', session: 'am', person, add, void: null, reason: 'x', overCap: false }
    const { index } = rig.data.ledger.append({
      type: 'attendance.corrected',
      data: { ...body, act: act.value },
    })
    expect(rig.falseAct()).toMatchObject({ code: 'act', index })
  })
})

test('leave explains an absence, and an absence is only said once the session is over', async () => {
  rig.clock.set(START + 60 * MINUTE)
  rig.data.ledger.append({ type: 'reader.changed', data: { before: null, after: null } })
  expect(rig.sessions(person)).toMatchObject([{ state: 'pending' }])
  const leave = { class: 'c', person, sessions: ['am'], kind: 'sick' as const, reason: '病假' }
  const signers: [Signer, Signer] = [rig.supervisor, rig.teacher]
  expect(await rig.do({ act: 'leave.grant', leave, signers })).toMatchObject({ ok: true })
  end()
  rig.data.ledger.append({ type: 'session.closed', data: { class: 'c', session: 'am' } })
  expect(rig.sessions(person)).toMatchObject([{ state: 'leave', minutes: 0 }])
  expect(rig.falseAct()).toBeNull()
})

test('a make-up session is linked to the missed one in both', async () => {
  end()
  const later = { id: 'makeup', start: START + DAY, end: START + DAY + 180 * MINUTE }
  const makeUp = { class: 'c', session: later, replaces: 'am', people: [person], reason: '补课' }
  const signers: [Signer, Signer] = [rig.supervisor, rig.teacher]
  expect(await rig.do({ act: 'makeup.schedule', makeUp, signers })).toMatchObject({ ok: true })
  rig.clock.set(START + 2 * DAY)
  rig.data.ledger.append({ type: 'session.closed', data: { class: 'c', session: 'makeup' } })
  const [missed, made] = rig.sessions(person)
  expect(missed).toMatchObject({ id: 'am', state: 'absent' })
  expect(missed?.rules).toContain('made-up')
  expect(made).toMatchObject({ id: 'makeup', state: 'absent' })
  expect(made?.rules).toContain('makes-up')
  expect(rig.falseAct()).toBeNull()
})

test('a paper sheet counts by two people’s word and is marked so; a bad line enters nothing', async () => {
  end()
  const signers: [Signer, Signer] = [rig.supervisor, rig.teacher]
  const sheet = { class: 'c', session: 'am', sheet: 'a'.repeat(64), reason: '设备故障' }
  const line = { person, in: START, out: START + 180 * MINUTE }
  const swapped = { ...line, in: line.out, out: line.in }
  const refused = await rig.do({ act: 'paper.enter', paper: { ...sheet, entries: [swapped] }, signers })
  expect(refused).toMatchObject({ fault: { code: 'CLASS_PAPER' } })
  expect(await rig.do({ act: 'paper.enter', paper: { ...sheet, entries: [line] }, signers })).toMatchObject({
    ok: true,
  })
  expect(rig.sessions(person)).toMatchObject([{ state: 'corrected', minutes: 180 }])
  expect(rig.sessions(person)[0]?.rules).toContain('paper')
  expect(rig.falseAct()).toBeNull()
})
