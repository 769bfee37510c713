import type { EventTime } from './event.ts'
import type { KeyHistory } from './key-history.ts'
import type { Hash } from './merkle.ts'
import type { NoteSigner } from './note.ts'

export interface Appended {
  /** 0-based leaf. */
  readonly index: number
  readonly leaf: Hash
  /** Signed note over the tree that ends with this event. */
  readonly checkpoint: string
}

export interface LedgerOptions {
  /** The station's data folder; the file in it is `ledger.db`. */
  readonly dir: string
  /** The station's key. Its name is the ledger's origin. */
  readonly signer: NoteSigner
  readonly now: () => EventTime
  /** The keys that signed before, where the key was changed; by default this one signed all. */
  readonly keys?: KeyHistory
  /** The key of the second tree, `origin/gm`; without it there is none. */
  readonly gm?: NoteSigner | null
  /** No appends and no lock; the ledger as it was when it was opened. */
  readonly readonly?: boolean
}
