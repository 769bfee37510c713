import type { Scanner } from '../cards/driver/scanner.ts'
import type { Fault } from '../common/fault.ts'
import type { Result } from '../common/result.ts'
import { pause } from './pause.ts'
import type { Scan } from './scan-check.ts'

/** Opens the configured scanner, or says why not. */
export type OpenScanner = () => Promise<Result<Scanner>>

const FIRST_RETRY_MS = 500
const LONGEST_RETRY_MS = 5_000

/** Keeps one scanner open: opens it again with backoff after it was lost, and hands on whatever it reads. */
export class ScannerSupervisor {
  readonly #open: OpenScanner
  readonly #onScan: (scan: Scan) => void
  readonly #onFault: (fault: Fault) => void
  readonly #stop = new AbortController()
  #running: Promise<void> = Promise.resolve()

  constructor(
    open: OpenScanner,
    watch: { readonly onScan: (scan: Scan) => void; readonly onFault: (fault: Fault) => void },
  ) {
    this.#open = open
    this.#onScan = watch.onScan
    this.#onFault = watch.onFault
  }

  start(): void {
    this.#running = this.#run(this.#stop.signal)
  }

  async stop(): Promise<void> {
    this.#stop.abort()
    await this.#running
  }

  async #run(signal: AbortSignal): Promise<void> {
    let wait = FIRST_RETRY_MS
    while (!signal.aborted) {
      const opened = await this.#open()
      if (opened.ok) {
        wait = FIRST_RETRY_MS
        await this.#listen(opened.value, signal)
      } else this.#onFault(opened.fault)
      await pause(wait, signal)
      wait = Math.min(wait * 2, LONGEST_RETRY_MS)
    }
  }

  /** Until the scanner is lost or the signal ends it. */
  async #listen(scanner: Scanner, signal: AbortSignal): Promise<void> {
    const { identity: reader, simulated } = scanner
    scanner.onScan((finding) => {
      this.#onScan({ text: finding.kind === 'code' ? finding.text : null, reader, simulated })
    })
    const closed = new Promise<Fault | null>((resolve) => scanner.onClose(resolve))
    const close = (): void => void scanner.close()
    signal.addEventListener('abort', close, { once: true })
    if (signal.aborted) close()
    const fault = await closed
    signal.removeEventListener('abort', close)
    if (fault !== null) this.#onFault(fault)
  }
}
