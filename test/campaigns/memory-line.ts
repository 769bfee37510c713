import type { Transport } from '../../src/cards/transport/transport.ts'
import { Fault } from '../../src/common/fault.ts'

/** Two ends of a line in memory, in the order of a wire and never within the call that wrote. */
export function memoryLine(): { host: Transport; reader: Transport } {
  const host = new MemoryEnd()
  const reader = new MemoryEnd()
  host.other = reader
  reader.other = host
  return { host, reader }
}

class MemoryEnd implements Transport {
  readonly path = 'memory'
  other: MemoryEnd | null = null
  #onData: (chunk: Uint8Array) => void = () => {}
  #onClose: (fault: Fault | null) => void = () => {}
  #open = true

  write(bytes: Uint8Array): void {
    const sent = Uint8Array.from(bytes)
    queueMicrotask(() => this.other?.arrives(sent))
  }

  arrives(bytes: Uint8Array): void {
    if (this.#open) this.#onData(bytes)
  }

  onData(listener: (chunk: Uint8Array) => void): void {
    this.#onData = listener
  }

  onClose(listener: (fault: Fault | null) => void): void {
    this.#onClose = listener
  }

  async close(): Promise<void> {
    this.ended(null)
    this.other?.ended(new Fault('PORT_LOST', 'memory went away'))
  }

  ended(fault: Fault | null): void {
    if (!this.#open) return
    this.#open = false
    this.#onClose(fault)
  }
}
