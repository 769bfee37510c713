import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { defaultPack } from '../../src/attendance/shipped-packs.ts'
import { unwrap } from '../../src/common/result.ts'
import { verifyLog } from '../../src/ledger/verify.ts'
import { systemClock } from '../../src/station/clock.ts'
import { createStation } from '../../src/station/data-folder.ts'
import { addToRoster, openClass } from '../../src/station/setup.ts'
import { Staff } from '../../src/station/staff.ts'

/* What comes before and after a visit, by command: the authority's list, the visit's file, report, findings, sample. */

const project = new URL('../../', import.meta.url).pathname
const [STAFF_PIN, INSPECTOR_PIN, AUTHORITY_PIN] = ['staff pin', 'inspector pin', 'authority long pin']

let folder: string
let dir: string
let stationKey: string
let supervisor: string
let teacher: string
const file = (name: string) => join(folder, name)

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'shidao-after-'))
  dir = join(folder, 'station')
  const data = createStation(dir, { simulated: true, clock: systemClock() })
  const staff = new Staff(data)
  supervisor = unwrap(staff.enrol({ name: '王', role: 'supervisor', pin: STAFF_PIN }, null)).actor
  const by = { actor: supervisor, pin: STAFF_PIN }
  teacher = unwrap(staff.enrol({ name: '李', role: 'teacher', pin: STAFF_PIN }, by)).actor
  const now = Date.now()
  const sessions = [{ id: 'am', start: now - 3600_000, end: now + 3600_000 }]
  unwrap(openClass(data, staff, { id: 'c1', title: '电工', sessions, pack: defaultPack() }, by))
  const people = Array.from({ length: 6 }, (_, n) => ({
    ...{ name: `学员${n}`, number: `3201011990010${String(n).padStart(2, '0')}11${n}`, portrait: null },
  }))
  unwrap(addToRoster(data, staff, 'c1', people, { reason: 'r', by }))
  stationKey = data.key.vkey
  data.close()
})
afterAll(() => rmSync(folder, { recursive: true }))

let authority: string
let publicKey: string
let visit: string
const mine = () => ['--class', 'c1', '--key', file('inspector.key'), '--data', dir]
const at = () => ['--visit', visit, '--data', dir]

test('an authority makes its key once and signs lists, each with a higher number', () => {
  const made = json(
    ['authority', '--name', 'hrss.example/inspectors', '--out', file('authority.key')],
    AUTHORITY_PIN,
  )
  authority = made.vkey
  publicKey = json(['key', '--out', file('inspector.key')]).publicKey
  writeFileSync(file('inspectors.csv'), `key,from,until,name\n${publicKey},2020-01-01,2099-12-31,赵\n`)
  const signing = [
    '--inspectors',
    file('inspectors.csv'),
    '--valid-to',
    '2099-12-31',
    '--key',
    file('authority.key'),
  ]
  const list = json(['list', ...signing, '--number', '1', '--out', file('list')], AUTHORITY_PIN)
  expect(list).toMatchObject({ number: 1, inspectors: 1, revoked: 0, authority: made.vkey })
  const again = inspect(
    ['list', ...signing, '--number', '1', '--previous', file('list'), '--out', file('list2')],
    AUTHORITY_PIN,
  )
  expect([again.status, again.stderr]).toEqual([1, expect.stringMatching(/^INSPECT_LIST_OLDER /)])
})

test('a visit under that list has no report while it is open', () => {
  const opened = json(['open', ...mine(), '--list', file('list'), '--authority', authority])
  expect(opened.standing).toBe('listed')
  visit = opened.visit
  const { commitment } = json(['commit', '--class', 'c1', '--data', dir])
  const drawn = json(['draw', ...mine(), '-k', '2', '--nonce', '05'.repeat(16), '--commitment', commitment])
  json(['check', ...mine(), '--person', drawn.order[0], '--result', 'seen', '--by', 'card'])
  json(['headcount', ...mine(), '--count', '4'])
  const early = inspect(['report', '--out', file('early.pdf'), ...at()])
  expect([early.status, early.stderr]).toEqual([1, expect.stringMatching(/^INSPECT_VISIT_OPEN /)])
  json(['close', ...mine(), '--refused'])
})

test('its file is verified without the station, and an edited one refused', () => {
  const left = json(['file', ...at(), '--out', file('a.shidao-visit')])
  expect(left.bytes).toBeGreaterThan(1000)
  const keys = ['--key', stationKey, '--authority', authority]
  const verified = shidao(['verify', file('a.shidao-visit'), ...keys, '--json'])
  expect(verified.status).toBe(0)
  expect(JSON.parse(verified.stdout)).toMatchObject({
    ...{ ok: true, kind: 'visit', trust: 'key', simulated: true, headcount: 4, problem: null },
    inspector: {
      publicKey,
      standing: 'listed',
      listed: { authority: 'hrss.example/inspectors', known: true },
    },
    closed: { institution: { signed: false, reason: 'refused' } },
  })
  const words = shidao(['verify', file('a.shidao-visit')])
  expect(words.stdout).toMatch(/^OK\nSIMULATED 模拟/)
  expect(words.stdout).toMatch(/the institution refused to sign/)
  writeFileSync(
    file('b'),
    readFileSync(file('a.shidao-visit'), 'utf8').replace('\\"count\\":4', '\\"count\\":6'),
  )
  const refused = shidao(['verify', file('b'), ...keys])
  expect([refused.status, refused.stderr]).toEqual([
    1,
    expect.stringMatching(
      /^PROOF_ACT record \d+: visit.headcount: what was signed is not what is recorded\n$/,
    ),
  ])
})

test('it is reported on, and its findings are answered and settled', () => {
  const reported = json(['report', ...at(), '--format', 'json', '--masked', '--out', file('report.json')])
  expect(reported).toMatchObject({ card: 'red', due: { workdays: 10 } })
  expect(JSON.parse(readFileSync(file('report.json'), 'utf8'))).toMatchObject({
    ...{ format: 'shidao-visit-report/v1', edition: 'masked', simulated: true },
    spot: { seats: 6, taken: 4, card: 'red' },
  })
  json(['report', ...at(), '--record', '--out', file('record.pdf')])
  expect(readFileSync(file('record.pdf')).subarray(0, 5).toString()).toBe('%PDF-')

  const open = json(['findings', '--class', 'c1', '--open', '--data', dir])
  const kinds = open.findings.map((one: { kind: string }) => one.kind)
  expect(kinds).toEqual(['person-without-record', 'headcount', 'refusal'])
  const id = open.findings[1].id
  const two = ['--by', supervisor, '--second', teacher]
  const answered = json(['answer', ...at(), '--finding', id, '--answer', '两人外出实训', ...two], STAFF_PIN)
  expect(answered).toMatchObject({ finding: id, answer: '两人外出实训' })
  json(['settle', ...at(), '--finding', id, '--outcome', 'explained', '--key', file('inspector.key')])
  const after = json(['findings', ...at()]).findings
  expect(after.map((one: { state: string }) => one.state)).toEqual(['open', 'closed', 'open'])
  const late = inspect(['answer', ...at(), '--finding', id, '--answer', '又', ...two], STAFF_PIN)
  expect([late.status, late.stderr]).toEqual([1, expect.stringMatching(/^INSPECT_FINDING_CLOSED /)])
  expect(verifyLog(dir)).toMatchObject({ ok: true, problem: null })
})

test('a sample is committed to, drawn with a nonce and drawn again', () => {
  writeFileSync(file('j.csv'), 'id,name,weight\nJ1,甲校,1\nJ2,乙校,5\nJ3,丙校,2\n')
  writeFileSync(file('k.csv'), 'id,name,conflicts\nK1,赵,J1\nK2,钱,\nK3,孙,\n')
  const lists = ['--institutions', file('j.csv'), '--inspectors', file('k.csv'), '--count', '2']
  const { commitment } = json(['sample', ...lists, '--commit', '--out', file('closed')])
  const nonce = ['--nonce', '0a'.repeat(16), '--commitment', commitment]
  const drawn = json(['sample', '--committed', file('closed'), ...nonce, '--out', file('s')])
  expect(drawn).toMatchObject({ commitment, commitmentSeen: true })
  expect(drawn.sample).toHaveLength(2)
  const replayed = json(['sample', '--replay', file('s'), '--commitment', commitment])
  expect(replayed).toMatchObject({ ok: true, commitmentKnown: true, sample: drawn.sample })
  const swapped = JSON.parse(readFileSync(file('s'), 'utf8'))
  swapped.sample.reverse()
  writeFileSync(file('t'), JSON.stringify(swapped))
  const refused = inspect(['sample', '--replay', file('t'), '--json'])
  expect([refused.status, JSON.parse(refused.stdout).ok, refused.stderr]).toEqual([
    ...[1, false],
    expect.stringMatching(/^INSPECT_SAMPLE_FALSE /),
  ])
  writeFileSync(file('k.csv'), 'id,name,conflicts\nK1,赵,J1;J2;J3\nK2,钱,\n')
  const none = inspect(['sample', ...lists, '--nonce', '0b'.repeat(16), '--out', file('u')])
  expect([none.status, none.stdout]).toEqual([1, ''])
  expect(none.stderr).toMatch(/^INSPECT_SAMPLE_PAIRING institution.* only K2 may/)
})

function json(words: readonly string[], pin = INSPECTOR_PIN) {
  const { status, stdout, stderr } = inspect([...words, '--json'], pin)
  expect([status, stderr], words.join(' ')).toEqual([0, ''])
  return JSON.parse(stdout)
}

function inspect(words: readonly string[], pin = INSPECTOR_PIN) {
  return shidao(['inspect', ...words], pin)
}

function shidao(words: readonly string[], pin = INSPECTOR_PIN) {
  const env = { ...process.env, SHIDAO_PIN: pin, SHIDAO_SECOND_PIN: STAFF_PIN }
  return spawnSync(process.execPath, ['src/cli/shidao.js', ...words], { cwd: project, encoding: 'utf8', env })
}
