import { mkdtempSync, rmSync, symlinkSync, unlinkSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type ScannerSimulator, startScannerSimulator } from '../../src/cards/simulator/scanner-simulator.ts'
import { Fault } from '../../src/common/fault.ts'
import { failed } from '../../src/common/result.ts'
import { simulatedClock } from '../../src/station/clock.ts'
import { createStation, type StationData } from '../../src/station/data-folder.ts'
import { Mailbox } from '../../src/station/mailbox.ts'
import type { CheckOutcome } from '../../src/station/outcome.ts'
import { writeSettings } from '../../src/station/settings.ts'
import { type Station, startStation } from '../../src/station/station.ts'
import { describeIf } from '../support/requires.ts'

const CODE = '2f9c17d06b8e4a35'.repeat(4)

describeIf(process.platform === 'win32' ? 'no pseudo-terminals' : null, 'a station with a scanner', () => {
  const dir = mkdtempSync(join(tmpdir(), 'shidao-scan-'))
  const outcomes = new Mailbox<CheckOutcome>()
  const asked: string[] = []
  let simulator: ScannerSimulator
  let verifier: Server
  let port: string
  let data: StationData
  let station: Station

  beforeAll(async () => {
    simulator = startScannerSimulator()
    verifier = createServer(async (request, response) => {
      const body = await Array.fromAsync(request)
      asked.push(Buffer.concat(body).toString())
      response.end('{"refused":"expired"}')
    })
    await new Promise<void>((resolve) => verifier.listen(0, '127.0.0.1', resolve))
    const url = `http://127.0.0.1:${(verifier.address() as AddressInfo).port}/`
    port = join(dir, 'scanner')
    data = createStation(dir, { simulated: true, clock: simulatedClock(0) })
    symlinkSync(simulator.path, port)
    station = await startStation({
      data,
      settings: writeSettings(dir, {
        scanner: { port, baudRate: 9_600 },
        electronicCard: { url, timeoutMs: 5_000 },
      }),
      openReader: async () => failed(new Fault('PORT_NOT_FOUND', 'no reader')),
      onOutcome: (outcome) => outcomes.put(outcome),
    })
  })
  afterAll(async () => {
    await station?.stop()
    await simulator?.stop()
    data?.close()
    await new Promise((resolve) => verifier.close(resolve))
    rmSync(dir, { recursive: true })
  })

  it('tells its window that the scanner works, and why it does not', async () => {
    const told = (health: string, code: string | null) =>
      new Promise<void>((resolve) => {
        const look = (): void => {
          const { scanner } = station.door.snapshot()
          if (scanner?.health === health && scanner.code === code) resolve()
        }
        station.door.subscribe(look)
        look()
      })
    await told('ok', null)
    unlinkSync(port)
    await told('missing', 'PORT_NOT_FOUND')
    symlinkSync(simulator.path, port)
    await told('ok', null)
  })

  it('asks the configured verifier once, and records what became of it without the code', async () => {
    // The station opens its scanner after it has started; what is scanned before that is lost, as with a real one.
    let outcome: CheckOutcome | null = null
    for (let tries = 0; outcome === null && tries < 5; tries++) {
      simulator.scan(CODE)
      outcome = await outcomes.take(4_000)
    }
    expect(outcome).toMatchObject({ verdict: 'refused', reason: 'code-not-verified' })
    expect(asked).toEqual([JSON.stringify({ code: CODE })])
    const events = [...data.ledger.events()].map(({ event }) => event)
    expect(events.at(-1)).toMatchObject({
      type: 'refusal',
      data: { by: 'code', simulated: true, reader: { profile: 'scanner-serial', port } },
    })
    expect(JSON.stringify(events)).not.toContain(CODE.slice(0, 16))
  })
})
