import { afterEach, describe, expect, it } from 'vitest'
import { type LineClock, systemClock } from '../../src/cards/driver/sam-clock.ts'
import { SamLine } from '../../src/cards/driver/sam-line.ts'
import { SamReader } from '../../src/cards/driver/sam-reader.ts'
import type { CardReader } from '../../src/cards/reader.ts'
import {
  type SimulatedHidReader,
  simulateDkReader,
  simulateGenericReader,
} from '../../src/cards/simulator/hid-sam.ts'
import type { SimulatedFault } from '../../src/cards/simulator/line-faults.ts'
import { dkSamStream, genericSamStream } from '../../src/cards/transport/hid-stream.ts'
import type { Transport } from '../../src/cards/transport/transport.ts'
import type { Result } from '../../src/common/result.ts'
import { sampleRecord, simulatedCard } from './simulated-people.ts'

const open: { close(): Promise<void> }[] = []

afterEach(async () => {
  for (const opened of open.splice(0).reverse()) await opened.close()
})

type Scene = Parameters<typeof simulateDkReader>[0]

const prefixed = { reportBytes: 64, lengthPrefix: true }

const families: readonly [
  string,
  (scene: Scene) => SimulatedHidReader,
  (device: SimulatedHidReader) => Transport,
][] = [
  ['DK', (scene) => simulateDkReader(scene), ({ port }) => dkSamStream(port)],
  ['plain', (scene) => simulateGenericReader(scene), ({ port }) => genericSamStream(port)],
  [
    'length-prefixed',
    (scene) => simulateGenericReader({ ...scene, layout: prefixed }),
    ({ port }) => genericSamStream(port, prefixed),
  ],
]

function readerOn(line: Transport): CardReader {
  const identity = { profile: 'test', port: line.path, samId: null }
  const reader = new SamReader(identity, new SamLine(line, { clock: hurriedClock }), {
    baudRate: 115_200,
    pollMs: 50,
  })
  open.push(reader)
  return reader
}

/** Five times as fast: the waits of a bad day are the driver's own. */
const hurriedClock: LineClock = {
  now: () => 5 * performance.now(),
  after: (ms, callback) => systemClock.after(ms / 5, callback),
}

const codeOf = (result: Result<unknown>) => (result.ok ? null : result.fault.code)

describe.each(families)('%s HID reader', (_, simulate, stream) => {
  const connect = (scene: Scene = {}): [SimulatedHidReader, CardReader] => {
    const device = simulate({ card: simulatedCard(), ...scene })
    return [device, readerOn(stream(device))]
  }

  it('gives a whole card without a byte too many, marked as simulated', async () => {
    const [device, reader] = connect()
    const result = await reader.read({ timeoutMs: 5_000 })
    expect(result.ok && result.value).toMatchObject({
      record: sampleRecord,
      simulated: true,
      skippedBytes: 0,
    })
    expect(device.port.path).toMatch(/^simulated:/)
  })

  it('sees that the card still lies there, and that it was taken', async () => {
    const [device, reader] = connect()
    await reader.read({ timeoutMs: 5_000 })
    expect(await reader.cardPresent()).toBe(true)
    device.sam.remove()
    expect(await reader.cardPresent()).toBe(false)
  })

  const faults: SimulatedFault[] = [
    // Whole reports: without lengths a reader that sends half-empty ones in the middle of a frame cannot be read.
    { kind: 'split', bytes: 64, gapMs: 1 },
    { kind: 'join' },
    { kind: 'noise', bytes: 24, times: 1 },
    { kind: 'wrong-checksum', times: 1 },
    { kind: 'truncated', times: 1 },
    { kind: 'delay', ms: 30 },
  ]
  it.each(faults)('reads on a bad day: $kind', async (fault) => {
    const [, reader] = connect({ faults: [fault] })
    const result = await reader.read({ timeoutMs: 9_000 })
    expect(result.ok ? result.value.record : result.fault).toEqual(sampleRecord)
  })

  it.each(['lost', 'doubled'] as const)('reads again when a report of the card is %s', async (kind) => {
    // Find and select take a report each; the card's text is in the ten that follow.
    const [, reader] = connect({ reportFaults: [{ kind, report: 8 }] })
    const result = await reader.read({ timeoutMs: 12_000 })
    expect(result.ok ? result.value.record : result.fault).toEqual(sampleRecord)
  })

  it('says what the SAM says', async () => {
    const [, reader] = connect({ faults: [{ kind: 'not-authorised' }] })
    expect(codeOf(await reader.read({ timeoutMs: 5_000 }))).toBe('CARD_SAM_NOT_AUTHORISED')
  })

  it('ends a read when it is unplugged in the middle of a card', async () => {
    const [, reader] = connect({ reportFaults: [{ kind: 'unplugged', report: 10 }] })
    expect(codeOf(await reader.read({ timeoutMs: 60_000 }))).toBe('PORT_LOST')
    expect(codeOf(await reader.read({ timeoutMs: 60_000 }))).toBe('PORT_LOST')
  })

  it('ends a read when nobody is there and the cable is pulled', async () => {
    const [device, reader] = connect({ card: null })
    const waiting = reader.read({ timeoutMs: 60_000 })
    setTimeout(() => device.unplug(), 20)
    expect(codeOf(await waiting)).toBe('PORT_LOST')
  })
})

it('tells its line why it ended: closed here, or gone', async () => {
  const ends: (string | null)[] = []
  for (const act of ['close', 'unplug'] as const) {
    const device = simulateDkReader()
    const line = dkSamStream(device.port)
    line.onClose((fault) => ends.push(fault?.code ?? null))
    if (act === 'close') await line.close()
    else device.unplug()
  }
  expect(ends).toEqual([null, 'PORT_LOST'])
})
