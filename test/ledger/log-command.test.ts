import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { unwrap } from '../../src/common/result.ts'
import { parseVkey } from '../../src/ledger/note.ts'
import { parseProof, verifyProof } from '../../src/ledger/proof.ts'
import { closing, newLedger, newWitness, temporaryFolder } from './sample-ledger.ts'

const project = new URL('../../', import.meta.url).pathname

let dir: string
let remove: () => void
let vkey: string
beforeEach(() => {
  ;({ dir, remove } = temporaryFolder())
  const { ledger, key } = newLedger(dir)
  for (let i = 1; i < 12; i++) ledger.append(closing(`session-${i}`))
  ledger.close()
  vkey = key.vkey
})
afterEach(() => remove())

test('log verify prints one JSON document with the fields that programs rely on, and exits 0', () => {
  const { status, stdout, stderr } = shidao('log', 'verify', dir, '--key', vkey, '--json')
  expect([status, stderr]).toEqual([0, ''])
  const answer = JSON.parse(stdout)
  expect(Object.keys(answer)).toEqual([
    'ok',
    'size',
    'root',
    'suite',
    'trust',
    'problem',
    'bounds',
    'deleted',
  ])
  expect(answer).toMatchObject({ ok: true, size: 12, suite: 'std', trust: 'key', problem: null })
})

test('log verify names the event of which a byte was changed, and exits 1', () => {
  const db = new Database(join(dir, 'ledger.db'))
  db.exec('DROP TRIGGER event_no_update')
  db.prepare(
    `UPDATE event SET body = CAST(replace(body, '"session-7"', '"session-8"') AS BLOB) WHERE idx = 7`,
  ).run()
  db.close()
  const { status, stdout, stderr } = shidao('log', 'verify', dir, '--json')
  expect(status).toBe(1)
  expect(stderr).toMatch(/^LEDGER_ALTERED event 7: [^\n]+\n$/)
  expect(JSON.parse(stdout)).toMatchObject({ ok: false, problem: { code: 'altered', index: 7 } })
  const people = shidao('log', 'verify', join(dir, 'ledger.db'))
  expect(people.stdout).toMatch(/^altered at event 7: /)
})

test('log verify of a path without a ledger prints one line on stderr and nothing on stdout', () => {
  const { status, stdout, stderr } = shidao('log', 'verify', join(dir, 'none'), '--json')
  expect([status, stdout]).toEqual([1, ''])
  expect(stderr).toMatch(/^LEDGER_NOT_FOUND [^\n]+\n$/)
})

test('log verify against a checkpoint of another history says so', () => {
  const other = temporaryFolder()
  const stranger = newLedger(other.dir)
  const note = newWitness().cosign(stranger.ledger.checkpoint(), 1)
  stranger.ledger.close()
  other.remove()
  const file = join(dir, 'checkpoint.txt')
  writeFileSync(file, note)
  const { status, stdout } = shidao('log', 'verify', dir, '--checkpoint', file, '--json')
  expect(status).toBe(1)
  expect(JSON.parse(stdout).problem.code).toBe('wrong-key')
})

test('log used wrongly exits 2', () => {
  for (const words of [
    [],
    ['verify'],
    ['verify', dir, dir],
    ['verify', dir, '--key', 'x'],
    ['prove'],
    ['unknown'],
  ]) {
    const { status, stdout, stderr } = shidao('log', ...words)
    expect([status, stdout], words.join(' ')).toEqual([2, ''])
    expect(stderr).toMatch(/^USAGE_[A-Z]+ [^\n]+\n$/)
  }
})

test('log prove writes one file that proves one event to whoever has the public key', () => {
  const file = join(dir, 'event-7.tlog-proof')
  const { status } = shidao('log', 'prove', '--event', '7', '--out', file, '--data', dir)
  expect(status).toBe(0)
  const proof = unwrap(parseProof(readFileSync(file, 'utf8')))
  expect(proof.index).toBe(7)
  expect(verifyProof(proof, proof.extra!, [unwrap(parseVkey(vkey))]).ok).toBe(true)
  expect(JSON.parse(Buffer.from(proof.extra!).toString('utf8')).data.session).toBe('session-7')
  expect(shidao('log', 'prove', '--event', '12', '--out', file, '--data', dir).stderr).toMatch(
    /^LEDGER_RANGE /,
  )
})

function shidao(...words: string[]) {
  return spawnSync(process.execPath, ['src/cli/shidao.js', ...words], { cwd: project, encoding: 'utf8' })
}

test('log bench prints every figure beside what it should be, and exits 0', () => {
  const { status, stdout, stderr } = shidao('log', 'bench', '-n', '400', '--data', dir)
  expect([status, stderr]).toEqual([0, ''])
  for (const figure of [
    /^append \+ sign \+ commit +p50 [\d.]+ ms · p99 [\d.]+ ms \(on a quiet disk at most 5\)/m,
    /^one after the other +\d+ events\/s \(on a quiet disk at least 1,000\)$/m,
    /^open 400 events +[\d.]+ ms \(1,000,000: at most 2,000\)$/m,
    /^verify them all +[\d.]+ ms, \d+ MB at most, 400 checkpoints \(1,000,000 with 10,000: at most 15,000 ms in 300 MB\)$/m,
    /^prove 40 attendances +[\d.]+ ms, \d+ bytes \(40: at most 10 ms and 25,600 bytes\)$/m,
  ]) {
    expect(stdout).toMatch(figure)
  }
}, 60_000)
