import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, expect, it } from 'vitest'
import { describeIf } from '../support/requires.ts'
import { sampleRecord } from './simulated-people.ts'

const program = fileURLToPath(new URL('../../src/cli/shidao.js', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'shidao-card-'))
const running: ChildProcess[] = []

afterEach(async () => {
  for (const simulator of running.splice(0)) await stop(simulator, 'SIGKILL')
})
afterAll(() => rmSync(folder, { recursive: true }))

interface Ended {
  code: number | null
  stdout: string
  stderr: string
}

async function shidao(...words: string[]): Promise<Ended> {
  const child = spawn(process.execPath, [program, ...words], { stdio: ['ignore', 'pipe', 'pipe'] })
  const ended: Ended = { code: null, stdout: '', stderr: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => (ended.stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (ended.stderr += text))
  const [code] = (await once(child, 'close')) as [number | null]
  return { ...ended, code }
}

/** `card simulate` as a process; gives the path that its first line names. */
async function simulate(card: object): Promise<{ port: string; process: ChildProcess }> {
  const file = join(folder, 'card.json')
  writeFileSync(file, JSON.stringify(card))
  const child = spawn(process.execPath, [program, 'card', 'simulate', '--pty', '--card', file], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  running.push(child)
  const [port] = (await once(createInterface(child.stdout), 'line')) as [string]
  return { port, process: child }
}

async function stop(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) {
    child.kill(signal)
    await once(child, 'exit')
  }
  return child.exitCode
}

describeIf(process.platform === 'win32' ? 'no pseudo-terminals' : null, 'card read and card simulate', () => {
  it('talk to each other over a PTY, again after the card was lifted, and end on SIGTERM', async () => {
    const { port, process } = await simulate({
      ...sampleRecord,
      faults: ['noise', { kind: 'split', bytes: 100 }],
    })
    for (let round = 0; round < 2; round++) {
      const ended = await shidao('card', 'read', '--port', port, '--json', '--reveal')
      expect(ended).toMatchObject({ code: 0, stderr: '' })
      const { ms, ...document } = JSON.parse(ended.stdout) as Record<string, unknown>
      expect(Number.isInteger(ms)).toBe(true)
      expect(document).toEqual({
        ...sampleRecord,
        expired: false,
        photo: { bytes: 1024, format: 'simulated' },
        simulated: true,
        reader: { profile: 'sam-serial', samId: '00.00-20240101-0000000001-0000000001' },
      })
    }
    expect(await stop(process, 'SIGTERM')).toBe(0)
  })

  it('hides name and number unless asked to reveal them', async () => {
    const { port } = await simulate(sampleRecord)
    const { stdout } = await shidao('card', 'read', '--port', port, '--json')
    expect(JSON.parse(stdout)).toMatchObject({ name: '模****', number: '110**************X' })
    expect(stdout).not.toContain(sampleRecord.name)
    expect(stdout).not.toContain(sampleRecord.number)
  })

  it('reads an expired card and says so', async () => {
    const { port } = await simulate({ ...sampleRecord, validTo: '2020-12-31' })
    const { code, stdout } = await shidao('card', 'read', '--port', port, '--json')
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ expired: true, validTo: '2020-12-31' })
  })

  it.each([
    ['a wrong checksum', { faults: ['wrong-checksum'] }, 'CARD_CHECKSUM'],
    ['a truncated frame', { faults: ['truncated'] }, 'CARD_TRUNCATED'],
    ['a text record of zeros', { faults: ['zero-record'] }, 'CARD_RECORD_EMPTY'],
    ['a wrong number', { number: '110105194912310021' }, 'CARD_RECORD_NUMBER'],
    ['a SAM that is not authorised', { faults: ['not-authorised'] }, 'CARD_SAM_NOT_AUTHORISED'],
    ['a silent reader', { faults: ['silent'] }, 'CARD_READER_SILENT'],
  ])('ends with one coded line on %s', async (_, changes, code) => {
    const { port } = await simulate({ ...sampleRecord, ...changes })
    const ended = await shidao('card', 'read', '--port', port, '--json', '--timeout', '4000')
    expect(ended).toMatchObject({ code: 1, stdout: '' })
    expect(ended.stderr).toMatch(new RegExp(`^${code} [^\\n]+\\n$`))
    expect(ended.stderr).not.toContain(sampleRecord.name)
  })
})

it.each([
  [['card', 'read', '--port', '/dev/tty-that-is-not-there'], 1, 'PORT_NOT_FOUND'],
  [['card', 'read'], 2, 'USAGE_PORT'],
  [['card', 'read', '--port', '/dev/null', '--profile', 'none-such'], 2, 'USAGE_PROFILE'],
  [['card', 'read', '--port', '/dev/null', '--timeout', 'soon'], 2, 'USAGE_NUMBER'],
  [['card', 'simulate', '--pty'], 2, 'USAGE_CARD'],
  [['card', 'simulate', '--card', 'card.json'], 2, 'USAGE_PORT'],
  [['card', 'simulate', '--pty', '--card', '/no/such/card.json'], 1, 'CARD_FILE'],
  [['card', 'swallow'], 2, 'USAGE_COMMAND'],
])('%j ends with one coded line', async (words, code, fault) => {
  const ended = await shidao(...words)
  expect(ended).toMatchObject({ code, stdout: '' })
  expect(ended.stderr).toMatch(new RegExp(`^${fault} [^\\n]+\\n$`))
})
