import { Fault } from '../../common/fault.ts'
import { failed, ok, type Result } from '../../common/result.ts'
import type { Transport } from '../transport/transport.ts'
import type { BulkPipe } from '../transport/usb-bulk.ts'
import { type ReaderSimulator, type SimulatorOptions, startReaderSimulator } from './reader-simulator.ts'

export interface SimulatedUsbReader {
  /** What a driver opens. */
  readonly pipe: BulkPipe & { onEnd(listener: () => void): void }
  /** The SAM in it: cards and scripted faults. */
  readonly sam: ReaderSimulator
  /** As if somebody pulled the cable. */
  unplug(): void
}

/** A simulated raw USB reader (0400:C35A), an answer of the SAM to each OUT transfer. */
export function simulateUsbReader(options: Omit<SimulatorOptions, 'transport'> = {}): SimulatedUsbReader {
  const pipe = new SimulatedPipe()
  return {
    pipe,
    sam: startReaderSimulator({ ...options, transport: pipe.inside }),
    unplug: () => pipe.unplug(),
  }
}

class SimulatedPipe implements BulkPipe {
  readonly path = 'simulated:usb-sam'
  readonly inside: Transport
  readonly #leaving: Uint8Array[] = []
  #wake: () => void = () => {}
  #onData: (chunk: Uint8Array) => void = () => {}
  #ended: Fault | null = null
  #onEnd: () => void = () => {}

  constructor() {
    this.inside = {
      path: this.path,
      write: (bytes) => {
        this.#leaving.push(Uint8Array.from(bytes))
        this.#wake()
      },
      onData: (listener) => {
        this.#onData = listener
      },
      onClose: () => {},
      close: async () => this.unplug(),
    }
  }

  async send(bytes: Uint8Array): Promise<Result<void>> {
    if (this.#ended !== null) return failed(this.#ended)
    this.#onData(bytes)
    return ok(undefined)
  }

  async receive(timeoutMs: number): Promise<Result<Uint8Array | null>> {
    if (this.#leaving.length === 0 && this.#ended === null) await this.#wait(timeoutMs)
    return this.#ended === null ? ok(this.#leaving.shift() ?? null) : failed(this.#ended)
  }

  async close(): Promise<void> {
    this.#end(new Fault('PORT_CLOSED', `${this.path} was closed`))
  }

  /** One listener, called once: the pipe was closed or its cable pulled. */
  onEnd(listener: () => void): void {
    this.#onEnd = listener
  }

  unplug(): void {
    this.#end(new Fault('PORT_LOST', `${this.path} went away`))
  }

  #end(fault: Fault): void {
    if (this.#ended !== null) return
    this.#ended = fault
    this.#wake()
    this.#onEnd()
  }

  #wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms)
      this.#wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }
}
