import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const root = mkdtempSync(join(tmpdir(), 'shidao-demo-test-'))
const dir = join(root, 'station')
afterAll(() => rmSync(root, { recursive: true }))

function shidao(...words: string[]) {
  return spawnSync(process.execPath, ['src/cli/shidao.js', ...words], {
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  })
}

describe('the demonstration', () => {
  let status: number | null
  // biome-ignore lint/suspicious/noExplicitAny: the document is checked field by field below
  let document: any

  beforeAll(() => {
    const run = shidao('demo', '--data', dir, '--json')
    status = run.status
    document = JSON.parse(run.stdout)
  })

  test('meets every expectation and exits with 0', () => {
    expect(document.unmet).toEqual([])
    expect([status, document.ok]).toEqual([0, true])
  })

  test.each([
    ['borrowed card', 'refused (face-mismatch)'],
    ['nobody before the camera', 'refused (no-person)'],
    ['expired card', 'doubtful (card-expired)'],
    ['not on the roster', 'refused (not-on-roster)'],
    ['same card twice', 'already (already-signed)'],
    ['bad check digit in the number', 'refused (CARD_RECORD_NUMBER)'],
    ['line noise', 'verified'],
    ['no portrait, enrolled under two signers', 'verified'],
    ['consent refused, equal lane', 'witnessed (consent-refused)'],
    ['甲 signs in over HID', 'verified'],
    ['丁 signs out by social security card', 'verified'],
    ['sign-out by a film of the afternoon', 'doubtful (liveness-attack)'],
    ['collector unreachable for a while', 'records wait'],
    ['collector reachable again', 'all sent'],
  ])('%s: %s', (name, verdict) => {
    const found = document.cases.find((one: { name: string }) => one.name.endsWith(name))
    expect(found).toMatchObject({ expected: verdict, got: verdict })
    expect(Object.values(found.stagesMs).every((ms) => typeof ms === 'number')).toBe(true)
  })

  test('credits the hours of the day, all of them as simulated', () => {
    expect(document.hours).toMatchObject({ class: 'DEMO-2026-01', simulated: true })
    const credited = document.hours.people.map(
      ({ creditedMs }: { creditedMs: number }) => creditedMs / 3600_000,
    )
    expect(credited).toEqual([6, 6, 0, 6, 6, 3])
  })

  test('leaves a ledger that verifies, with the key and the witness from outside too', () => {
    const { status, stdout } = shidao('log', 'verify', dir, '--witness', document.receipt.witness, '--json')
    expect([status, JSON.parse(stdout)]).toMatchObject([0, { ok: true, trust: 'witness', problem: null }])
  })

  test('names the record in which one byte of a copy was changed', () => {
    const { status, stdout } = shidao('log', 'verify', join(dir, 'tampered'), '--json')
    const answer = JSON.parse(stdout)
    expect(status).toBe(1)
    expect(answer).toMatchObject({ ok: false, problem: { code: 'altered', index: document.tamper.index } })
    expect(document.tamper.found).toBe(true)
  })

  test('exports a bundle whose hours are recomputed elsewhere', () => {
    const bundle = document.files.find((file: string) => file.endsWith('.zip'))
    const { status, stdout } = shidao('verify', bundle, '--witness', document.receipt.witness, '--json')
    expect([status, JSON.parse(stdout)]).toMatchObject([
      0,
      { ok: true, hours: 'recomputed', simulated: true },
    ])
  })

  test('has a bundle that the verifier of logs takes too', () => {
    const bundle = document.files.find((file: string) => file.endsWith('.zip'))
    const { status, stdout } = shidao(
      'log',
      'verify',
      bundle,
      '--witness',
      document.receipt.witness,
      '--json',
    )
    expect([status, JSON.parse(stdout)]).toMatchObject([0, { ok: true, suite: 'std', problem: null }])
  })

  test('gives the same hours again from the data folder', () => {
    const { status, stdout } = shidao('hours', '--class', 'DEMO-2026-01', '--data', dir, '--json')
    expect([status, JSON.parse(stdout)]).toEqual([0, document.hours])
  })

  test('wants a folder of its own', () => {
    const { status, stdout, stderr } = shidao('demo', '--data', dir)
    expect([status, stdout]).toEqual([1, ''])
    expect(stderr.trim().split('\n').at(-1)).toMatch(/^STATION_FOLDER_IN_USE /)
  })
})

test('a data folder that cannot be written is one coded line', () => {
  mkdirSync(root, { recursive: true })
  const file = join(root, 'a-file')
  writeFileSync(file, '')
  const { status, stdout, stderr } = shidao('demo', '--data', join(file, 'station'))
  expect([status, stdout]).toEqual([1, ''])
  expect(stderr.trim().split('\n').at(-1)).toMatch(/^STATION_FOLDER [^\n]+$/)
  expect(existsSync(join(root, 'station', 'tampered'))).toBe(true)
})
