import { spawnSync } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { defaultPack } from '../../src/attendance/shipped-packs.ts'
import { unwrap } from '../../src/common/result.ts'
import { signInspectorList } from '../../src/inspect/inspector-list.ts'
import { ed25519Signer } from '../../src/ledger/note.ts'
import { verifyLog } from '../../src/ledger/verify.ts'
import { systemClock } from '../../src/station/clock.ts'
import { createStation } from '../../src/station/data-folder.ts'
import { addToRoster, openClass } from '../../src/station/setup.ts'
import { Staff } from '../../src/station/staff.ts'

const project = new URL('../../', import.meta.url).pathname
const STAFF_PIN = 'staff pin'
const INSPECTOR_PIN = 'inspector pin'

let dir: string
let vkey: string
let supervisor: string
const file = (name: string) => join(dir, '..', name)

beforeAll(() => {
  dir = join(mkdtempSync(join(tmpdir(), 'shidao-inspect-')), 'station')
  const data = createStation(dir, { simulated: true, clock: systemClock() })
  const staff = new Staff(data)
  supervisor = unwrap(staff.enrol({ name: '王', role: 'supervisor', pin: STAFF_PIN }, null)).actor
  const by = { actor: supervisor, pin: STAFF_PIN }
  const now = Date.now()
  const sessions = [{ id: 'am', start: now - 3600_000, end: now + 3600_000 }]
  unwrap(openClass(data, staff, { id: 'c1', title: '电工', sessions, pack: defaultPack() }, by))
  const people = Array.from({ length: 9 }, (_, n) => ({
    ...{ name: `学员${n}`, number: `3201011990010${String(n).padStart(2, '0')}11${n}`, portrait: null },
  }))
  unwrap(addToRoster(data, staff, 'c1', people, { reason: 'r', by }))
  vkey = data.key.vkey
  data.close()
})
afterAll(() => rmSync(join(dir, '..'), { recursive: true }))

test('a draw prints the document that programs rely on, and its file replays with the public key only', () => {
  const drawn = json('draw', '--class', 'c1', '-k', '4', '--nonce', '01'.repeat(16))
  expect(Object.keys(drawn).slice(0, 8)).toEqual([
    'class',
    'k',
    'n',
    'power',
    'commitment',
    'nonce',
    'order',
    'file',
  ])
  expect(drawn).toMatchObject({
    class: 'c1',
    k: 4,
    n: 9,
    simulated: true,
    commitmentSeen: false,
    visit: null,
  })
  const replayed = JSON.parse(inspect('replay', drawn.file, '--station', vkey, '--json').stdout)
  expect(replayed).toMatchObject({ ok: true, order: drawn.order, commitment: drawn.commitment, trust: 'key' })
  const edited = file('edited.shidao-draw')
  writeFileSync(edited, readFileSync(drawn.file, 'utf8').replace('01'.repeat(16), '02'.repeat(16)))
  const refused = inspect('replay', edited, '--json')
  expect([refused.status, JSON.parse(refused.stdout).ok]).toEqual([1, false])
  expect(refused.stderr).toMatch(/^INSPECT_DRAW_EDITED [^\n]+\n$/)
})

test.each([
  ['INSPECT_K_ZERO', ['-k', '0', '--nonce', '03'.repeat(16)], 1],
  ['INSPECT_K_TOO_LARGE', ['-k', '10', '--nonce', '03'.repeat(16)], 1],
  ['INSPECT_NONCE_REUSED', ['-k', '2', '--nonce', '01'.repeat(16)], 1],
  ['INSPECT_COMMITMENT_UNKNOWN', ['-k', '2', '--nonce', '03'.repeat(16), '--commitment', '0'.repeat(64)], 1],
  ['USAGE_NUMBER', ['-k', 'two', '--nonce', '03'.repeat(16)], 2],
] as const)('a draw that can’t be made is one line %s', (code, words, exit) => {
  const { status, stdout, stderr } = inspect('draw', '--class', 'c1', ...words, '--data', dir, '--json')
  expect([status, stdout]).toEqual([exit, ''])
  expect(stderr).toMatch(new RegExp(`^${code} [^\\n]+\\n$`))
})

test('a whole visit: a key, a list, an opening, a draw from a commitment that was seen, checks and a closing', () => {
  const key = file('inspector.key')
  const { publicKey } = json('key', '--out', key)
  const authority = ed25519Signer('hrss.example/inspectors', generateKeyPairSync('ed25519').privateKey)
  const [issued, until] = [Date.now() - 86_400_000, Date.now() + 86_400_000]
  const inspectors = [{ publicKey, from: issued, until }]
  const list = file('inspectors.note')
  writeFileSync(list, signInspectorList({ number: 1, issued, until, inspectors, revoked: [] }, authority))
  const mine = ['--class', 'c1', '--key', key]
  const opened = json('open', ...mine, '--list', list, '--authority', authority.key.vkey)
  expect(opened).toMatchObject({ standing: 'listed', since: null })
  writeFileSync(file('seen'), opened.checkpoint)
  expect(inspect('open', ...mine, '--data', dir).stderr).toMatch(/^INSPECT_VISIT_OPEN /)

  const { commitment } = json('commit', '--class', 'c1', '--on-site-weight', '3')
  const drawn = json('draw', ...mine, '-k', '2', '--nonce', '04'.repeat(32), '--commitment', commitment)
  expect(drawn).toMatchObject({ visit: opened.visit, commitment, commitmentSeen: true })
  const [first, second] = drawn.order
  json('headcount', ...mine, '--count', '8')
  json('check', ...mine, '--person', first, '--result', 'seen', '--by', 'card')
  json(
    'check',
    ...mine,
    '--person',
    second,
    '--result',
    'cannot-verify',
    '--reason',
    'card left at home',
    '--photo',
    list,
  )
  json('found', ...mine, '--record', 'not-on-roster', '--by', 'witness', '--note', '门口的人')
  expect(json('facts', '--class', 'c1')).toMatchObject({
    expected: 9,
    signedIn: 0,
    headcount: 8,
    simulated: true,
  })
  expect(json('pattern', '--class', 'c1')).toMatchObject({ score: null, worthVisit: null })
  const closed = json('close', ...mine, '--by', supervisor, '--out', file('end'))
  expect(closed.outcome).toMatchObject({ seen: [first], cannotVerify: [second], notSeen: [], left: [] })

  expect(verifyLog(dir)).toMatchObject({ ok: true, problem: null })
  expect(json('open', ...mine, '--seen', file('end'))).toMatchObject({ since: { finding: 'consistent' } })
  expect(json('close', ...mine, '--refused').institution).toEqual({ signed: false, reason: 'refused' })

  const revoked = [{ publicKey, since: issued }]
  writeFileSync(list, signInspectorList({ number: 2, issued, until, inspectors, revoked }, authority))
  const refused = inspect('open', ...mine, '--list', list, '--authority', authority.key.vkey, '--data', dir)
  expect([refused.status, refused.stdout]).toEqual([1, ''])
  expect(refused.stderr).toMatch(/^INSPECT_INSPECTOR_REVOKED /)
  expect(verifyLog(dir)).toMatchObject({ ok: true, problem: null })
}, 300_000)

function json(...words: string[]) {
  const { status, stdout, stderr } = inspect(
    ...words,
    ...(words[0] === 'key' ? [] : ['--data', dir]),
    '--json',
  )
  expect([status, stderr], words.join(' ')).toEqual([0, ''])
  return JSON.parse(stdout)
}

function inspect(...words: readonly string[]) {
  const env = { ...process.env, SHIDAO_PIN: INSPECTOR_PIN, SHIDAO_BY_PIN: STAFF_PIN }
  const shidao = ['src/cli/shidao.js', 'inspect', ...words]
  return spawnSync(process.execPath, shidao, { cwd: project, encoding: 'utf8', env })
}
