import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import { people } from '../../src/demo/people.ts'
import { describeIf } from '../support/requires.ts'

const root = mkdtempSync(join(tmpdir(), 'shidao-quiet-'))
afterAll(() => rmSync(root, { recursive: true }))

const source = (path: string) => JSON.stringify(pathToFileURL(join(import.meta.dirname, '../..', path)).href)
const MARKER = '标记姓名MARKER990000197001019999'
const REPORTS = '--report-on-fatalerror --report-uncaught-exception --report-on-signal'

interface Run {
  readonly said: Buffer
  readonly status: number | null
  readonly signal: string | null
  /** What lies in its current folder afterwards, where reports and cores go. */
  readonly left: readonly string[]
  readonly folder: string
}

/** Runs a program in a folder and a home of its own, with a marker in its environment, and keeps all that it said. */
function run(program: string, nodeOptions: string, words: readonly string[] = []): Run {
  const folder = mkdtempSync(join(root, 'run-'))
  for (const name of ['home', 'work']) mkdirSync(join(folder, name))
  const work = join(folder, 'work')
  const shell = ['-c', 'ulimit -c unlimited 2>/dev/null; exec "$0" "$@"', process.execPath]
  const { stdout, stderr, status, signal } = spawnSync(
    '/bin/sh',
    [...shell, ...words, '--input-type=module', '-e', program],
    {
      cwd: work,
      env: {
        ...{ PATH: process.env.PATH, HOME: join(folder, 'home'), XDG_DATA_HOME: join(folder, 'home') },
        ...{ SHIDAO_PIN: MARKER, NODE_OPTIONS: nodeOptions },
      },
      maxBuffer: 1 << 26,
    },
  )
  return { said: Buffer.concat([stdout, stderr]), status, signal, left: readdirSync(work), folder }
}

function encodings(text: string): Buffer[] {
  return [Buffer.from(text), Buffer.from(text, 'utf16le'), Buffer.from(JSON.stringify(text).slice(1, -1))]
}

const noShell = process.platform === 'win32' ? 'there is no /bin/sh' : null

describeIf(noShell, 'what a station’s process says', () => {
  test('through a whole day with refusals, errors and an outage holds nobody’s name, number, address or PIN', () => {
    const data = join(root, 'day')
    const day = `
      const { runDemo } = await import(${source('src/demo/run.ts')})
      const { ok } = await runDemo(${JSON.stringify(data)}, () => {})
      console.log(ok ? 'the day went as expected' : 'the day did not')
    `
    const { said, status } = run(day, '')
    expect(said.toString()).toContain('the day went as expected')
    expect(status).toBe(0)
    const personal = Object.values(people).flatMap(({ record }) => [
      record.name,
      record.number,
      record.address,
    ])
    for (const text of [...personal, '模拟督导', '246810', MARKER]) {
      for (const bytes of encodings(text ?? MARKER)) expect(said.includes(bytes), text ?? '').toBe(false)
    }
  }, 180_000)

  test('when commands are given records that are none is a code, without what it could not read', () => {
    const command = `
      process.argv = [process.argv[0], 'shidao', 'verify', '/dev/null']
      await import(${source('src/cli/shidao.js')})
      const { asFault } = await import(${source('src/common/fault.ts')})
      for (const work of [() => JSON.parse('{"name":"${MARKER}"'), () => { throw '${MARKER}' }]) {
        try { work() } catch (thrown) { console.error(asFault(thrown).code, asFault(thrown).message) }
      }
    `
    const { said } = run(command, '')
    expect(said.toString()).toMatch(/^PROOF_\w+ /)
    expect(said.toString().match(/SYSTEM_UNEXPECTED/g)).toHaveLength(2)
    expect(said.includes(MARKER)).toBe(false)
  })
})

const QUIET = `
  const { keepCrashesQuiet } = await import(${source('src/cli/quiet-crash.ts')})
  keepCrashesQuiet()
`
const CRASHES = {
  'an exception that nobody caught': `
    const { Fault } = await import(${source('src/common/fault.ts')})
    const cause = new Error('${MARKER}'); cause.record = { name: '${MARKER}' }
    setTimeout(() => { throw new Fault('STATION_TEST', 'a sentence', { cause }) }, 10)`,
  'a promise that nobody caught': `
    const record = { name: '${MARKER}' }
    setTimeout(() => { Promise.reject(record) }, 10)`,
  'a parser that quotes what it was given': `
    setTimeout(() => JSON.parse('{"name":"${MARKER}"'), 10)`,
  'no memory left': `
    const kept = []; const grow = () => { for (let i = 0; i < 1e5; i++) kept.push('${MARKER}' + i); setImmediate(grow) }
    grow()`,
} as const

describeIf(noShell, 'a crash', () => {
  test.each(Object.entries(CRASHES))(
    'by %s leaves no report, and says nothing of anybody',
    (_, crash) => {
      const { said, left, status, signal } = run(QUIET + crash, REPORTS, ['--max-old-space-size=24'])
      expect(status === 0 && signal === null).toBe(false)
      expect(said.includes(MARKER)).toBe(false)
      expect(left.filter((name) => name.endsWith('.json'))).toEqual([])
    },
    60_000,
  )

  test('without these precautions would leave a report with the environment in it', () => {
    const { left, folder } = run(`setTimeout(() => { throw new Error('x') }, 10)`, REPORTS)
    const report = left.find((name) => /^report.*\.json$/.test(name)) ?? ''
    expect(readFileSync(join(folder, 'work', report)).includes(MARKER)).toBe(true)
  })
})

describeIf(process.platform === 'linux' ? null : 'prctl is Linux’s', 'a station’s memory', () => {
  test('is not dumped: the process is not dumpable, and an abort leaves no core', () => {
    const program = `
      const { default: koffi } = await import(${source('node_modules/koffi/index.js')})
      const prctl = koffi.load(null).func('int prctl(int option, ulong a, ulong b, ulong c, ulong d)')
      const { closeMemory } = await import(${source('src/station/closed-memory.ts')})
      const before = prctl(3, 0, 0, 0, 0)
      const closed = await closeMemory()
      process.stdout.write([before, closed, prctl(3, 0, 0, 0, 0)].join(' ') + '\\n')
      process.abort()
    `
    const { said, left, signal } = run(program, '')
    expect(said.toString()).toMatch(/^1 true 0\n/)
    expect(signal).toBe('SIGABRT')
    expect(left.filter((name) => name.startsWith('core'))).toEqual([])
  })

  test('is closed by the command that runs a station, before it opens anything', () => {
    const command = readFileSync(join(import.meta.dirname, '../../src/cli/station.ts'), 'utf8')
    expect(command.indexOf('await closeMemory()')).toBeGreaterThan(0)
    expect(command.indexOf('await closeMemory()')).toBeLessThan(command.indexOf('openReal(dir)'))
  })
})

describe('the search of these tests', () => {
  test('finds a name in each of its spellings', () => {
    for (const bytes of encodings(MARKER))
      expect(Buffer.concat([Buffer.from('x'), bytes]).includes(bytes)).toBe(true)
    expect(encodings('甲')).toHaveLength(3)
  })
})
