import { type EventProof, formatEventProof } from './event-proof.ts'
import type { Ledger } from './ledger.ts'
import { multiProof } from './multi-proof.ts'
import { mergeNotes } from './note.ts'
import { type ProofRequest, type ProofSelection, selectForPeople, selectForProof } from './proof-selection.ts'

/** What of a ledger a proof is made from. */
export type ProvableLedger = Pick<Ledger, 'size' | 'events' | 'inclusionProof' | 'checkpoint'>

export interface MadeProof {
  /** The file. */
  readonly bytes: Uint8Array
  readonly about: EventProof['about']
  /** Indices of the events that the file shows. */
  readonly shown: readonly number[]
  /** Size of the tree that the checkpoint signs. */
  readonly size: number
}

/**
 * One file that proves one event, one person's events, or one hour of one person, out of a ledger. Reads every event
 * once to find them. Faults: `LEDGER_PROOF_NONE`, `LEDGER_CORRUPT`.
 */
export function proveEvents(ledger: ProvableLedger, request: ProofRequest): MadeProof {
  const receipts: Receipt[] = []
  const selection = selectForProof(notingReceipts(ledger, receipts), request)
  return proveSelection(ledger, selection, receipts)
}

/**
 * A proof of each person's events, as `proveEvents` makes it, with one reading of the ledger for all of them. Who has no
 * event is not in the answer. Fault `LEDGER_CORRUPT`.
 */
export function* provePeople(
  ledger: ProvableLedger,
  people: Iterable<string>,
): Generator<readonly [person: string, proof: MadeProof]> {
  const receipts: Receipt[] = []
  const selections = selectForPeople(notingReceipts(ledger, receipts), people)
  for (const [person, selection] of selections) yield [person, proveSelection(ledger, selection, receipts)]
}

interface Receipt {
  readonly size: number
  readonly note: string
}

function* notingReceipts(ledger: ProvableLedger, receipts: Receipt[]) {
  for (const { event } of ledger.events()) {
    if (event.type === 'receipt') receipts.push(event.data)
    yield event
  }
}

/** The file for events that are chosen already: a few milliseconds for forty of them. */
export function proveSelection(
  ledger: ProvableLedger,
  { about, indices, last }: ProofSelection,
  receipts: readonly Receipt[],
): MadeProof {
  const witnessed = tightest(receipts, last)
  const size = witnessed?.size ?? ledger.size
  const shown = indices.filter((index) => index < size)
  const bodies = shown.map((index) => [...ledger.events(index, index + 1)][0]!.body)
  const nodes = multiProof(shown, size, (index) => ledger.inclusionProof(index, size))
  const checkpoint = witnessed?.note ?? ledger.checkpoint()
  return { bytes: formatEventProof({ about, checkpoint, bodies, nodes }), about, shown, size }
}

/**
 * The smallest witnessed tree that holds the last event, because the events are earlier than its cosignatures; with
 * the lines of every witness that saw that tree.
 */
function tightest(receipts: readonly Receipt[], last: number): Receipt | null {
  const covering = receipts.filter(({ size }) => size > last)
  const size = covering.reduce(
    (smallest, receipt) => Math.min(smallest, receipt.size),
    Number.POSITIVE_INFINITY,
  )
  const notes = covering.filter((receipt) => receipt.size === size).map(({ note }) => note)
  return notes.length === 0 ? null : { size, note: mergeNotes(notes) }
}
