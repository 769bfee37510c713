import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { LedgerEvent } from '../../src/ledger/event.ts'
import { openStation } from '../../src/station/data-folder.ts'
import { claimStory, LI, ZHANG } from './claim-bundle-story.ts'

function shidao(words: string[], env: Record<string, string> = {}) {
  const options = { encoding: 'utf8', env: { ...process.env, ...env } } as const
  return spawnSync(process.execPath, ['src/cli/shidao.js', ...words], options)
}

/** What an auditor has: their key, and a bundle. The station is gone before anything is verified. */
let folder: string
let file: string
let keyFile: string
let vkey: string
let recipient: string
let recorded: LedgerEvent | undefined

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'shidao-auditor-'))
  file = join(folder, 'class.zip')
  keyFile = join(folder, 'auditor.key')
  const made = shidao(['key', 'auditor', '--out', keyFile, '--json'])
  recipient = JSON.parse(made.stdout).recipient
  let clean = () => {}
  const story = claimStory((done) => {
    clean = done
  })
  vkey = story.data.key.vkey
  story.data.close()
  const words = ['export', '--class', 'c1', '--kind', 'bundle', '--data', story.data.dir, '--out', file]
  const exported = shidao([...words, '--auditor', recipient])
  expect(exported.stderr).toBe('')
  const reopened = openStation(story.data.dir, { clock: story.clock })
  recorded = [...reopened.ledger.events()].findLast(({ event }) => event.type === 'export')?.event
  reopened.close()
  clean()
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('shidao key auditor', () => {
  test('makes a key file for its owner alone and shows the public half', () => {
    expect(recipient).toMatch(/^age1[a-z0-9]{58}$/)
    expect(statSync(keyFile).mode & 0o777).toBe(0o600)
    expect(readFileSync(keyFile, 'utf8')).toContain(`# public key: ${recipient}\n`)
  })

  test('never replaces a key', () => {
    const before = readFileSync(keyFile, 'utf8')
    const { status, stderr } = shidao(['key', 'auditor', '--out', keyFile])
    expect([status, readFileSync(keyFile, 'utf8')]).toEqual([1, before])
    expect(stderr).toMatch(/^EXPORT_WRITE [^\n]*\n$/)
  })
})

describe('shidao verify --open', () => {
  test('computes hours and claims again without the station, and masks names on the screen', () => {
    const { status, stdout } = shidao(['verify', file, '--key', vkey, '--open', keyFile, '--json'])
    expect(status).toBe(0)
    const answer = JSON.parse(stdout)
    expect(answer).toMatchObject({ ok: true, trust: 'key', hours: 'recomputed' })
    expect(answer.opened).toMatchObject({ claims: 'recomputed', totalFen: 3600, extracted: null })
    expect(
      answer.opened.people.map(({ claims, fen }: { claims: string; fen: number }) => [claims, fen]),
    ).toEqual([
      ['same', 3600],
      ['same', 0],
    ])
    for (const secret of ['张三', ZHANG, LI]) expect(stdout).not.toContain(secret)
  })

  test('without the key it says the hours only, and that there is more', () => {
    const { status, stdout } = shidao(['verify', file, '--key', vkey])
    expect(status).toBe(0)
    expect(stdout).toContain('hours recomputed\nreport recomputed\nsealed part for auditors')
  })

  test('--reveal shows names and numbers for matching with one’s own list', () => {
    const { stdout } = shidao(['verify', file, '--open', keyFile, '--reveal'])
    expect(stdout).toContain(`张三  ${ZHANG}  hours same, claims same, 36.00 yuan`)
  })

  test('--extract writes e-files into a new folder, each with what proves it', () => {
    const out = join(folder, 'opened')
    const { status } = shidao(['verify', file, '--open', keyFile, '--extract', out])
    expect(status).toBe(0)
    const own = join(out, 'people', ZHANG)
    expect(readFileSync(join(own, 'sessions.csv'), 'utf8')).toContain('出勤')
    expect(shidao(['verify', join(own, 'events.shidao-proof'), '--key', vkey]).status).toBe(0)
    const certificate = shidao(['verify', join(own, 'certificate.txt'), '--key', vkey, '--json'])
    expect(JSON.parse(certificate.stdout).certificate).toMatchObject({ name: '张三', lessons: '4' })
    const again = shidao(['verify', file, '--open', keyFile, '--extract', out])
    expect([again.status, again.stdout]).toEqual([1, ''])
    expect(again.stderr).toMatch(/^PROOF_EXTRACT [^\n]*not empty\n$/)
  })

  test('another key opens nothing and writes nothing', () => {
    const other = join(folder, 'other.key')
    shidao(['key', 'auditor', '--out', other])
    const out = join(folder, 'never')
    const { status, stdout, stderr } = shidao(['verify', file, '--open', other, '--extract', out])
    expect([status, stdout, existsSync(out)]).toEqual([1, '', false])
    expect(stderr).toMatch(/^PROOF_OPENING_KEY [^\n]*\n$/)
  })

  test.each([
    ['--extract without a key', ['--extract', 'x'], 'USAGE_OPEN', 2],
    ['a key file that is none', ['--open', 'package.json'], 'PROOF_OPENING_KEY', 1],
    ['a key file that is not there', ['--open', 'no-such-file'], 'PROOF_FILE', 1],
  ])('%s is one coded line', (_what, words, code, exit) => {
    const { status, stderr } = shidao(['verify', file, ...words])
    expect(status).toBe(exit)
    expect(stderr).toMatch(new RegExp(`^${code} [^\\n]*\\n$`))
  })
})

describe('shidao export for an auditor', () => {
  test('records for whom names left the station', () => {
    expect(recorded?.data).toMatchObject({ class: 'c1', kind: 'bundle', sealedFor: [recipient] })
  })

  test.each([
    ['a public key that is none', ['--kind', 'bundle', '--auditor', 'age1x'], {}, 'EXPORT_AUDITOR_KEY', 1],
    [
      'a passphrase that can be guessed',
      ['--kind', 'bundle', '--passphrase'],
      { SHIDAO_PASSPHRASE: '12345678' },
      'EXPORT_PASSPHRASE',
      1,
    ],
    ['a table', ['--kind', 'roster', '--format', 'csv', '--auditor', 'age1x'], {}, 'USAGE_EXPORT', 2],
  ])('%s is refused before anything is opened', (_what, words, env, code, exit) => {
    const { status, stderr } = shidao(['export', '--class', 'c1', '--out', join(folder, 'no'), ...words], env)
    expect(status).toBe(exit)
    expect(stderr).toMatch(new RegExp(`^${code} [^\\n]*\\n$`))
  })
})
