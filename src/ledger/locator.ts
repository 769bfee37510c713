import { formatCheckpoint } from './checkpoint.ts'
import type { Evidence } from './evidence.ts'
import type { KeyHistory } from './key-history.ts'
import type { MerkleTree } from './merkle.ts'
import { signatureTypes } from './signature-type.ts'

/** Finds where a tree leaves what the station signed, by the signature that it keeps for each size. */
export interface Locator {
  /** Whether the station signed the tree of the first `size` leaves as they are now. */
  isSigned(size: number): boolean
  /**
   * The first leaf that isn't as it was signed, among the first `size`; `size` if all are. Not exact if signatures are
   * missing: then the leaf is the first one that might not be.
   */
  firstUnsigned(size: number): { readonly first: number; readonly exact: boolean }
}

export function locator(tree: MerkleTree, keys: KeyHistory | null, evidence: Evidence): Locator {
  const isSigned = (size: number): boolean => {
    const key = keys?.at(size) ?? null
    const signature = key === null ? null : evidence.signature(size)
    const type = key === null ? undefined : signatureTypes[key.type]
    if (key === null || signature?.length !== type?.signatureBytes || size > tree.size) return false
    const text = formatCheckpoint({ origin: key.name, size, root: tree.root(size) })
    return type!.verify(key.publicKey, text, signature!)
  }
  return {
    isSigned,
    firstUnsigned: (size) => {
      // Every tree that holds a changed leaf has another root, so that signed sizes come first and then none.
      let [signed, unsigned] = [0, size + 1]
      while (unsigned - signed > 1) {
        const middle = Math.floor((signed + unsigned) / 2)
        if (isSigned(middle)) signed = middle
        else unsigned = middle
      }
      return { first: signed, exact: signed === size || evidence.signature(signed + 1) !== null }
    },
  }
}
