import { once } from 'node:events'
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SerialPort } from 'serialport'
import { afterEach, expect, test } from 'vitest'
import { openSerialReader } from '../../src/cards/driver/open-serial-reader.ts'
import type { CardReader } from '../../src/cards/reader.ts'
import { type ReaderSimulator, startReaderSimulator } from '../../src/cards/simulator/reader-simulator.ts'
import { Fault } from '../../src/common/fault.ts'
import { failed, ok } from '../../src/common/result.ts'
import { Mailbox } from '../../src/station/mailbox.ts'
import { type OpenReader, ReaderSupervisor } from '../../src/station/reader-supervisor.ts'
import { describeIf } from '../support/requires.ts'

let supervisor: ReaderSupervisor
let states: Mailbox<string>
const open = new AbortController().signal
afterEach(() => supervisor.close())

function supervise(openReader: OpenReader, silentMs = 60_000): void {
  supervisor = new ReaderSupervisor(openReader, { silentMs })
  states = new Mailbox()
  supervisor.onChange(() => {
    const { health, fault } = supervisor
    states.put(fault === null ? health : `${health} ${fault.code}`)
  })
}

/** The next state, whatever time it takes within reason. */
const next = () => states.take(20_000)

/** A reader that says of itself what the test wants. */
function scripted() {
  const closed: string[] = []
  let sign: (fault: Fault | null) => void = () => {}
  const reader = (name: string): CardReader => ({
    identity: { profile: 'scripted', port: name, samId: null },
    read: async () => failed(new Fault('CARD_NONE', 'no card')),
    cardPresent: async () => false,
    onSign: (listener) => {
      sign = listener
    },
    close: async () => void closed.push(name),
  })
  return { reader, closed, sign: (fault: Fault | null) => sign(fault) }
}

const silent = new Fault('CARD_READER_SILENT', 'no answer')

test('a reader that falls silent is a fault, and works again when it answers, without being opened anew', async () => {
  const { reader, closed, sign } = scripted()
  supervise(async () => ok(reader('a')))
  const first = await supervisor.reader(open)
  expect(await next()).toBe('ok')
  sign(silent)
  expect(await next()).toBe('fault CARD_READER_SILENT')
  sign(null)
  expect(await next()).toBe('ok')
  expect(await supervisor.reader(open)).toBe(first)
  expect(closed).toEqual([])
})

test('one that stays silent is closed and opened anew', async () => {
  const { reader, closed, sign } = scripted()
  let opened = 0
  supervise(async () => ok(reader(`reader ${++opened}`)), 10)
  await supervisor.reader(open)
  expect(await next()).toBe('ok')
  sign(silent)
  expect([await next(), await next()]).toEqual(['fault CARD_READER_SILENT', 'ok'])
  expect((await supervisor.reader(open))?.identity.port).toBe('reader 2')
  expect(closed).toEqual(['reader 1'])
})

test('each reason why it cannot be opened is shown, and the next try goes on by itself', async () => {
  const { reader } = scripted()
  const refusals = (['PORT_NOT_FOUND', 'PORT_DENIED', 'PORT_BUSY', 'CARD_READER_SILENT'] as const).map(
    (code) => failed(new Fault(code, 'not now')),
  )
  supervise(async () => refusals.shift() ?? ok(reader('a')))
  const waiting = supervisor.reader(open)
  const seen = [await next(), await next(), await next(), await next(), await next()]
  // It begins as missing, so that the first refusal changes no more than its reason.
  expect(seen).toEqual([
    'missing PORT_NOT_FOUND',
    'fault PORT_DENIED',
    'fault PORT_BUSY',
    'fault CARD_READER_SILENT',
    'ok',
  ])
  expect((await waiting)?.identity.port).toBe('a')
})

test('whoever waits for a reader may stop waiting, and the search goes on', async () => {
  const { reader } = scripted()
  const opening = new Mailbox<ReturnType<typeof ok<CardReader>>>()
  supervise(async () => (await opening.take(20_000)) ?? failed(new Fault('PORT_NOT_FOUND', 'late')))
  const waiting = new AbortController()
  const asked = supervisor.reader(waiting.signal)
  waiting.abort()
  expect(await asked).toBe(null)
  opening.put(ok(reader('a')))
  expect(await next()).toBe('ok')
  expect((await supervisor.reader(open))?.identity.port).toBe('a')
})

test('a reader that was given up before changes nothing when it fails', async () => {
  const { reader, closed } = scripted()
  supervise(async () => ok(reader('a')))
  await supervisor.reader(open)
  await next()
  await supervisor.lost(reader('older'), new Fault('PORT_LOST', 'gone'))
  expect([supervisor.health, closed]).toEqual(['ok', []])
})

describeIf(process.platform === 'win32' ? 'no pseudo-terminals' : null, 'a reader at a real port', () => {
  const folder = mkdtempSync(join(tmpdir(), 'shidao-supervisor-'))
  const port = join(folder, 'reader')
  let simulator: ReaderSimulator
  afterEach(() => simulator.stop())

  const plugIn = () => {
    simulator = startReaderSimulator()
    rmSync(port, { force: true })
    symlinkSync(simulator.path, port)
  }

  test('is missing, works, is pulled out while nobody reads, is held by another program, and works again', async () => {
    supervise(() => openSerialReader({ port }))
    const waiting = supervisor.reader(open)
    expect(await next()).toBe('missing PORT_NOT_FOUND')
    plugIn()
    expect(await next()).toBe('ok')
    expect((await waiting)?.identity.port).toBe(port)

    rmSync(port)
    await simulator.stop()
    expect(await next()).toBe('fault PORT_LOST')
    expect(await next()).toBe('missing PORT_NOT_FOUND')

    simulator = startReaderSimulator()
    const other = new SerialPort({ path: simulator.path, baudRate: 115_200 })
    await once(other, 'open')
    symlinkSync(simulator.path, port)
    expect(await next()).toBe('fault PORT_BUSY')
    other.close()
    expect(await next()).toBe('ok')
    rmSync(folder, { recursive: true })
  })
})
