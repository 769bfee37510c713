import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { defaultPack } from '../../src/attendance/shipped-packs.ts'
import { unwrap } from '../../src/common/result.ts'
import { signInspectorList } from '../../src/inspect/inspector-list.ts'
import { Ledger } from '../../src/ledger/ledger.ts'
import { ed25519Signer } from '../../src/ledger/note.ts'
import { loadStationKey } from '../../src/ledger/station-key.ts'
import { verifyLog } from '../../src/ledger/verify.ts'
import { systemClock } from '../../src/station/clock.ts'
import { createStation } from '../../src/station/data-folder.ts'
import { addToRoster, openClass } from '../../src/station/setup.ts'
import { Staff } from '../../src/station/staff.ts'

/* A whole visit from the command line: beside a simulated station that runs, through a power cut, and on without it. */

const root = mkdtempSync(join(tmpdir(), 'shidao-visit-station-'))
const dir = join(root, 'station')
const keyFile = join(root, 'inspector.key')
let supervisor: string
let teacher: string
let station: ChildProcess | null = null

beforeAll(() => {
  const data = createStation(dir, { simulated: true, clock: systemClock() })
  const staff = new Staff(data)
  supervisor = unwrap(staff.enrol({ name: '模拟', role: 'supervisor', pin: '246810' }, null)).actor
  const by = { actor: supervisor, pin: '246810' }
  teacher = unwrap(staff.enrol({ name: '模拟教师', role: 'teacher', pin: '246810' }, by)).actor
  const now = Date.now()
  for (const [id, people] of [
    ['c1', 6],
    ['one', 1],
  ] as const) {
    const sessions = [{ id: `${id}-am`, start: now - 3600_000, end: now + 3600_000 }]
    unwrap(openClass(data, staff, { id, title: '模拟班', sessions, pack: defaultPack() }, by))
    const rows = Array.from({ length: people }, (_, n) => ({
      ...{ name: '模拟学员', number: `9900001988031${id.length}${n}000`, portrait: null },
    }))
    unwrap(addToRoster(data, staff, id, rows, { reason: 'r', by }))
  }
  data.close()
})
afterAll(async () => {
  await cutPower()
  rmSync(root, { recursive: true })
})

test('a visit beside a running station survives a power cut and is closed without it, with every refusal on record', async () => {
  done('key', '--out', keyFile)
  await startStation()
  const { publicKey } = JSON.parse(shidao('key', '--out', join(root, 'other.key'), '--json').stdout)
  const list = forgedList(publicKey)
  const open = ['open', '--class', 'c1', '--key', keyFile]
  expect(refused(...open, ...list)).toMatch(/^INSPECT_LIST_FORGED [^\n]+\n$/)
  const opened = visit('open')
  expect(opened).toMatchObject({ standing: 'no-list', visitKey: { publicKey: expect.any(String) } })
  expect(refused(...open)).toMatch(/^INSPECT_VISIT_OPEN /)
  // Its PIN comes from the key: another inspector has another.
  const stranger = ['--class', 'c1', '--key', join(root, 'other.key')]
  expect(refused('headcount', ...stranger, '--count', '3')).toMatch(/^LEDGER_PIN /)

  const { commitment } = visit('commit')
  const nonce = randomBytes(16).toString('hex')
  expect(refused('draw', ...mine, '-k', '7', '--nonce', nonce)).toMatch(
    /^INSPECT_K_TOO_LARGE .*the class has 6\n$/,
  )
  const lost = ['--commitment', '0'.repeat(64)]
  expect(refused('draw', ...mine, '-k', '2', '--nonce', nonce, ...lost)).toMatch(
    /^INSPECT_COMMITMENT_UNKNOWN /,
  )
  const drawn = visit('draw', '-k', '2', '--nonce', nonce, '--commitment', commitment)
  expect(drawn).toMatchObject({ visit: opened.visit, k: 2, n: 6, commitment, commitmentSeen: true })
  expect(existsSync(drawn.file)).toBe(true)
  expect(refused('draw', ...mine, '-k', '2', '--nonce', nonce)).toMatch(/^INSPECT_NONCE_REUSED /)
  expect(refused('commit', '--class', 'one')).toMatch(/^INSPECT_CLASS_OF_ONE /)
  const [first, second] = drawn.order
  visit('check', '--person', first, '--result', 'seen', '--by', 'card')
  expect(done('facts', '--class', 'c1')).toMatchObject({ expected: 6, simulated: true })

  await cutPower()
  expect(refused('draw', ...mine, '-k', '7', '--nonce', nonce)).toMatch(/^INSPECT_NONCE_REUSED /)
  visit('headcount', '--count', '6')
  await startStation()
  visit('check', '--person', second, '--result', 'not-seen')
  await cutPower()
  const closed = visit('close', '--by', supervisor, '--out', join(root, 'end'))
  expect(closed.outcome).toEqual({ seen: [first], notSeen: [second], cannotVerify: [], left: [] })
  expect(closed.covers.events).toBe(5)
  expect(closed.files.every((file: string) => existsSync(file))).toBe(true)
  expect(visit('open', '--seen', join(root, 'end'))).toMatchObject({ since: { finding: 'consistent' } })

  expect(verifyLog(dir)).toMatchObject({ ok: true, problem: null })
  expect(reasons()).toEqual([
    ...['list-forged', 'k-too-large', 'commitment-unknown', 'nonce-reused', 'class-of-one', 'nonce-reused'],
  ])
}, 300_000)

test('what was found is reported, answered and settled while the station runs again', async () => {
  await startStation()
  const { findings } = done('findings', '--class', 'c1')
  const { id, visit: closed } = findings.find(({ kind }: { kind: string }) => kind === 'headcount')
  const at = ['--visit', closed]
  const out = (name: string) => ['--out', join(root, name)]
  const reported = done('report', ...at, '--format', 'json', ...out('report.json'))
  expect(reported).toMatchObject({ due: { workdays: 10 }, findings: findings.length })
  const bytes = readFileSync(join(root, 'report.json'))
  expect(createHash('sha256').update(bytes).digest('hex')).toBe(reported.sha256)
  expect(done('file', ...at, ...out('again.shidao-visit')).event).toBe(reported.event + 1)
  const given = ['--answer', '已核对', '--by', supervisor, '--second', teacher]
  const answered = answer('answer', ...at, '--finding', id, ...given, '--data', dir, '--json')
  expect([answered.status, answered.stderr]).toEqual([0, ''])
  const settling = ['settle', ...at, '--finding', id, '--outcome', 'explained', '--key']
  expect(refused(...settling, join(root, 'other.key'))).toMatch(/^INSPECT_INSPECTOR_OTHER /)
  expect(done(...(settling as ['settle']), keyFile)).toMatchObject({ finding: id, outcome: 'explained' })
  expect(refused(...settling, keyFile)).toMatch(/^INSPECT_FINDING_CLOSED /)
  await cutPower()
  expect(verifyLog(dir)).toMatchObject({ ok: true, problem: null })
}, 300_000)

const mine = ['--class', 'c1', '--key', keyFile]

function visit(name: string, ...words: string[]) {
  return done(name, ...mine, ...words)
}

function done(name: string, ...words: string[]) {
  const { status, stdout, stderr } = shidao(
    name,
    ...words,
    ...(name === 'key' ? [] : ['--data', dir]),
    '--json',
  )
  expect([status, stderr], name).toEqual([0, ''])
  return JSON.parse(stdout)
}

/** What a command that is refused says: nothing on its output, one line. */
function refused(...words: string[]): string {
  const { status, stdout, stderr } = shidao(...words, '--data', dir, '--json')
  expect([status, stdout], words.join(' ')).toEqual([1, ''])
  return stderr
}

function shidao(...words: string[]) {
  const env = { ...process.env, SHIDAO_PIN: 'inspector pin', SHIDAO_BY_PIN: '246810' }
  return spawnSync(process.execPath, ['src/cli/shidao.js', 'inspect', ...words], { encoding: 'utf8', env })
}

/** As staff, whose PIN is another than the inspector's. */
function answer(...words: string[]) {
  const env = { ...process.env, SHIDAO_PIN: '246810', SHIDAO_SECOND_PIN: '246810' }
  return spawnSync(process.execPath, ['src/cli/shidao.js', 'inspect', ...words], { encoding: 'utf8', env })
}

/** A list that names the key and that another key than the authority's signed. */
function forgedList(publicKey: string): string[] {
  const [issued, until] = [Date.now() - 3600_000, Date.now() + 3600_000]
  const signer = () => ed25519Signer('hrss.example/inspectors', generateKeyPairSync('ed25519').privateKey)
  const inspectors = [{ publicKey, from: issued, until }]
  const file = join(root, 'forged.note')
  writeFileSync(file, signInspectorList({ number: 1, issued, until, inspectors, revoked: [] }, signer()))
  return ['--list', file, '--authority', signer().key.vkey]
}

function reasons(): string[] {
  const { signer, keys } = loadStationKey(dir)
  const now = () => systemClock().now()
  const ledger = Ledger.open({ dir, signer, keys, now, readonly: true })
  const events = [...ledger.events()].map(({ event }) => event)
  ledger.close()
  return events.flatMap(({ type, data }) => (type === 'visit.refused' ? [data.reason] : []))
}

async function startStation(): Promise<void> {
  const words = ['src/cli/shidao.js', 'station', '--simulate', '--listen', '--data', dir]
  station = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'ignore'], detached: true })
  await once(createInterface({ input: station.stdout! }), 'line')
}

/** Without a word, the face engine's process too. */
async function cutPower(): Promise<void> {
  if (station?.pid === undefined || station.exitCode !== null) return
  const ended = once(station, 'exit')
  process.kill(-station.pid, 'SIGKILL')
  await ended
  station = null
}
