import { Fault } from '../common/fault.ts'
import { openCheckpoint } from './checkpoint.ts'
import type { EventData, EventInput } from './event.ts'
import { type MerkleTree, sameHash } from './merkle.ts'
import type { VerifierKey } from './note.ts'

/**
 * Refuses an event that would make a ledger nobody can verify: one before the birth of the ledger's key or a second
 * birth (`LEDGER_FIRST_EVENT`), or a receipt for another tree than this ledger had (`LEDGER_RECEIPT_FALSE`).
 */
export function admit(input: EventInput, tree: MerkleTree, key: VerifierKey): void {
  const isFirst = tree.size === 0
  const isBirth = input.type === 'station.key'
  if (isFirst !== isBirth || (isBirth && input.data.vkey !== key.vkey)) {
    throw new Fault('LEDGER_FIRST_EVENT', 'a ledger starts with the birth of its own key, once')
  }
  if (input.type === 'receipt' && !isReceiptFor(input.data, tree, key)) {
    throw new Fault('LEDGER_RECEIPT_FALSE', 'the receipt is not for a tree of this ledger')
  }
}

/** The witness's own line is verified by whoever knows the witness; here, that the tree is one of ours. */
function isReceiptFor(
  { note, size, root }: EventData['receipt'],
  tree: MerkleTree,
  key: VerifierKey,
): boolean {
  const checkpoint = openCheckpoint(note, [key])
  return (
    checkpoint.ok &&
    checkpoint.value.size === size &&
    size <= tree.size &&
    Buffer.from(checkpoint.value.root).toString('hex') === root &&
    sameHash(checkpoint.value.root, tree.root(size))
  )
}
