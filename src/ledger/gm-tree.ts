import { concatBytes, sameBytes } from './bytes.ts'
import type { Checkpoint } from './checkpoint.ts'
import type { Hash } from './merkle-hash.ts'
import { sm3 } from './sm3.ts'

/*
 * The second tree of the gm suite: RFC 6962 §2.1 over the same event bytes with SM3 in SHA-256's place. Only what is
 * needed to go on growing is held, the roots of the complete subtrees from left to right, at most 53 hashes.
 */

/** Which events end with a signature over the second tree. */
export const GM_SIGNED: ReadonlySet<string> = new Set(['station.suite', 'session.closed', 'receipt'])

/** Origin of a ledger's second tree. */
export function gmOrigin(origin: string): string {
  return `${origin}/gm`
}

export class GmTree {
  #size: number
  #peaks: Hash[]

  constructor(from: { readonly size: number; readonly peaks: readonly Hash[] } = { size: 0, peaks: [] }) {
    this.#size = from.size
    this.#peaks = [...from.peaks]
  }

  get size(): number {
    return this.#size
  }

  /** Roots of the complete subtrees, the largest first: as many as `size` has one bits. */
  get peaks(): readonly Hash[] {
    return [...this.#peaks]
  }

  /** Adds an event's bytes as the next leaf. */
  append(body: Uint8Array): void {
    let node = sm3(concatBytes(Uint8Array.of(0), body))
    // Every trailing one bit of the size is a complete subtree that this leaf doubles.
    for (let rest = this.#size; rest % 2 === 1; rest = Math.floor(rest / 2)) {
      node = nodeHash(this.#peaks.pop()!, node)
    }
    this.#peaks.push(node)
    this.#size++
  }

  root(): Hash {
    const [last, ...others] = this.#peaks.toReversed()
    return last === undefined
      ? sm3(new Uint8Array())
      : others.reduce((right, left) => nodeHash(left, right), last)
  }
}

/** The tree that was stored as its size and peaks, or null if these don't fit each other. */
export function storedGmTree(size: number, peaks: Uint8Array): GmTree | null {
  const count = size.toString(2).replaceAll('0', '').length
  if (peaks.length !== 32 * count) return null
  return new GmTree({
    size,
    peaks: Array.from({ length: count }, (_, i) => peaks.slice(32 * i, 32 * (i + 1))),
  })
}

/** Whether a checkpoint is over this very tree. */
export function signs({ size, root }: Checkpoint, tree: GmTree): boolean {
  return size === tree.size && sameBytes(root, tree.root())
}

function nodeHash(left: Hash, right: Hash): Hash {
  return sm3(concatBytes(Uint8Array.of(1), left, right))
}
