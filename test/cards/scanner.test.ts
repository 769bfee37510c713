import { afterEach, expect, it } from 'vitest'
import type { ScanFinding } from '../../src/cards/codec/scan-text.ts'
import { openSerialScanner, type Scanner } from '../../src/cards/driver/scanner.ts'
import { type ScannerSimulator, startScannerSimulator } from '../../src/cards/simulator/scanner-simulator.ts'
import type { Fault } from '../../src/common/fault.ts'
import { unwrap } from '../../src/common/result.ts'
import { describeIf } from '../support/requires.ts'

const CODE = `shidao:person:${'0123456789abcdef'.repeat(2)}:班级`

describeIf(process.platform === 'win32' ? 'no pseudo-terminals' : null, 'serial scanner', () => {
  let simulator: ScannerSimulator
  let scanner: Scanner

  async function open(terminator: '\r' | '\n' | '\r\n' | '' = '\r'): Promise<void> {
    simulator = startScannerSimulator({ terminator })
    scanner = unwrap(await openSerialScanner({ port: simulator.path }))
  }
  const next = () => new Promise<ScanFinding>((resolve) => scanner.onScan(resolve))

  afterEach(async () => {
    await scanner.close()
    await simulator.stop()
  })

  it.each(['\r', '\n', '\r\n', ''] as const)('reads a code that ends with %j', async (terminator) => {
    await open(terminator)
    const found = next()
    simulator.scan(CODE)
    expect(await found).toEqual({ kind: 'code', text: CODE })
  })

  it('joins what a slow line brings in pieces', async () => {
    await open()
    const found = next()
    await simulator.scanSlowly(CODE, { bytes: 7, gapMs: 2 })
    expect(await found).toEqual({ kind: 'code', text: CODE })
  })

  it('reads one code after the other, and bytes that are no text as such', async () => {
    await open()
    const found: ScanFinding[] = []
    const three = new Promise<void>((resolve) => {
      scanner.onScan((finding) => {
        if (found.push(finding) === 3) resolve()
      })
    })
    simulator.scan('A')
    simulator.scan(Uint8Array.of(0xff, 0xff))
    simulator.scan('B')
    await three
    expect(found).toEqual([
      { kind: 'code', text: 'A' },
      { kind: 'unreadable', why: 'not-text' },
      { kind: 'code', text: 'B' },
    ])
  })

  it('says which port it is, and that a program and no hardware is behind a pseudo-terminal', async () => {
    await open()
    expect(scanner.identity).toEqual({ profile: 'scanner-serial', port: simulator.path, samId: null })
    expect(scanner.simulated).toBe(true)
  })

  it('says when the port went away', async () => {
    await open()
    const closed = new Promise<Fault | null>((resolve) => scanner.onClose(resolve))
    await simulator.stop()
    expect((await closed)?.code).toBe('PORT_LOST')
  })
})

it('says that a port is not there', async () => {
  const opened = await openSerialScanner({ port: '/dev/no-such-scanner' })
  expect(opened).toMatchObject({ ok: false, fault: { code: 'PORT_NOT_FOUND' } })
})
