import { Fault } from '../../common/fault.ts'
import type { Result } from '../../common/result.ts'
import type { Transport } from './transport.ts'

/**
 * All that is seen of a raw USB reader: one bulk pipe each way. Beside it stand one adapter (the `usb` package) and
 * the simulated device. A fault of either call means that the device is gone.
 */
export interface BulkPipe {
  /** `usb:…`; `simulated:…` for a simulated device. */
  readonly path: string
  /** One OUT transfer. */
  send(bytes: Uint8Array): Promise<Result<void>>
  /** One IN transfer; null when nothing came in that time, milliseconds. */
  receive(timeoutMs: number): Promise<Result<Uint8Array | null>>
  /** Safe to call twice; a `receive` under way ends. */
  close(): Promise<void>
}

/**
 * A bulk pipe as a line: every write is one OUT transfer, in order; IN transfers are asked for all the time. What
 * waited in the device is thrown away first.
 *
 * Standard SAM readers (0400:C35A) take a whole frame in one transfer and give a whole answer in one.
 */
export async function bulkTransport(pipe: BulkPipe): Promise<Transport> {
  for (let i = 0; i < STALE_TRANSFERS; i++) {
    const stale = await pipe.receive(STALE_MS)
    if (!stale.ok || stale.value === null) break
  }
  return new BulkTransport(pipe)
}

/** ZKTeco's own driver waits this long for stale bytes. */
const STALE_MS = 5
const STALE_TRANSFERS = 16
/** No more than the wait of working drivers; unplugging is seen at once, not at its end. */
const RECEIVE_MS = 500

class BulkTransport implements Transport {
  readonly path: string
  readonly #pipe: BulkPipe
  #onData: (chunk: Uint8Array) => void = () => {}
  #onClose: (fault: Fault | null) => void = () => {}
  #queue: Promise<unknown> = Promise.resolve()
  #ended = false

  constructor(pipe: BulkPipe) {
    this.path = pipe.path
    this.#pipe = pipe
    void this.#receive()
  }

  write(bytes: Uint8Array): void {
    const frame = Uint8Array.from(bytes)
    this.#queue = this.#queue.then(async () => {
      if (this.#ended) return
      const sent = await this.#pipe.send(frame)
      if (!sent.ok) await this.#end(sent.fault)
    })
  }

  onData(listener: (chunk: Uint8Array) => void): void {
    this.#onData = listener
  }

  onClose(listener: (fault: Fault | null) => void): void {
    this.#onClose = listener
  }

  async close(): Promise<void> {
    await this.#end(null)
  }

  async #receive(): Promise<void> {
    while (!this.#ended) {
      const chunk = await this.#pipe.receive(RECEIVE_MS)
      if (!chunk.ok) await this.#end(chunk.fault)
      else if (chunk.value !== null && !this.#ended) this.#onData(chunk.value)
    }
  }

  async #end(cause: Fault | null): Promise<void> {
    if (this.#ended) return
    this.#ended = true
    await this.#pipe.close()
    this.#onClose(cause === null ? null : new Fault('PORT_LOST', `${this.path} went away`, { cause }))
  }
}
