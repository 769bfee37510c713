import { generateKeyPairSync } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { visitFacts } from '../../src/inspect/visit-facts.ts'
import { ed25519Signer, signNote } from '../../src/ledger/note.ts'
import type { OfficeWork } from '../../src/station/office-work.ts'
import { DAY, MINUTE, OfficeRig, START, session } from './office-rig.ts'

let rig: OfficeRig
beforeEach(() => {
  rig = new OfficeRig()
})
afterEach(() => rig.close())

const publisher = ed25519Signer('bureau.example/catalogue', generateKeyPairSync('ed25519').privateKey)
const period = { from: '2026-01-01', to: '2026-12-31' }
const catalogue = {
  ...{
    format: 'shidao-catalogue/v1',
    id: 'test-2026',
    title: '模拟目录',
    region: null,
    issuer: '模拟',
    document: '模拟',
  },
  ...period,
  institutions: [{ code: 'I1', name: '模拟学校', ...period, to: '2026-06-30' }],
  occupations: [{ code: 'O1', name: '电工', levels: ['5', '4'], ...period }],
}
const note = signNote(`${JSON.stringify(catalogue, null, 1)}\n`, [publisher])

const importing = (text = note, vkey: string | null = publisher.key.vkey): OfficeWork => ({
  ...{ act: 'catalogue.import', text, vkey, signers: [rig.supervisor] },
})

function filing(change: object = {}): OfficeWork {
  const what = { class: 'c', title: '电工班', institution: 'I1', occupation: 'O1', level: '5' }
  const how = {
    from: '2026-03-02',
    to: '2026-03-06',
    mode: 'timetable',
    basis: 'approval',
    plannedMinutes: null,
  }
  return { act: 'class.file', plan: { ...what, ...how, ...change }, by: rig.supervisor } as OfficeWork
}

describe('filing', () => {
  test('goes through for what the catalogue has on every day of the class', async () => {
    expect(await rig.do(importing())).toMatchObject({ value: { catalogue: 'test-2026' } })
    expect(await rig.do(filing())).toMatchObject({ value: { unconfirmed: [] } })
    expect(rig.falseAct()).toBeNull()
  })

  test.each([
    ['an institution that left during the class', { from: '2026-06-29', to: '2026-07-02' }, 'institution'],
    ['another occupation', { occupation: 'O2' }, 'occupation'],
    ['a level that is not listed', { level: '1' }, 'level'],
    ['days after the catalogue', { from: '2027-01-01', to: '2027-01-02' }, 'catalogue'],
  ])('is refused for %s', async (_name, change, missing) => {
    await rig.do(importing())
    const refused = await rig.do(filing(change))
    expect(refused).toMatchObject({ fault: { code: 'CLASS_NOT_IN_CATALOGUE' } })
    expect(refused.ok ? '' : refused.fault.message).toContain(missing)
  })

  test('by commitment records what nobody confirms', async () => {
    const filed = await rig.do(filing({ basis: 'commitment' }))
    expect(filed).toMatchObject({ value: { unconfirmed: ['catalogue'] } })
  })
})

describe('a catalogue', () => {
  test('of which a letter was changed is refused', async () => {
    const forged = await rig.do(importing(note.replace('模拟学校', '别的学校')))
    expect(forged).toMatchObject({ fault: { code: 'PACK_CATALOGUE_SIGNATURE' } })
  })

  test('without a signature needs two people', async () => {
    const text = JSON.stringify(catalogue)
    expect(await rig.do(importing(text, null))).toMatchObject({ fault: { code: 'STATION_TWO_SIGNERS' } })
    const signers = [rig.supervisor, rig.second]
    expect(await rig.do({ act: 'catalogue.import', text, vkey: null, signers })).toMatchObject({ ok: true })
    expect(rig.falseAct()).toBeNull()
  })
})

test('an opening that differs from the filing asks why, and says so for ever', async () => {
  await rig.do(importing())
  await rig.do(filing())
  const late = { id: 'late', start: START + 10 * DAY, end: START + 10 * DAY + 60 * MINUTE }
  const differing = rig.opening({ title: null, sessions: [late] })
  expect(await rig.do(differing)).toMatchObject({ fault: { code: 'CLASS_DIFFERS' } })
  expect(await rig.do({ ...differing, reason: '教室停电' } as OfficeWork)).toMatchObject({ ok: true })
  const list = await rig.do({ act: 'list', of: 'classes', class: null })
  expect(list).toMatchObject({
    value: { classes: [{ title: '电工班', stage: 'open', differs: '教室停电' }] },
  })
  expect(rig.falseAct()).toBeNull()
})

test('a room is named when a class is filed or opened, and another one than was filed needs a reason', async () => {
  await rig.do(filing({ basis: 'commitment', room: '101' }))
  const facts = () => visitFacts(rig.events(), 'c', START)
  const opening = { act: 'class.open', class: 'c', title: null, pack: null, by: rig.supervisor } as const
  const sessions = [session]
  const elsewhere = { ...opening, sessions, reason: null, room: '202' }
  expect(await rig.do(elsewhere)).toMatchObject({ fault: { code: 'CLASS_DIFFERS' } })
  expect(await rig.do({ ...opening, sessions, reason: null })).toMatchObject({ ok: true })
  expect(facts()?.room).toBe('101')
  expect(await rig.do({ ...elsewhere, reason: '101 漏水' })).toMatchObject({ ok: true })
  expect(facts()?.room).toBe('202')
  expect(rig.falseAct()).toBeNull()
})

test('a class of cumulative hours calls nobody late or absent', async () => {
  await rig.do(filing({ title: '模拟班', basis: 'commitment', mode: 'cumulative' }))
  const [late = '', away = ''] = await rig.open(2)
  rig.sign(late, 'in', 60)
  rig.sign(late, 'out', 120)
  rig.clock.set(START + DAY)
  rig.data.ledger.append({ type: 'session.closed', data: { class: 'c', session: 'am' } })
  expect(rig.sessions(late)).toMatchObject([{ state: 'present', minutes: 60 }])
  expect(rig.sessions(away)).toMatchObject([{ state: 'excluded', minutes: 0 }])
})

test('a teacher signs once each way with their own key, and has hours of their own', async () => {
  const [person = ''] = await rig.open()
  const sign = (direction: 'in' | 'out', by = rig.teacher): OfficeWork => ({
    ...{ act: 'teacher.sign', class: 'c', direction, substitutes: null, by },
  })
  rig.clock.set(START)
  expect(await rig.do(sign('in', rig.supervisor))).toMatchObject({ fault: { code: 'CLASS_NOT_TEACHER' } })
  expect(await rig.do(sign('in'))).toMatchObject({ value: { session: 'am' } })
  const again = await rig.do(sign('in'))
  expect(again).toMatchObject({ fault: { code: 'CLASS_ALREADY_SIGNED', message: 'already signed 08:30' } })
  rig.clock.set(START + 180 * MINUTE)
  await rig.do(sign('out'))
  const list = (await rig.do({ act: 'list', of: 'teachers', class: 'c' })) as {
    value: { teachers: { ms: number }[] }
  }
  expect(Math.round((list.value.teachers[0]?.ms ?? 0) / MINUTE)).toBe(180)
  expect(rig.sessions(person)).toMatchObject([{ state: 'absent' }])
  expect(rig.falseAct()).toBeNull()
})

test('the third missing card needs a supervisor', async () => {
  const [person = ''] = await rig.open()
  const missing = (by = rig.teacher): OfficeWork => ({
    ...{ act: 'card.missing', class: 'c', person, lane: 'forgotten', by },
  })
  await rig.do(missing())
  expect(await rig.do(missing())).toMatchObject({ value: { count: 2 } })
  expect(await rig.do(missing())).toMatchObject({ fault: { code: 'STATION_NOT_SUPERVISOR' } })
  expect(await rig.do(missing(rig.supervisor))).toMatchObject({ value: { count: 3 } })
  expect(rig.events().some(({ type }) => type === 'attendance')).toBe(false)
})

test('a roster refuses somebody under 14 whole, and changes with a reason', async () => {
  const [person = ''] = await rig.open()
  const child = { name: '模拟', number: '110105201512310023', portrait: null, links: [] }
  const adult = { name: '模拟', number: '990000198803120016', portrait: null, links: [] }
  const add = {
    act: 'roster.add' as const,
    class: 'c',
    people: [adult, child],
    reason: 'r',
    by: rig.supervisor,
  }
  expect(await rig.do(add)).toMatchObject({ fault: { code: 'ROSTER_TOO_YOUNG' } })
  const off = {
    act: 'roster.remove' as const,
    class: 'c',
    people: [person],
    reason: '退学',
    by: rig.supervisor,
  }
  expect(await rig.do(off)).toMatchObject({ ok: true })
  expect(await rig.do(off)).toMatchObject({ fault: { code: 'ROSTER_PERSON_UNKNOWN' } })
  expect(await rig.do({ act: 'list', of: 'faces', class: null })).toMatchObject({
    value: { people: 0, filingAt: 100_000, state: 'below' },
  })
})

test('a class of another station is joined under its id, timetable and rules', async () => {
  const other = new OfficeRig()
  await other.open()
  const opened = other.events().find((event) => event.type === 'class.opened')
  if (opened?.type !== 'class.opened') throw new Error('not opened')
  other.close()
  const opening = {
    ...{ origin: opened.origin, index: opened.index, leaf: 'b'.repeat(64), class: 'c', title: '模拟班' },
    ...{ sessions: [session], mode: 'timetable' as const, packSha256: opened.data.pack.sha256 },
  }
  const join: OfficeWork = { act: 'class.join', opening, pack: null, by: rig.supervisor }
  expect(await rig.do(join)).toMatchObject({ ok: true })
  expect(await rig.do({ act: 'list', of: 'classes', class: null })).toMatchObject({
    value: { classes: [{ id: 'c', stage: 'open', joined: { origin: opened.origin } }] },
  })
  expect(rig.falseAct()).toBeNull()
})
