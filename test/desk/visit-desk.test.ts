import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { defaultPack } from '../../src/attendance/shipped-packs.ts'
import { unwrap } from '../../src/common/result.ts'
import { createInspectorKey } from '../../src/inspect/inspector-key.ts'
import { replayDraw } from '../../src/inspect/replay.ts'
import { verifyVisitFile } from '../../src/inspect/verify-visit-file.ts'
import { visitFacts } from '../../src/inspect/visit-facts.ts'
import { openClass } from '../../src/station/setup.ts'
import { Staff } from '../../src/station/staff.ts'
import { CLASS, MINUTE, PIN, START, VisitRig } from './visit-rig.ts'

let rig: VisitRig
afterEach(() => rig.end())

describe('a whole visit by messages', () => {
  test('is opened, drawn, checked, closed by two signatures, verified, and leaves its files', async () => {
    rig = new VisitRig()
    const { classes } = await rig.do('visit.classes')
    expect(classes).toEqual([{ id: CLASS, title: '模拟班', isNow: true, visit: null }])
    const admitted = await rig.do('visit.admit')
    expect(admitted).toMatchObject({ standing: 'no-list', list: null, since: null })
    const proof = rig.inspector.proof(admitted.statement)
    const { visit } = await rig.do('visit.open', { proof })
    expect(visit).toMatchObject({ visit: admitted.visit, order: [], power: null, headcount: null })

    const { commitment } = await rig.do('visit.commit', { onSiteWeight: 4 })
    const drawn = await rig.do('visit.draw', { k: 10, commitment })
    expect(drawn).toMatchObject({ n: 12, k: 10, commitment, commitmentSeen: true })
    for (const person of drawn.order.slice(0, 8)) await rig.do('visit.check', { person })
    await rig.do('visit.check', { person: drawn.order[8]!, result: 'not-seen', by: null })
    const left = { result: 'cannot-verify', by: null, reason: 'card left at home' } as const
    await rig.do('visit.check', { person: drawn.order[9]!, ...left })
    await rig.do('visit.find', { note: '门口的人' })
    await rig.do('visit.headcount', { count: 9 })
    const facts = await rig.do('visit.facts')
    expect(facts.visit).toMatchObject({ order: drawn.order, headcount: 9, power: drawn.power })
    expect(facts.visit?.found).toEqual([{ person: null, record: 'not-on-roster', by: 'witness' }])
    expect(facts.people.find(({ person }) => person === drawn.order[0])?.check).toEqual({
      ...{ result: 'seen', by: 'card' },
    })

    const institution = { signed: true as const, ...rig.supervisor }
    const closed = await rig.close({ institution, note: '无异议' })
    expect(closed.outcome).toMatchObject({
      notSeen: [drawn.order[8]],
      cannotVerify: [drawn.order[9]],
      left: [],
    })
    expect(closed.outcome.seen).toHaveLength(8)
    expect(rig.newest()).toMatchObject({ data: { covers: { events: 14 }, institution: { signed: true } } })
    expect(rig.problem()).toBeNull()

    const folder = join(rig.dir, 'visits')
    expect(statSync(folder).mode & 0o777).toBe(0o700)
    const own = (kind: string) => `visit-${visit.visit}.${kind}`
    expect(closed.files.map(({ name }) => name)).toEqual([
      ...['shidao-visit', 'pdf', 'checkpoint'].map(own),
      drawn.file.name,
    ])
    expect(readFileSync(join(folder, own('checkpoint')), 'utf8')).toBe(closed.checkpoint)
    expect(unwrap(verifyVisitFile(readFileSync(join(folder, own('shidao-visit')))))).toMatchObject({
      ok: true,
    })
    expect(
      readFileSync(join(folder, own('pdf')))
        .subarray(0, 5)
        .toString(),
    ).toBe('%PDF-')
    const file = readFileSync(join(folder, drawn.file.name))
    expect(unwrap(replayDraw(file))).toMatchObject({ order: drawn.order, visit: visit.visit })
    expect((await rig.do('visit.classes')).classes[0]?.visit).toBeNull()
    expect(await rig.refused('visit.headcount', { count: 1 })).toBe('INSPECT_VISIT_UNKNOWN')
  }, 180_000)

  test('is opened and closed with the inspector’s key file at the window, though the institution refuses to sign', async () => {
    rig = new VisitRig(3)
    const { key, text } = unwrap(createInspectorKey('inspector pin'))
    const { key: other } = unwrap(createInspectorKey('another pin'))
    const proof = { kind: 'key' as const, file: text, pin: 'inspector pin' }
    await rig.do('visit.admit', { publicKey: other.publicKey })
    expect(await rig.refused('visit.open', { proof })).toBe('INSPECT_INSPECTOR_OTHER')
    await rig.do('visit.admit', { publicKey: key.publicKey })
    expect(await rig.refused('visit.open', { proof: { ...proof, pin: 'wrong pin' } })).toBe('LEDGER_PIN')
    const { visit } = await rig.do('visit.open', { proof })
    expect(visit.inspector.publicKey).toBe(key.publicKey)
    await rig.do('visit.finish', { institution: { signed: false, reason: 'nobody-there' } })
    const closed = await rig.do('visit.close', { proof })
    expect(closed.outcome).toEqual({ seen: [], notSeen: [], cannotVerify: [], left: [] })
    expect(rig.problem()).toBeNull()
    // Nobody signs for a visit that is over.
    expect(rig.data.side.list(closed.visit)).toEqual([])
  })

  test('goes on after a power cut with its PIN, and only what waited for a signature is asked for again', async () => {
    rig = new VisitRig(5)
    const lost = await rig.do('visit.admit')
    rig.powerCut()
    const proof = rig.inspector.proof(lost.statement)
    expect(await rig.refused('visit.open', { proof })).toBe('INSPECT_NOTHING_TO_SIGN')
    await rig.open()
    const { commitment } = await rig.do('visit.commit')
    rig.powerCut()
    const drawn = await rig.do('visit.draw', { k: 2, commitment })
    await rig.do('visit.check', { person: drawn.order[0]! })
    const { statement } = await rig.do('visit.finish')
    rig.powerCut()
    const early = { proof: rig.inspector.proof(statement) }
    expect(await rig.refused('visit.close', early)).toBe('INSPECT_NOTHING_TO_SIGN')
    expect((await rig.do('visit.facts')).visit).toMatchObject({ order: drawn.order })
    expect((await rig.close()).outcome.seen).toEqual([drawn.order[0]])
    expect(rig.problem()).toBeNull()
  })

  test('takes no end that was prepared before the last mark', async () => {
    rig = new VisitRig(3)
    await rig.open()
    const { statement } = await rig.do('visit.finish')
    await rig.do('visit.headcount', { count: 3 })
    const proof = rig.inspector.proof(statement)
    expect(await rig.refused('visit.close', { proof })).toBe('INSPECT_NOTHING_TO_SIGN')
    await rig.close()
    expect(rig.problem()).toBeNull()
  })

  test('that was left half a day ago keeps nobody out, one that goes on does', async () => {
    rig = new VisitRig(3)
    const first = await rig.open()
    expect(await rig.refused('visit.admit')).toBe('INSPECT_VISIT_OPEN')
    rig.clock.set(START + 13 * 60 * MINUTE)
    const second = await rig.open()
    expect(second.visit.visit).not.toBe(first.visit.visit)
    await rig.do('visit.headcount', { count: 2 })
    expect((await rig.do('visit.facts')).visit).toMatchObject({ visit: second.visit.visit, headcount: 2 })
    expect(rig.problem()).toBeNull()
  })
})

test('facts say what the log claims of each person, masked, and what a draw would find', async () => {
  rig = new VisitRig(6)
  const [first, second, third] = rig.people as [string, string, string]
  rig.attend(first, 'in')
  rig.attend(second, 'in')
  rig.attend(second, 'out')
  rig.attend(third, 'in', 'doubtful')
  const { facts, people, pattern, powers, visit, checkpoint } = await rig.do('visit.facts')
  expect(facts).toMatchObject({
    class: CLASS,
    room: null,
    filing: null,
    expected: 6,
    signedIn: 3,
    present: 2,
  })
  expect(facts).toMatchObject({ session: { id: 'am' }, openDoubts: 1, simulated: true })
  expect(pattern).toMatchObject({ score: null, threshold: expect.any(Number) })
  expect(powers.map(({ k }) => k)).toEqual([3, 5])
  expect(powers[0]?.power['1']).toBeCloseTo(0.5)
  expect([visit, checkpoint]).toEqual([null, rig.data.ledger.checkpoint()])
  const of = (person: string) => people.find((one) => one.person === person)
  expect(of(first)).toEqual({
    ...{ person: first, name: '学**', number: '990**************0', stratum: 'on-site', portrait: 'chip' },
    ...{ record: 'in', doubtful: false, check: null },
  })
  expect([of(second)?.record, of(third)?.record, of(third)?.doubtful]).toEqual(['out', 'in', true])
  expect(people.filter(({ record }) => record === 'none')).toHaveLength(3)
  expect(await rig.refused('visit.facts', { class: 'c9' })).toBe('ROSTER_CLASS_UNKNOWN')
})

test('facts of one class are those that the whole ledger gives, whatever class was asked for before', async () => {
  rig = new VisitRig(4)
  const staff = new Staff(rig.data)
  const sessions = [{ id: 'other', start: START, end: START + 60 * MINUTE }]
  const other = { id: 'c2', title: '模拟班二', sessions, pack: defaultPack() }
  unwrap(openClass(rig.data, staff, other, rig.supervisor))
  const [first, second] = rig.people as [string, string]
  const expectSame = async () => {
    const { filing, ...facts } = visitFacts(rig.events(), CLASS, rig.clock.now().wall)!
    expect((await rig.do('visit.facts')).facts).toEqual({
      ...facts,
      filing,
      findings: { open: 0, overdue: 0 },
    })
  }
  rig.attend(first, 'in')
  await expectSame()
  expect((await rig.do('visit.facts', { class: 'c2' })).facts).toMatchObject({
    expected: 0,
    title: '模拟班二',
  })
  rig.data.ledger.append({ type: 'camera.changed', data: { before: 'a', after: 'b' } })
  rig.attend(second, 'in')
  await expectSame()
  await rig.open()
  await rig.do('visit.headcount', { count: 3 })
  await expectSame()
})

describe('a draw', () => {
  test('that belongs to no visit needs no PIN and is signed by nobody', async () => {
    rig = new VisitRig(4)
    const { commitment } = await rig.do('visit.commit', { pin: null })
    const drawn = await rig.do('visit.draw', { pin: null, k: 2, commitment })
    expect(drawn).toMatchObject({ visit: null, simulated: true, commitmentSeen: true })
    expect(rig.newest()).toMatchObject({ type: 'visit.drawn', data: { visit: null, act: null } })
    expect(rig.problem()).toBeNull()
  })

  test('of a visit needs its PIN', async () => {
    rig = new VisitRig(4)
    expect(await rig.refused('visit.commit')).toBe('INSPECT_VISIT_UNKNOWN')
    await rig.open()
    expect(await rig.refused('visit.commit', { pin: '000000' })).toBe('LEDGER_PIN')
    expect(await rig.refused('visit.draw', { pin: '000000' })).toBe('LEDGER_PIN')
    expect(await rig.refused('visit.draw', { pin: PIN })).toBeNull()
  })
})
