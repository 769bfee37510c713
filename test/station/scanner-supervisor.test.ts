import { afterEach, expect, it } from 'vitest'
import { openSerialScanner } from '../../src/cards/driver/scanner.ts'
import { type ScannerSimulator, startScannerSimulator } from '../../src/cards/simulator/scanner-simulator.ts'
import { Fault } from '../../src/common/fault.ts'
import { failed } from '../../src/common/result.ts'
import { Mailbox } from '../../src/station/mailbox.ts'
import type { Scan } from '../../src/station/scan-check.ts'
import { ScannerSupervisor } from '../../src/station/scanner-supervisor.ts'
import { describeIf } from '../support/requires.ts'

describeIf(process.platform === 'win32' ? 'no pseudo-terminals' : null, 'scanner supervisor', () => {
  const scans = new Mailbox<Scan>()
  const faults: string[] = []
  let simulator: ScannerSimulator
  let supervisor: ScannerSupervisor

  afterEach(async () => {
    await supervisor.stop()
    await simulator.stop()
    faults.length = 0
  })

  it('hands on codes with the scanner they came from, and what is no text as null', async () => {
    simulator = startScannerSimulator()
    await supervise()
    const reader = { profile: 'scanner-serial', port: simulator.path, samId: null }
    simulator.scan('voucher-1')
    expect(await scans.take(5_000)).toEqual({ text: 'voucher-1', reader, simulated: true })
    simulator.scan(Uint8Array.of(0xff, 0xff))
    expect(await scans.take(5_000)).toEqual({ text: null, reader, simulated: true })
  })

  it('opens a scanner again that was not there and one that went away', async () => {
    simulator = startScannerSimulator()
    let tries = 0
    await supervise(async () => {
      tries += 1
      return tries === 1 ? failed(new Fault('PORT_NOT_FOUND', 'not there')) : null
    })
    await simulator.stop()
    simulator = startScannerSimulator()
    await opened()
    simulator.scan('voucher-2')
    expect(await scans.take(5_000)).toMatchObject({ text: 'voucher-2' })
    expect(faults).toEqual(['PORT_NOT_FOUND', 'PORT_LOST'])
  })

  it('shows how the scanner is: missing, working, lost, held by another program', async () => {
    simulator = startScannerSimulator()
    let refusals = [failed(new Fault('PORT_NOT_FOUND', 'not there'))]
    const states = new Mailbox<string>()
    supervisor = new ScannerSupervisor(
      async () => refusals.shift() ?? openSerialScanner({ port: simulator.path }),
      {
        onScan: () => {},
        onFault: () => {},
        onChange: () => states.put(`${supervisor.health} ${supervisor.fault?.code ?? ''}`),
      },
    )
    supervisor.start()
    expect(await states.take(20_000)).toBe('missing PORT_NOT_FOUND')
    expect(await states.take(20_000)).toBe('ok ')
    refusals = [failed(new Fault('PORT_BUSY', 'held')), failed(new Fault('PORT_DENIED', 'refused'))]
    await simulator.stop()
    expect(await states.take(20_000)).toBe('fault PORT_LOST')
    expect(await states.take(20_000)).toBe('fault PORT_BUSY')
    simulator = startScannerSimulator()
    expect(await states.take(20_000)).toBe('fault PORT_DENIED')
    expect(await states.take(20_000)).toBe('ok ')
  })

  let opened: () => Promise<void>

  /** Starts a supervisor on the simulator that there is at the moment, and waits until the port is open. */
  async function supervise(
    instead: () => Promise<ReturnType<typeof failed<Fault>> | null> = async () => null,
  ): Promise<void> {
    const openings = new Mailbox<true>()
    opened = async () => void (await openings.take(20_000))
    supervisor = new ScannerSupervisor(
      async () => {
        const refusal = await instead()
        if (refusal !== null) return refusal
        const scanner = await openSerialScanner({ port: simulator.path })
        if (scanner.ok) setImmediate(() => openings.put(true))
        return scanner
      },
      { onScan: (scan) => scans.put(scan), onFault: ({ code }) => faults.push(code) },
    )
    supervisor.start()
    await opened()
  }
})
