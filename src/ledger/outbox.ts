import type { EventData, EventInput } from './event.ts'
import type { EventReader } from './event-reader.ts'
import type { KeptCheckpoint } from './ledger-store.ts'

export interface NewestReceipt {
  /** Events below this are covered. */
  readonly size: number
  /** The witness's, ms since 1970. */
  readonly time: number
}

/** What of a ledger no receipt covers yet: the ledger itself is the queue of what has to be sent. */
export class Outbox {
  readonly #readNewest: () => NewestReceipt | null
  #newest: NewestReceipt | null
  /** Index of the last event that isn't a receipt, −1 if there is none. */
  #lastUnreceipted: number

  /** `lastUnreceipted`: index of the last event that isn't a receipt, −1 if there is none. */
  constructor(readNewest: () => NewestReceipt | null, lastUnreceipted: number) {
    this.#readNewest = readNewest
    this.#newest = readNewest()
    this.#lastUnreceipted = lastUnreceipted
  }

  get newest(): NewestReceipt | null {
    return this.#newest
  }

  /** Events of a ledger of `size` that no receipt covers; 0 if nothing but receipts follows the newest one's tree. */
  unsent(size: number): number {
    const covered = this.#newest?.size ?? 0
    return this.#lastUnreceipted < covered ? 0 : size - covered
  }

  /** Takes in events that were appended from index `first` on. */
  note(inputs: readonly EventInput[], first: number): void {
    for (const [i, input] of inputs.entries()) {
      if (input.type !== 'receipt') this.#lastUnreceipted = first + i
    }
    if (inputs.some(({ type }) => type === 'receipt')) this.#newest = this.#readNewest()
  }
}

/** A receipt's checkpoint, kept for ever. */
export function keptReceipt({ size, note, time }: EventData['receipt']): KeptCheckpoint {
  return { size, kind: 'receipt', note, time }
}

/** Index of the last event of a ledger of `size` that isn't a receipt, −1 if there is none. */
export function lastUnreceipted(reader: EventReader, size: number): number {
  for (let index = size - 1; index >= 0; index--) {
    const [last] = reader.range(index, index + 1)
    if (last?.event.type !== 'receipt') return index
  }
  return -1
}
