import { Fault } from '../common/fault.ts'
import { decodeEvent, type LedgerEvent } from './event.ts'
import { type EventChoice, isChosen } from './event-index.ts'
import type { LedgerStore } from './ledger-store.ts'
import { type Hash, leafHash, type MerkleTree, sameHash } from './merkle.ts'

export interface RecordedEvent {
  readonly index: number
  /** The bytes as they were encoded once; what is hashed, sent and verified. */
  readonly body: Uint8Array
  readonly leaf: Hash
  readonly event: LedgerEvent
}

/** Reads a ledger's events. Each is checked against the tree: bytes that were changed on disk are never handed out. */
export class EventReader {
  readonly #store: LedgerStore
  readonly #tree: MerkleTree

  constructor(store: LedgerStore, tree: MerkleTree) {
    this.#store = store
    this.#tree = tree
  }

  /** Events from ≤ index < to. Throws `LEDGER_CORRUPT` at one whose bytes are not those of its leaf. */
  *range(from: number, to: number): Generator<RecordedEvent> {
    for (let start = from; start < to; start += PAGE) {
      const end = Math.min(start + PAGE, to)
      const rows = this.#store.rows(start, end)
      for (const [i, { index, body, leaf }] of rows.entries()) {
        const event = decodeEvent(body)
        const intact = index === start + i && sameHash(leafHash(body), this.#tree.leaf(index))
        if (!intact || !event.ok || event.value.index !== index) throw corrupt(start + i)
        yield { index, body, leaf, event: event.value }
      }
      if (rows.length < end - start) throw corrupt(start + rows.length)
    }
  }

  /** Reads them: reading is checking. */
  check(from: number, to: number): void {
    for (const _ of this.range(from, to));
  }

  /** The same as bytes. */
  *bodies(from: number, to: number): Generator<Uint8Array> {
    for (const { body } of this.range(from, to)) yield body
  }

  /** Events of a choice, in order. Throws `LEDGER_CORRUPT` also where the file's index says something else. */
  *chosen(choice: EventChoice): Generator<RecordedEvent> {
    const indices = this.#store.indicesOf(choice)
    const isIndexed = indices !== null
    for (const [from, to] of isIndexed ? runs(indices, this.#tree.size) : [[0, this.#tree.size] as const]) {
      for (const recorded of this.range(from, to)) {
        if (isChosen(recorded.event, choice)) yield recorded
        else if (isIndexed) throw corrupt(recorded.index)
      }
    }
  }

  /** Indices of the events of a choice, in order; without an index of them in the file, all events are read. */
  indicesOf(choice: EventChoice): number[] {
    return this.#store.indicesOf(choice) ?? [...this.chosen(choice)].map(({ index }) => index)
  }
}

const PAGE = 256

/** Neighbours together, as `from ≤ index < to`. */
function* runs(indices: readonly number[], size: number): Generator<readonly [from: number, to: number]> {
  for (let i = 0; i < indices.length; ) {
    const from = indices[i]!
    let to = from + 1
    while (indices[++i] === to) to++
    if (from < 0 || to > size) throw corrupt(from)
    yield [from, to]
  }
}

function corrupt(index: number): Fault {
  return new Fault('LEDGER_CORRUPT', `event ${index} is not what was recorded; run "shidao log verify"`)
}
