import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, expect, it } from 'vitest'
import { openSerialReader } from '../../src/cards/driver/open-serial-reader.ts'
import type { SamReader } from '../../src/cards/driver/sam-reader.ts'
import type { CardReading } from '../../src/cards/reader.ts'
import { simulatedFault } from '../../src/cards/simulator/line-faults.ts'
import {
  type ReaderSimulator,
  type SimulatorOptions,
  startReaderSimulator,
} from '../../src/cards/simulator/reader-simulator.ts'
import { type Result, unwrap } from '../../src/common/result.ts'
import { describeIf } from '../support/requires.ts'
import {
  sampleForeigner2017,
  sampleForeigner2023,
  sampleRecord,
  sampleResidencePermit,
  simulatedCard,
} from './simulated-people.ts'

const open: { close(): Promise<void> }[] = []

afterEach(async () => {
  for (const opened of open.splice(0).reverse()) await opened.close()
})

interface Scene extends Omit<SimulatorOptions, 'faults'> {
  faults?: readonly unknown[]
}

/** A simulator on a PTY and a reader that opened it through the real serialport binding. */
async function connect(
  { faults = [], ...options }: Scene,
  profile = 'sam-serial',
): Promise<[ReaderSimulator, SamReader]> {
  const simulator = startReaderSimulator({
    ...options,
    faults: faults.map((written) => simulatedFault.parse(written)),
  })
  open.push({ close: () => simulator.stop() })
  const reader = unwrap(await openSerialReader({ port: simulator.path, profile }))
  open.push(reader)
  return [simulator, reader]
}

function codeOf(result: Result<unknown>): string | null {
  return result.ok ? null : result.fault.code
}

function expectWhole(result: Result<CardReading>): void {
  expect(result.ok ? result.value.record : result.fault).toEqual(sampleRecord)
}

describeIf(process.platform === 'win32' ? 'no pseudo-terminals' : null, 'reader over a serial line', () => {
  it('reads a card, once until it is lifted, and sees when it is taken away', async () => {
    const [simulator, reader] = await connect({
      card: simulatedCard(),
      samId: '05.01-20240101-0000012345-0000000001',
    })
    expect(reader.identity).toEqual({
      profile: 'sam-serial',
      port: simulator.path,
      samId: '05.01-20240101-0000012345-0000000001',
    })
    const first = await reader.read({ timeoutMs: 5_000 })
    expectWhole(first)
    expect(first.ok && first.value).toMatchObject({ simulated: true, skippedBytes: 0 })
    expect(await reader.cardPresent()).toBe(true)
    expect(codeOf(await reader.read({ timeoutMs: 300 }))).toBe('CARD_NONE')

    simulator.remove()
    expect(await reader.cardPresent()).toBe(false)
    simulator.place(simulatedCard({ ...sampleRecord, name: '模拟学员乙' }))
    const second = await reader.read({ timeoutMs: 5_000 })
    expect(second.ok && second.value.record?.name).toBe('模拟学员乙')
  })

  it('marks a reading as simulated by the SAM number alone', async () => {
    const [, reader] = await connect({
      card: { ...simulatedCard(), photoBlock: new Uint8Array(1024).fill(7) },
    })
    const reading = await reader.read({ timeoutMs: 5_000 })
    expect(reading.ok && reading.value).toMatchObject({ simulated: true, photo: { format: 'unknown' } })
  })

  it.each([
    ['noise before every answer', ['noise']],
    [
      'much noise in small pieces',
      [
        { kind: 'noise', bytes: 400 },
        { kind: 'split', bytes: 7, gapMs: 1 },
      ],
    ],
    ['answers in single bytes', [{ kind: 'split', bytes: 1, gapMs: 0 }]],
    ['answers cut inside the preamble, with pauses', [{ kind: 'split', bytes: 3, gapMs: 60, on: 'find' }]],
    ['each answer glued behind the one before', ['join']],
    ['slow answers', [{ kind: 'delay', ms: 400 }]],
    ['one answer with a wrong checksum', [{ kind: 'wrong-checksum', times: 1 }]],
    [
      'wrong checksums on find and select',
      [
        { kind: 'wrong-checksum', on: 'find', times: 1 },
        { kind: 'wrong-checksum', on: 'select', times: 1 },
      ],
    ],
    ['a read that breaks off once', [{ kind: 'truncated', times: 1 }]],
    ['a read that is never answered once', [{ kind: 'silent', on: 'read', times: 1 }]],
    [
      'a reader that knows neither status nor SAM number',
      [
        { kind: 'silent', on: 'status' },
        { kind: 'silent', on: 'sam-number' },
      ],
    ],
    ['an answer later than the command waits', [{ kind: 'delay', on: 'find', ms: 1_700, times: 1 }]],
  ])('reads the card through %s', async (_, faults) => {
    const [, reader] = await connect({ card: simulatedCard(), faults })
    expectWhole(await reader.read({ timeoutMs: 10_000 }))
  })

  it.each([sampleResidencePermit, sampleForeigner2017, sampleForeigner2023])(
    'reads a card of kind $kind through noise and splits',
    async (record) => {
      const faults = ['noise', { kind: 'split', bytes: 100, gapMs: 1 }]
      const [, reader] = await connect({ card: simulatedCard(record), faults })
      const reading = await reader.read({ timeoutMs: 5_000 })
      expect(reading.ok && reading.value.record).toEqual(record)
    },
  )

  it('asks for additional addresses on demand, while the card that was read lies there', async () => {
    const card = { ...simulatedCard(), additionalAddresses: ['模拟路2号', '模拟路3号'] }
    const [simulator, reader] = await connect({ card })
    expect(codeOf(await reader.additionalAddress())).toBe('CARD_READ_FAILED')
    expectWhole(await reader.read({ timeoutMs: 5_000 }))
    expect(await reader.additionalAddress()).toEqual({ ok: true, value: ['模拟路2号', '模拟路3号'] })
    expect(await reader.cardPresent()).toBe(true)
    simulator.place(simulatedCard())
    expect(codeOf(await reader.additionalAddress())).toBe('CARD_READ_FAILED')
    expectWhole(await reader.read({ timeoutMs: 5_000 }))
    expect(await reader.additionalAddress()).toEqual({ ok: true, value: [] })
  })

  it('reads at several readers at once, each told by its SAM number', async () => {
    const names = ['模拟学员甲', '模拟学员乙']
    const numbers = ['05.01-20240101-0000000007-0000000001', '05.03-20240101-0000000008-0000000001']
    const scenes = names.map((name, i) => ({
      card: simulatedCard({ ...sampleRecord, name }),
      samId: numbers[i] ?? '',
      faults: [{ kind: 'split', bytes: 50 + i, gapMs: 2 }],
    }))
    const readers = await Promise.all(scenes.map((scene) => connect(scene)))
    const readings = await Promise.all(readers.map(([, reader]) => reader.read({ timeoutMs: 5_000 })))
    const seen = readings.map(
      (reading) => reading.ok && [reading.value.reader.samId, reading.value.record?.name],
    )
    expect(seen).toEqual(numbers.map((number, i) => [number, names[i]]))
  })

  it('speaks the CVR-100AU dialect where the profile says so', async () => {
    const [, reader] = await connect({ card: simulatedCard(), dialect: 'cvr-100au' }, 'cvr-100au')
    expect(reader.identity.samId).toBeNull()
    expectWhole(await reader.read({ timeoutMs: 5_000 }))
    expect(await reader.cardPresent()).toBe(false)
    expect(codeOf(await reader.additionalAddress())).toBe('CARD_SAM_COMMAND')
  })

  it('resets a SAM whose self-test failed once, and asks for service when that did not help', async () => {
    const failing = { kind: 'refusal', on: 'status', status: 0x60 }
    const [, reader] = await connect({ card: simulatedCard(), faults: [{ ...failing, times: 2 }] })
    expectWhole(await reader.read({ timeoutMs: 5_000 }))

    const broken = startReaderSimulator({ faults: [simulatedFault.parse(failing)] })
    open.push({ close: () => broken.stop() })
    expect(codeOf(await openSerialReader({ port: broken.path }))).toBe('CARD_SAM_SELF_TEST')
  })

  it('resets a SAM that advises it, and reads the card then', async () => {
    const faults = [{ kind: 'refusal', on: 'select', status: 0x47, times: 1 }]
    const [, reader] = await connect({ card: simulatedCard(), faults })
    expectWhole(await reader.read({ timeoutMs: 5_000 }))
  })

  it('ends with PORT_LOST when the reader is pulled out during the read', async () => {
    const [, reader] = await connect({ card: simulatedCard(), faults: ['unplug'] })
    expect(codeOf(await reader.read({ timeoutMs: 5_000 }))).toBe('PORT_LOST')
  })

  it('counts the noise it skipped', async () => {
    const [, reader] = await connect({
      card: simulatedCard(),
      faults: [{ kind: 'noise', bytes: 50, on: 'read' }],
    })
    const reading = await reader.read({ timeoutMs: 5_000 })
    expect(reading.ok && reading.value.skippedBytes).toBe(50)
  })

  it.each([
    ['CARD_CHECKSUM', ['wrong-checksum']],
    ['CARD_TRUNCATED', ['truncated']],
    ['CARD_RECORD_EMPTY', ['zero-record']],
    ['CARD_READ_FAILED', ['removal']],
  ])('ends with %s when the line or the card is that bad every time', async (code, faults) => {
    const [, reader] = await connect({ card: simulatedCard(), faults })
    expect(codeOf(await reader.read({ timeoutMs: 8_000 }))).toBe(code)
  })

  it('reads a card that was moved during the read and laid down again', async () => {
    const [simulator, reader] = await connect({
      card: simulatedCard(),
      faults: [{ kind: 'removal', times: 1 }],
    })
    const reading = reader.read({ timeoutMs: 8_000 })
    await sleep(600)
    simulator.place(simulatedCard())
    expectWhole(await reading)
  })

  it('never takes the late record of one card for the record of the next', async () => {
    const [simulator, reader] = await connect({
      card: simulatedCard(),
      faults: [{ kind: 'delay', on: 'read', ms: 400, times: 1 }],
    })
    expect(codeOf(await reader.read({ timeoutMs: 250 }))).toBe('CARD_TIMEOUT')
    simulator.place(simulatedCard({ ...sampleRecord, name: '模拟学员乙' }))
    const reading = await reader.read({ timeoutMs: 5_000 })
    expect(reading.ok && reading.value.record?.name).toBe('模拟学员乙')
  })

  it('gives up at once when the SAM is not authorised', async () => {
    const simulator = startReaderSimulator({ faults: [{ kind: 'not-authorised' }] })
    open.push({ close: () => simulator.stop() })
    expect(codeOf(await openSerialReader({ port: simulator.path }))).toBe('CARD_SAM_NOT_AUTHORISED')
  })

  it('says that nothing answers on a silent port', async () => {
    const simulator = startReaderSimulator({ faults: [{ kind: 'silent' }] })
    open.push({ close: () => simulator.stop() })
    expect(codeOf(await openSerialReader({ port: simulator.path, timeoutMs: 700 }))).toBe(
      'CARD_READER_SILENT',
    )
  })

  it('reads within a short time though the greeting goes unanswered', async () => {
    const silent = ['status', 'sam-number'].map((on) => simulatedFault.parse({ kind: 'silent', on }))
    const simulator = startReaderSimulator({ card: simulatedCard(), faults: silent })
    open.push({ close: () => simulator.stop() })
    const began = performance.now()
    const reader = unwrap(await openSerialReader({ port: simulator.path, timeoutMs: 3_000 }))
    open.push(reader)
    expectWhole(await reader.read({ timeoutMs: Math.max(1, 3_000 - (performance.now() - began)) }))
  })

  it('says when a card was found, before it is read', async () => {
    const [, reader] = await connect({ card: simulatedCard() })
    let found = 0
    expectWhole(await reader.read({ timeoutMs: 5_000, onFound: () => found++ }))
    expect(found).toBe(1)
  })

  it('stops waiting when it is told to', async () => {
    const [, reader] = await connect({})
    const stopping = new AbortController()
    const reading = reader.read({ timeoutMs: 60_000, signal: stopping.signal })
    stopping.abort()
    expect(codeOf(await reading)).toBe('CARD_ABORTED')
    expect(codeOf(await reader.read({ timeoutMs: 100 }))).toBe('CARD_NONE')
  })

  it('ends a read with PORT_LOST when the line goes away', async () => {
    const [simulator, reader] = await connect({})
    const reading = reader.read({ timeoutMs: 10_000 })
    await simulator.stop()
    expect(codeOf(await reading)).toBe('PORT_LOST')
    expect(await reader.cardPresent()).toBe(false)
  })

  it('can be opened and closed again and again on the same line', async () => {
    const simulator = startReaderSimulator({ card: simulatedCard() })
    open.push({ close: () => simulator.stop() })
    for (let round = 0; round < 5; round++) {
      const reader = unwrap(await openSerialReader({ port: simulator.path }))
      simulator.place(simulatedCard())
      expectWhole(await reader.read({ timeoutMs: 5_000 }))
      await reader.close()
    }
  })

  it('says which port is missing, busy or no port at all', async () => {
    const simulator = startReaderSimulator()
    open.push({ close: () => simulator.stop() })
    open.push(unwrap(await openSerialReader({ port: simulator.path })))
    expect(codeOf(await openSerialReader({ port: simulator.path }))).toBe('PORT_BUSY')
    expect(codeOf(await openSerialReader({ port: '/dev/tty-that-is-not-there' }))).toBe('PORT_NOT_FOUND')
    expect(codeOf(await openSerialReader({ port: '/dev/null' }))).toBe('PORT_OPEN')
    expect(codeOf(await openSerialReader({ port: simulator.path, profile: 'none-such' }))).toBe(
      'USAGE_PROFILE',
    )
  })
})
