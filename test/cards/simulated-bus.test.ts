import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { fillerWltBlock } from '../../src/cards/codec/photo.ts'
import { openReader, type ReaderOptions } from '../../src/cards/driver/open-reader.ts'
import type { CardReader } from '../../src/cards/reader.ts'
import { type ChipSimulatorOptions, startChipSimulator } from '../../src/cards/simulator/chip-simulator.ts'
import type { SimulatedFault } from '../../src/cards/simulator/line-faults.ts'
import { type SamSimulatorOptions, startSamSimulator } from '../../src/cards/simulator/sam-simulator.ts'
import { checkFaults, simulatorFamilies } from '../../src/cards/simulator/simulator-family.ts'
import { type Result, unwrap } from '../../src/common/result.ts'
import { sampleRecord, simulatedCard } from './simulated-people.ts'
import { sampleProgram, socialSecurityCard } from './simulated-social-security.ts'

const folder = mkdtempSync(join(tmpdir(), 'shidao-bus-'))
const open: { close?(): Promise<void>; stop?(): Promise<void> }[] = []

afterEach(async () => {
  for (const opened of open.splice(0).reverse()) await (opened.close?.() ?? opened.stop?.())
})
afterAll(() => rmSync(folder, { recursive: true }))

const sams = ['hid-dk', 'hid-generic', 'usb'] as const
const slots = ['hid-dk-slot', 'hid-huada', 'hid-gwi'] as const

async function sam(family: (typeof sams)[number], options: SamSimulatorOptions = {}) {
  const simulator = await startSamSimulator(family, { card: simulatedCard(), awayMs: 100, ...options })
  open.push(simulator)
  return simulator
}

async function slot(family: (typeof slots)[number], options: ChipSimulatorOptions = {}) {
  const simulator = await startChipSimulator(family, { card: socialSecurityCard(2), awayMs: 100, ...options })
  open.push(simulator)
  return simulator
}

async function opened(options: ReaderOptions): Promise<CardReader> {
  const reader = unwrap(await openReader(options))
  open.push(reader)
  return reader
}

const codeOf = (result: Result<unknown>) => (result.ok ? null : result.fault.code)

describe.each(sams)('%s reader over a socket', (family) => {
  it('is read with the framing of a real one, by the profile that the simulator says', async () => {
    const { port } = await sam(family)
    const reader = await opened({ port })
    expect(reader.identity).toMatchObject({ port, profile: simulatorFamilies[family].profile })
    const reading = unwrap(await reader.read({ timeoutMs: 5_000 }))
    expect(reading).toMatchObject({ record: sampleRecord, simulated: true, skippedBytes: 0 })
  })

  it('is simulated even where card and SAM number look real', async () => {
    const card = { ...simulatedCard(), photoBlock: fillerWltBlock() }
    const { port } = await sam(family, { card, samId: '05.01-20240101-0000012345-0000000001' })
    const reading = unwrap(await (await opened({ port })).read({ timeoutMs: 5_000 }))
    expect(reading).toMatchObject({ simulated: true, photo: { format: 'wlt' } })
  })

  it('keeps its card from one host to the next', async () => {
    const simulator = await sam(family)
    const first = await opened({ port: simulator.port })
    unwrap(await first.read({ timeoutMs: 5_000 }))
    await first.close()
    simulator.remove()
    simulator.place(simulatedCard())
    const second = await opened({ port: simulator.port })
    expect(unwrap(await second.read({ timeoutMs: 5_000 })).record).toEqual(sampleRecord)
  })

  const faults: SimulatedFault[] = [
    { kind: 'delay', ms: 30 },
    { kind: 'split', bytes: 64, gapMs: 1 },
    { kind: 'join' },
    { kind: 'noise', bytes: 24, times: 1 },
    { kind: 'wrong-checksum', times: 1 },
    { kind: 'truncated', times: 1 },
  ]
  it.each(faults)('is read on a bad day: $kind', async (fault) => {
    const { port } = await sam(family, { faults: [fault] })
    const reading = await (await opened({ port })).read({ timeoutMs: 20_000 })
    expect(reading.ok ? reading.value.record : reading.fault).toEqual(sampleRecord)
  })

  it('says that its SAM is not authorised', async () => {
    const { port } = await sam(family, { faults: [{ kind: 'not-authorised' }] })
    expect(codeOf(await openReader({ port }))).toBe('CARD_SAM_NOT_AUTHORISED')
  })

  it('tells when the card was taken in the middle of a read', async () => {
    const removed: unknown[] = []
    const { port } = await sam(family, {
      faults: [{ kind: 'removal', times: 1 }],
      onRemoved: (card) => removed.push(card.record),
    })
    expect((await (await opened({ port })).read({ timeoutMs: 1_000 })).ok).toBe(false)
    expect(removed).toEqual([sampleRecord])
  })

  it('is lost when it is unplugged, and comes back', async () => {
    const { port } = await sam(family, { faults: [{ kind: 'unplug', times: 1 }] })
    const reader = await opened({ port })
    expect(codeOf(await reader.read({ timeoutMs: 20_000 }))).toBe('PORT_LOST')
    const again = await untilThere(port)
    expect(unwrap(await again.read({ timeoutMs: 5_000 })).record).toEqual(sampleRecord)
  })
})

describe.each(slots)('%s over a socket', (family) => {
  it('gives a social security card, marked as simulated', async () => {
    const { port } = await slot(family)
    const reader = await opened({ port })
    expect(reader.identity).toEqual({ port, profile: family, samId: null })
    const { name, number } = sampleProgram.holder
    expect(unwrap(await reader.read({ timeoutMs: 5_000 }))).toMatchObject({
      record: { kind: 'ssc', name, number },
      token: { identificationCode: sampleProgram.identificationCode },
      simulated: true,
    })
  })

  it('gives the identity token alone of a third generation', async () => {
    const { port } = await slot(family, { card: socialSecurityCard(3) })
    const reading = unwrap(await (await opened({ port })).read({ timeoutMs: 5_000 }))
    expect(reading).toMatchObject({ record: null, token: { cardNumber: sampleProgram.cardNumber } })
  })

  it('is simulated even where the card looks real', async () => {
    const card = socialSecurityCard(2, {}, { identificationCode: '110000D1560000050000000000000001' })
    const { port } = await slot(family, { card })
    expect(unwrap(await (await opened({ port })).read({ timeoutMs: 5_000 })).simulated).toBe(true)
  })

  it('tells when a card was read and may be taken', async () => {
    let reads = 0
    const simulator = await slot(family, { onRead: () => reads++ })
    const reader = await opened({ port: simulator.port })
    unwrap(await reader.read({ timeoutMs: 5_000 }))
    expect(reads).toBe(1)
    expect(await reader.cardPresent()).toBe(true)
    simulator.remove()
    expect(await reader.cardPresent()).toBe(false)
    expect(reads).toBe(1)
  })

  it('is read after the card was pulled out once and laid down again', async () => {
    const simulator = await slot(family, {
      faults: [{ kind: 'removal', times: 1 }],
      onRemoved: () => simulator.place(socialSecurityCard(2)),
    })
    const reading = unwrap(await (await opened({ port: simulator.port })).read({ timeoutMs: 10_000 }))
    expect(reading.record?.name).toBe(sampleProgram.holder.name)
  })

  it('is read when its answers come late', async () => {
    const { port } = await slot(family, { faults: [{ kind: 'delay', ms: 20 }] })
    expect(codeOf(await (await opened({ port })).read({ timeoutMs: 10_000 }))).toBeNull()
  })

  it('is lost when it is unplugged, and comes back', async () => {
    const { port } = await slot(family, { faults: [{ kind: 'unplug', times: 1 }] })
    const reader = await opened({ port })
    expect(codeOf(await reader.read({ timeoutMs: 20_000 }))).toBe('PORT_LOST')
    const again = await untilThere(port)
    expect(unwrap(await again.read({ timeoutMs: 5_000 })).simulated).toBe(true)
  })
})

describe.each(['hid-dk-slot', 'hid-gwi'] as const)('%s with damaged reports', (family) => {
  const faults: SimulatedFault[] = [
    { kind: 'split', bytes: 64, gapMs: 2 },
    { kind: 'noise', bytes: 64, on: 'read', times: 1 },
    ...(family === 'hid-gwi' ? [{ kind: 'wrong-checksum', times: 1 } as const] : []),
  ]
  it.each(faults)('is read on a bad day: $kind', async (fault) => {
    const { port } = await slot(family, { faults: [fault] })
    const reading = await (await opened({ port })).read({ timeoutMs: 20_000 })
    expect(reading.ok ? reading.value.record?.name : reading.fault).toBe(sampleProgram.holder.name)
  })
})

it.each(['hid-dk-slot', 'hid-gwi'] as const)(
  '%s: an answer that comes twice is never taken for a card',
  async (family) => {
    const { port } = await slot(family, { faults: [{ kind: 'join', on: 'read', times: 1 }] })
    expect(codeOf(await (await opened({ port })).read({ timeoutMs: 10_000 }))).toMatch(/^CARD_RECORD_/)
  },
)

it.each([
  ['hid-huada', 'silent'],
  ['hid-gwi', 'truncated'],
] as const)('%s is given up when its answer never comes: %s', async (family, kind) => {
  const { port } = await slot(family, { faults: [{ kind, on: 'reset' }] })
  expect(codeOf(await (await opened({ port })).read({ timeoutMs: 500 }))).toBe('CARD_TIMEOUT')
})

it('says that a GWI checksum is wrong', async () => {
  const { port } = await slot('hid-gwi', { faults: [{ kind: 'wrong-checksum' }] })
  expect(codeOf(await (await opened({ port })).read({ timeoutMs: 10_000 }))).toBe('CARD_CHECKSUM')
})

describe('the port of a simulator', () => {
  it('has one host at a time', async () => {
    const { port } = await sam('hid-dk')
    const first = await opened({ port })
    expect(codeOf(await openReader({ port }))).toBe('PORT_BUSY')
    await first.close()
    expect(codeOf(await openReader({ port }).then(kept))).toBeNull()
  })

  it('is said to be missing where nobody listens', async () => {
    expect(codeOf(await openReader({ port: `sim:${join(folder, 'nobody')}` }))).toBe('PORT_NOT_FOUND')
  })

  it('is not opened where something else listens', async () => {
    const path = join(folder, 'other')
    const server = createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))
    await new Promise<void>((resolve) => server.listen(path, resolve))
    expect(codeOf(await openReader({ port: `sim:${path}` }))).toBe('PORT_OPEN')
    await new Promise((resolve) => server.close(resolve))
  })

  it.each([
    ['sam-serial', 'hid-dk'],
    ['usb-sam', 'hid-dk'],
    ['hid-dk', 'usb'],
    ['none-such', 'usb'],
  ] as const)('refuses profile %s at a %s device and lets go of it', async (profile, family) => {
    const { port } = await sam(family)
    expect(codeOf(await openReader({ port, profile }))).toBe('USAGE_PROFILE')
    expect(codeOf(await openReader({ port }).then(kept))).toBeNull()
  })

  it('is not taken from a simulator that runs, nor from a file', async () => {
    const { port } = await sam('hid-dk')
    const taken = startSamSimulator('usb', { socketPath: port.slice('sim:'.length) })
    await expect(taken).rejects.toMatchObject({ code: 'PORT_BUSY' })
    const file = join(folder, 'card.json')
    writeFileSync(file, 'still here')
    for (const socketPath of [file, join(folder, 'no', 'folder')])
      await expect(startSamSimulator('usb', { socketPath })).rejects.toMatchObject({ code: 'PORT_OPEN' })
    expect(readFileSync(file, 'utf8')).toBe('still here')
  })
})

it.each([
  ['serial', { kind: 'zero-record' }, null],
  ['hid-generic', { kind: 'split', bytes: 64, gapMs: 1 }, null],
  ['hid-generic', { kind: 'split', bytes: 63, gapMs: 1 }, /multiple of 64/],
  ['hid-gwi', { kind: 'wrong-checksum' }, null],
  ['hid-dk-slot', { kind: 'wrong-checksum' }, /has no fault "wrong-checksum"; it has: delay, /],
  ['hid-huada', { kind: 'split', bytes: 64, gapMs: 1 }, /has no fault "split"/],
  ['hid-gwi', { kind: 'not-authorised' }, /has no fault "not-authorised"/],
  ['hid-gwi', { kind: 'delay', ms: 5, on: 'find' }, /not "find"/],
  ['pcsc', { kind: 'noise', bytes: 4 }, /has no fault "noise"; it has: delay, removal$/],
] as const)('a %s simulator knows which faults make sense: %j', (family, fault, refusal) => {
  const checked = checkFaults(family, [fault])
  if (refusal === null) expect(checked.ok).toBe(true)
  else expect(checked.ok ? '' : checked.fault.message).toMatch(refusal)
})

/** A simulator that was unplugged is there again after a while. */
async function untilThere(port: string): Promise<CardReader> {
  for (;;) {
    const reader = await openReader({ port })
    if (reader.ok) return kept(reader).value
    expect(reader.fault.code).toBe('PORT_NOT_FOUND')
    await sleep(20)
  }
}

function kept<R extends Result<CardReader>>(reader: R): R {
  if (reader.ok) open.push(reader.value)
  return reader
}
