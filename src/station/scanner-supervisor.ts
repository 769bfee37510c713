import type { Scanner } from '../cards/driver/scanner.ts'
import type { Fault } from '../common/fault.ts'
import type { Result } from '../common/result.ts'
import { Backoff, type DeviceHealth, healthOf } from './device-supervision.ts'
import { pause } from './pause.ts'
import type { Scan } from './scan-check.ts'

/** Opens the configured scanner, or says why not. */
export type OpenScanner = () => Promise<Result<Scanner>>

export interface ScannerWatch {
  readonly onScan: (scan: Scan) => void
  /** Each time that it could not be opened or was lost. */
  readonly onFault: (fault: Fault) => void
  /** Health or fault are others than before. */
  readonly onChange?: () => void
}

/**
 * Keeps one scanner open: opens it again with backoff after it was lost, and hands on whatever it reads. `ok` means that
 * its port is open: whether the scanner behind a serial port lives shows only a scan.
 */
export class ScannerSupervisor {
  readonly #open: OpenScanner
  readonly #watch: ScannerWatch
  readonly #stop = new AbortController()
  #running: Promise<void> = Promise.resolve()
  #health: DeviceHealth = 'missing'
  #fault: Fault | null = null

  constructor(open: OpenScanner, watch: ScannerWatch) {
    this.#open = open
    this.#watch = watch
  }

  get health(): DeviceHealth {
    return this.#health
  }

  /** Why there is no scanner. */
  get fault(): Fault | null {
    return this.#fault
  }

  start(): void {
    this.#running = this.#run(this.#stop.signal)
  }

  async stop(): Promise<void> {
    this.#stop.abort()
    await this.#running
  }

  async #run(signal: AbortSignal): Promise<void> {
    let backoff = new Backoff()
    for (; !signal.aborted; await pause(backoff.next(), signal)) {
      const opened = await this.#open()
      if (opened.ok) {
        backoff = new Backoff()
        this.#set(null)
        await this.#listen(opened.value, signal)
      } else this.#failed(opened.fault)
    }
  }

  /** Until the scanner is lost or the signal ends it. */
  async #listen(scanner: Scanner, signal: AbortSignal): Promise<void> {
    const { identity: reader, simulated } = scanner
    scanner.onScan((finding) => {
      this.#watch.onScan({ text: finding.kind === 'code' ? finding.text : null, reader, simulated })
    })
    const closed = new Promise<Fault | null>((resolve) => scanner.onClose(resolve))
    const close = (): void => void scanner.close()
    signal.addEventListener('abort', close, { once: true })
    if (signal.aborted) close()
    const fault = await closed
    signal.removeEventListener('abort', close)
    if (fault !== null) this.#failed(fault)
  }

  #failed(fault: Fault): void {
    this.#watch.onFault(fault)
    this.#set(fault)
  }

  #set(fault: Fault | null): void {
    const changed = healthOf(fault) !== this.#health || fault?.code !== this.#fault?.code
    this.#health = healthOf(fault)
    this.#fault = fault
    if (changed) this.#watch.onChange?.()
  }
}
