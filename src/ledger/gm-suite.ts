import { randomBytes } from 'node:crypto'
import { Fault } from '../common/fault.ts'
import { concatBytes } from './bytes.ts'
import { formatCheckpoint, openCheckpoint } from './checkpoint.ts'
import type { RecordedEvent } from './event-reader.ts'
import { GmTree, signs, storedGmTree } from './gm-tree.ts'
import type { Hash } from './merkle-hash.ts'
import { type NoteSigner, signNote, type VerifierKey, verifierKey } from './note.ts'
import { SIGNATURE_TYPE } from './signature-type.ts'
import { sm2KnowsItsStandard, sm2PublicKey, sm2Sign } from './sm2.ts'

/*
 * The gm suite: beside the ledger's own tree and key, a second tree over the same events with SM3, signed with SM2 at
 * the ends of sessions, at receipts and exports, for whoever has to rely on GB/T algorithms alone.
 */

export { GM_SIGNED, gmOrigin } from './gm-tree.ts'

/** A signed checkpoint of the second tree, and what is needed to go on from it. */
export interface GmCheckpoint {
  readonly size: number
  readonly note: string
  /** The tree's peaks, end to end. */
  readonly peaks: Uint8Array
}

/** A signer of type 0xff `sm2-sm3` over a private key of 32 bytes in memory. Throws `LEDGER_GM_SELFTEST`. */
export function sm2Signer(
  name: string,
  privateKey: Uint8Array,
  random: () => Uint8Array = () => new Uint8Array(randomBytes(32)),
): NoteSigner {
  requireKnownAnswer()
  const key = verifierKey(name, SIGNATURE_TYPE.sm2, sm2PublicKey(privateKey))
  return { key, sign: (message) => sm2Sign(privateKey, message, random) }
}

/** Signs a note of the second tree. */
export function signGmCheckpoint(tree: GmTree, signer: NoteSigner): GmCheckpoint {
  const { size } = tree
  const text = formatCheckpoint({ origin: signer.key.name, size, root: tree.root() })
  return { size, note: signNote(text, [signer]), peaks: concatBytes(...tree.peaks) }
}

/** The second tree of a ledger that is being written. */
export class GmSuite {
  #signer: NoteSigner
  #tree: GmTree

  /**
   * Takes up the tree where its newest signed checkpoint left it, if that one still signs it, or else from the first
   * event on. Throws `LEDGER_GM_SELFTEST` if SM2 here doesn't give what the standard prints.
   */
  constructor(
    signer: NoteSigner,
    newest: GmCheckpoint | null,
    bodiesFrom: (index: number) => Iterable<Uint8Array>,
  ) {
    requireKnownAnswer()
    this.#signer = signer
    this.#tree = resumedTree(newest, signer.key) ?? new GmTree()
    for (const body of bodiesFrom(this.#tree.size)) this.#tree.append(body)
  }

  get key(): VerifierKey {
    return this.#signer.key
  }

  /** The tree as it is: its size, and its root by SM3. */
  get tree(): { readonly size: number; readonly root: Hash } {
    return { size: this.#tree.size, root: this.#tree.root() }
  }

  /** From now on another key signs; gives the one that did. */
  change(signer: NoteSigner): NoteSigner {
    const before = this.#signer
    this.#signer = signer
    return before
  }

  append(body: Uint8Array): void {
    this.#tree.append(body)
  }

  sign(): GmCheckpoint {
    return signGmCheckpoint(this.#tree, this.#signer)
  }

  /** The tree as it is now, to go back to if what was appended doesn't become durable. */
  mark(): GmTree {
    return new GmTree(this.#tree)
  }

  restore(mark: GmTree): void {
    this.#tree = mark
  }
}

function resumedTree(newest: GmCheckpoint | null, key: VerifierKey): GmTree | null {
  const tree = newest === null ? null : storedGmTree(newest.size, newest.peaks)
  if (newest === null || tree === null) return null
  const signed = openCheckpoint(newest.note, [key])
  return signed.ok && signs(signed.value, tree) ? tree : null
}

/**
 * Whether a ledger's events say already that its second tree is written with this key, or, for null, that there is none.
 * `after` are the events behind its newest checkpoint.
 */
export function isSuiteSaid(
  newest: GmCheckpoint | null,
  key: VerifierKey | null,
  after: Iterable<RecordedEvent>,
): boolean {
  const vkey = key?.vkey ?? null
  if (newest === null) return vkey === null
  for (const { event } of after) {
    if (event.type === 'station.suite') return event.data.vkey === vkey
  }
  return key !== null && openCheckpoint(newest.note, [key]).ok
}

let knownAnswer: boolean | null = null

/** Once in a process: the example of GB/T 32918.5. Throws `LEDGER_GM_SELFTEST`. */
function requireKnownAnswer(): void {
  knownAnswer ??= sm2KnowsItsStandard()
  if (knownAnswer) return
  throw new Fault(
    'LEDGER_GM_SELFTEST',
    'SM2 does not give the example of GB/T 32918.5 here; gm does not start',
  )
}
