import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { openPcscReader } from '../../src/cards/driver/open-pcsc-reader.ts'
import type { CardReader } from '../../src/cards/reader.ts'
import type { ChipCard } from '../../src/cards/simulator/chip-card.ts'
import { BankCard } from '../../src/cards/simulator/social-security-card.ts'
import { type InsertedCard, insertIntoVpcd } from '../../src/cards/simulator/vpcd-card.ts'
import { listPcscReaders, openPcscChannel } from '../../src/cards/transport/pcsc.ts'
import { pcscFault } from '../../src/cards/transport/pcsc-fault.ts'
import { pcscLibrary } from '../../src/cards/transport/pcsc-library.ts'
import { unwrap } from '../../src/common/result.ts'
import { describeIf } from '../support/requires.ts'
import { pcscdAbsent, type RunningPcscd, startPcscd, VIRTUAL_READER } from './pcscd.ts'
import { sampleRecord } from './simulated-people.ts'
import { sampleProgram, socialSecurityCard } from './simulated-social-security.ts'

const run = promisify(execFile)

describe('PC/SC', () => {
  it('is unavailable where the system has no library for it', () => {
    const foreign = process.platform === 'win32' ? 'linux' : 'win32'
    expect(pcscLibrary(foreign)).toMatchObject({ ok: false, fault: { code: 'PORT_PCSC_UNAVAILABLE' } })
    expect(pcscLibrary('aix')).toMatchObject({ ok: false, fault: { code: 'PORT_PCSC_UNAVAILABLE' } })
  })

  it.each([
    [0x80100009, 'PORT_LOST'],
    [0x80100017, 'PORT_LOST'],
    [0x8010001d, 'PORT_PCSC_NO_SERVICE'],
    [0x80100069, 'CARD_REMOVED'],
    [0x8010006a, 'PORT_DENIED'],
    [0x80100001, 'PORT_PCSC'],
  ])('says in one line what code %i means', (code, expected) => {
    const fault = pcscFault(code, 'ACS ACR39U 00 00')
    expect(fault.code).toBe(expected)
    expect(fault.message).not.toMatch(/\n|READER/)
  })
})

const folder = mkdtempSync(join(tmpdir(), 'shidao-pcsc-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** A card file in `card read`'s shape. */
const socialSecurityFile = {
  kind: 'ssc',
  ...sampleProgram.holder,
  validFrom: sampleProgram.validFrom,
  validTo: sampleProgram.validTo,
}

describeIf(pcscdAbsent(), 'a social security card behind a real pcscd', () => {
  let pcscd: RunningPcscd
  let reader: CardReader
  let inserted: InsertedCard | null = null

  async function insert(card: ChipCard): Promise<void> {
    inserted = await insertIntoVpcd(card, { port: pcscd.port })
  }

  async function untilPresent(present: boolean): Promise<void> {
    while ((await reader.cardPresent()) !== present) await sleep(50)
  }

  beforeAll(async () => {
    pcscd = await startPcscd()
    reader = unwrap(await openPcscReader(VIRTUAL_READER))
  }, 20_000)

  afterEach(async () => {
    await inserted?.remove()
    inserted = null
    await untilPresent(false)
  }, 20_000)

  afterAll(async () => {
    await reader?.close()
    await pcscd?.stop()
  }, 20_000)

  it('is in a reader that the system lists', async () => {
    expect(unwrap(await listPcscReaders())).toContain(VIRTUAL_READER)
  })

  it('shows the ATR that the card gave', async () => {
    const card = socialSecurityCard(1)
    await insert(card)
    await untilPresent(true)
    const channel = unwrap(await openPcscChannel(VIRTUAL_READER))
    const atr = await channel.powerOn()
    await channel.close()
    expect(unwrap(atr)).toEqual(card.atr)
  })

  it.each([1, 2] as const)('of generation %i is read whole', async (generation) => {
    await insert(socialSecurityCard(generation))
    const reading = unwrap(await reader.read({ timeoutMs: 10_000 }))
    expect(reading).toMatchObject({
      record: { kind: 'ssc', name: '模拟学员甲', number: '11010519491231002X' },
      simulated: true,
      reader: { profile: 'pcsc', port: `pcsc:${VIRTUAL_READER}`, samId: null },
    })
  })

  it('of generation 3 gives its identity token alone', async () => {
    await insert(socialSecurityCard(3))
    const reading = unwrap(await reader.read({ timeoutMs: 10_000 }))
    expect(reading).toMatchObject({ record: null, token: { cardNumber: 'A00000001' } })
  })

  it('is told from a bank card', async () => {
    await insert(new BankCard())
    const reading = await reader.read({ timeoutMs: 10_000 })
    expect(reading).toMatchObject({ ok: false, fault: { code: 'CARD_NOT_SOCIAL_SECURITY' } })
  })

  it('with a broken record is refused', async () => {
    await insert(socialSecurityCard(2, { wrongTlv: true }))
    const reading = await reader.read({ timeoutMs: 10_000 })
    expect(reading).toMatchObject({ ok: false, fault: { code: 'CARD_RECORD_TLV' } })
  })

  it('that is pulled during the read is missed by its reader', async () => {
    await insert(socialSecurityCard(2, { removedAfter: 4 }))
    const reading = await reader.read({ timeoutMs: 10_000 })
    expect(reading).toMatchObject({ ok: false, fault: { code: 'CARD_REMOVED' } })
  }, 20_000)

  it('that another program holds is in use, and readable afterwards', async () => {
    await insert(socialSecurityCard(1))
    await untilPresent(true)
    const other = unwrap(await openPcscChannel(VIRTUAL_READER))
    unwrap(await other.powerOn())
    const refused = await reader.read({ timeoutMs: 1_000 })
    await other.close()
    expect(refused).toMatchObject({ ok: false, fault: { code: 'CARD_IN_USE' } })
    expect((await reader.read({ timeoutMs: 10_000 })).ok).toBe(true)
  }, 20_000)

  it('is not looked for in a reader that is not there', async () => {
    const opened = await openPcscReader('No Such Reader 00 00')
    expect(opened).toMatchObject({ ok: false, fault: { code: 'PORT_NOT_FOUND' } })
  })

  it('ends with its service, and is read again through a new one', async () => {
    await pcscd.stop()
    const lost = await reader.read({ timeoutMs: 10_000 })
    expect(!lost.ok && lost.fault.code).toMatch(/^PORT_(LOST|PCSC_NO_SERVICE)$/)
    expect(await listPcscReaders()).toMatchObject({ ok: false, fault: { code: 'PORT_PCSC_NO_SERVICE' } })
    await reader.close()

    pcscd = await startPcscd()
    reader = unwrap(await openPcscReader(VIRTUAL_READER))
    await insert(socialSecurityCard(1))
    expect((await reader.read({ timeoutMs: 10_000 })).ok).toBe(true)
  }, 30_000)

  it.each([
    ['a social security card', socialSecurityFile, { kind: 'ssc', name: '模拟学员甲' }],
    ['its identity token alone', { ...socialSecurityFile, generation: 3 }, { kind: 'ssc', name: null }],
    ['an identity card', sampleRecord, { kind: 'resident', photo: { format: 'simulated', bytes: 1024 } }],
  ])('is %s that another process inserts, until it is stopped', async (_, card, expected) => {
    const file = join(folder, 'card.json')
    writeFileSync(file, JSON.stringify({ ...card, faults: [{ kind: 'delay', ms: 5 }] }))
    const words = ['card', 'simulate', '--family', 'pcsc', '--vpcd-port', String(pcscd.port), '--card', file]
    const simulator = spawn(process.execPath, ['src/cli/shidao.js', ...words], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const [port] = (await once(createInterface(simulator.stdout), 'line')) as [string]
    expect(port).toBe(`pcsc:${VIRTUAL_READER}`)
    const read = ['card', 'read', '--port', port, '--json', '--reveal']
    const { stdout, stderr } = await run(process.execPath, ['src/cli/shidao.js', ...read])
    expect(stderr).toBe('')
    expect(JSON.parse(stdout)).toMatchObject({ ...expected, simulated: true, reader: { profile: 'pcsc' } })
    simulator.kill('SIGINT')
    expect(await once(simulator, 'exit')).toEqual([0, null])
    await untilPresent(false)
  })
})
