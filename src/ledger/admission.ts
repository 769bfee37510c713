import { Fault } from '../common/fault.ts'
import { unwrap } from '../common/result.ts'
import { toHex } from './bytes.ts'
import type { EventData, EventInput } from './event.ts'
import type { KeyHistory } from './key-history.ts'
import { type MerkleTree, sameHash } from './merkle.ts'
import type { VerifierKey } from './note.ts'

/**
 * Refuses an event that would make a ledger nobody can verify: one before the birth of the ledger's key or a second
 * birth (`LEDGER_FIRST_EVENT`), a receipt for another tree than this ledger had (`LEDGER_RECEIPT_FALSE`), or a change of
 * keys that isn't true, or isn't to the key that signs from here on (`LEDGER_ROTATION`).
 */
export function admit(input: EventInput, tree: MerkleTree, keys: KeyHistory, key: VerifierKey): void {
  const isFirst = tree.size === 0
  const isBirth = input.type === 'station.key'
  if (isFirst !== isBirth || (isBirth && input.data.vkey !== key.vkey)) {
    throw new Fault('LEDGER_FIRST_EVENT', 'a ledger starts with the birth of its own key, once')
  }
  if (input.type === 'receipt' && !isReceiptFor(input.data, tree, keys)) {
    throw new Fault('LEDGER_RECEIPT_FALSE', 'the receipt is not for a tree of this ledger')
  }
  if (input.type === 'station.rekeyed') admitRotation(input.data, tree, keys, key)
}

function admitRotation(
  { note, vkey }: EventData['station.rekeyed'],
  tree: MerkleTree,
  keys: KeyHistory,
  key: VerifierKey,
): void {
  const { current, rotations } = unwrap(keys.extend(note, tree.size))
  if (current.vkey === vkey && vkey === key.vkey && rotations.at(-1)?.root === toHex(tree.root())) return
  throw new Fault('LEDGER_ROTATION', 'the change of keys is not the one that is being made')
}

/** The witness's own line is verified by whoever knows the witness; here, that the tree is one of ours. */
function isReceiptFor(
  { note, size, root }: EventData['receipt'],
  tree: MerkleTree,
  keys: KeyHistory,
): boolean {
  const checkpoint = keys.open(note)
  return (
    checkpoint.ok &&
    checkpoint.value.size === size &&
    size <= tree.size &&
    Buffer.from(checkpoint.value.root).toString('hex') === root &&
    sameHash(checkpoint.value.root, tree.root(size))
  )
}
