import type { Ledger } from './ledger.ts'
import { formatProof } from './proof.ts'

/**
 * A proof file (c2sp.org/tlog-proof) that event `index` is in the ledger as it stands, with the event's bytes as its
 * extra data, so that one file is enough. It shows nothing of other events but salted hashes. Throws `LEDGER_RANGE`.
 */
export function proveEvent(ledger: Ledger, index: number): string {
  const siblings = ledger.inclusionProof(index)
  const [event] = ledger.events(index, index + 1)
  return formatProof({ index, siblings, checkpoint: ledger.checkpoint(), extra: event!.body })
}
