import { Fault } from '../common/fault.ts'
import type { KeyHistory } from './key-history.ts'
import { type MerkleTree, sameHash } from './merkle.ts'

/**
 * The signed head of a stored ledger, checked against the tree of its events. Faults: `LEDGER_CORRUPT`, and
 * `LEDGER_WRONG_KEY` if another key signed it.
 */
export function checkedHead(head: { note: string } | null, tree: MerkleTree, keys: KeyHistory): string {
  if (head === null) throw new Fault('LEDGER_CORRUPT', 'the ledger has events but no signed head')
  const checkpoint = keys.open(head.note)
  if (!checkpoint.ok) {
    const unknown = checkpoint.fault.code === 'LEDGER_NOTE_UNKNOWN'
    const code = unknown ? 'LEDGER_WRONG_KEY' : 'LEDGER_CORRUPT'
    throw new Fault(code, 'the head of the ledger is not signed with this station’s key')
  }
  if (checkpoint.value.size !== tree.size || !sameHash(checkpoint.value.root, tree.root())) {
    throw new Fault('LEDGER_CORRUPT', 'the events are not those of the signed head; run "shidao log verify"')
  }
  return head.note
}
