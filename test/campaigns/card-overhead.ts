/*
 * What the host adds to a read over the time that its bytes need on the wire: serialport, parser, driver.
 *
 *   npx node test/campaigns/card-overhead.ts --fast 200 --slow 40
 *
 * Reads over a PTY, paced like a wire of 115,200 and 9,600 baud. A read is find, select, read: 30 bytes out, 15 + 19 +
 * 1,295 in, ten bits each. Prints one JSON line a speed, milliseconds: `overWire` is all time above those bytes' own,
 * `host` leaves out what the simulator was late with its bytes, which on a busy machine is most. Exit 1 if the p95 of
 * `host` is above 20.
 */

import { openSerialReader } from '../../src/cards/driver/open-serial-reader.ts'
import { startReaderSimulator } from '../../src/cards/simulator/reader-simulator.ts'
import { openPty } from '../../src/cards/transport/pty.ts'
import type { Transport } from '../../src/cards/transport/transport.ts'
import { unwrap } from '../../src/common/result.ts'
import { simulatedCard } from '../cards/simulated-people.ts'
import { campaignCounts } from './campaign-counts.ts'

const { fast, slow } = campaignCounts({ fast: 100, slow: 20 })
const LIMIT_MS = 20
const BYTES = 3 * 10 + 15 + 19 + 1_295

async function measure(baudRate: number, reads: number): Promise<number> {
  const line = new TimedLine(openPty())
  const simulator = startReaderSimulator({ transport: line, wireBaudRate: baudRate })
  const reader = unwrap(await openSerialReader({ port: simulator.path, timeoutMs: 20_000 }))
  const wireMs = (BYTES * 10 * 1_000) / baudRate
  const overWire: number[] = []
  const host: number[] = []
  for (let i = 0; i < reads; i++) {
    simulator.place(simulatedCard())
    const began = performance.now()
    const busyBefore = line.busyMs
    unwrap(await reader.read({ timeoutMs: 20_000 }))
    const took = performance.now() - began
    overWire.push(took - wireMs)
    host.push(took - (line.busyMs - busyBefore))
  }
  await reader.close()
  await simulator.stop()
  const shown = { baudRate, reads, wireMs: rounded(wireMs), host: spread(host), overWire: spread(overWire) }
  process.stdout.write(`${JSON.stringify(shown)}\n`)
  return spread(host).p95
}

function spread(times: readonly number[]) {
  const sorted = times.toSorted((a, b) => a - b)
  const at = (share: number) => rounded(sorted[Math.ceil(share * sorted.length) - 1] ?? 0)
  return { p50: at(0.5), p95: at(0.95), max: at(1) }
}

function rounded(ms: number): number {
  return Math.round(ms * 100) / 100
}

/** The simulator's end of the line: how long it had a command and had not yet written all of its answer. */
class TimedLine implements Transport {
  readonly path: string
  busyMs = 0
  readonly #line: Transport
  #since = 0

  constructor(line: Transport) {
    this.path = line.path
    this.#line = line
  }

  write(bytes: Uint8Array): void {
    this.#line.write(bytes)
    const now = performance.now()
    this.busyMs += now - this.#since
    this.#since = now
  }

  onData(listener: (chunk: Uint8Array) => void): void {
    this.#line.onData((chunk) => {
      this.#since = performance.now()
      listener(chunk)
    })
  }

  onClose(listener: Parameters<Transport['onClose']>[0]): void {
    this.#line.onClose(listener)
  }

  close(): Promise<void> {
    return this.#line.close()
  }
}

const p95s = [await measure(115_200, fast), await measure(9_600, slow)]
process.exitCode = p95s.every((p95) => p95 <= LIMIT_MS) ? 0 : 1
