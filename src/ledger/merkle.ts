import { Fault } from '../common/fault.ts'
import { emptyRoot, HASH_BYTES, type Hash, nodeHash } from './merkle-hash.ts'

export { emptyRoot, type Hash, leafHash, nodeHash, sameHash } from './merkle-hash.ts'
export { verifyConsistency, verifyInclusion } from './merkle-proof.ts'

/*
 * The Merkle tree of RFC 6962 §2.1 over SHA-256: a leaf is hashed behind 0x00, a node behind 0x01, and a tree of n
 * leaves splits at the largest power of two below n.
 */

/**
 * A growing tree in memory, 64 bytes a leaf. Every complete subtree's hash is kept, so that a root or a proof at any
 * past size costs O(log² n) look-ups and at most O(log n) hashes.
 * A size or index outside the tree throws `LEDGER_RANGE`.
 */
export class MerkleTree {
  /** levels[k] holds the hashes of the complete subtrees of 2^k leaves, from left to right. */
  readonly #levels: HashList[] = [new HashList()]

  static fromLeaves(leaves: Iterable<Hash>): MerkleTree {
    const tree = new MerkleTree()
    for (const leaf of leaves) tree.append(leaf)
    return tree
  }

  /** Adds a leaf hash and gives its 0-based index. */
  append(leaf: Hash): number {
    if (leaf.length !== HASH_BYTES) throw new Fault('LEDGER_RANGE', 'a leaf hash has 32 bytes')
    const index = this.size
    let node = leaf
    for (let level = 0; ; level++) {
      const row = this.#levels[level] ?? this.#addLevel()
      row.push(node)
      if (row.length % 2 === 1) return index
      node = nodeHash(row.at(row.length - 2), row.at(row.length - 1))
    }
  }

  /** Forgets every leaf from `size` on: an append that did not become durable never happened. */
  truncate(size: number): void {
    inRange(size, 0, this.size)
    for (const [level, row] of this.#levels.entries()) row.truncate(Math.floor(size / 2 ** level))
  }

  get size(): number {
    return this.#levels[0]!.length
  }

  leaf(index: number): Hash {
    inRange(index, 0, this.size - 1)
    return this.#levels[0]!.at(index)
  }

  /** Root over the first `size` leaves, by default all. */
  root(size: number = this.size): Hash {
    inRange(size, 0, this.size)
    return size === 0 ? emptyRoot() : this.#subtree(0, size)
  }

  /** PATH(index, D[size]) of RFC 6962 §2.1.1: sibling hashes from the leaf up. */
  inclusionProof(index: number, size: number = this.size): Hash[] {
    inRange(size, 1, this.size)
    inRange(index, 0, size - 1)
    const proof: Hash[] = []
    let [start, end] = [0, size]
    while (end - start > 1) {
      const middle = start + splitPoint(end - start)
      if (index < middle) {
        proof.push(this.#subtree(middle, end))
        end = middle
      } else {
        proof.push(this.#subtree(start, middle))
        start = middle
      }
    }
    return proof.reverse()
  }

  /** PROOF(first, D[second]) of RFC 6962 §2.1.2; empty for first = 0 and for first = second. */
  consistencyProof(first: number, second: number = this.size): Hash[] {
    inRange(second, 0, this.size)
    inRange(first, 0, second)
    if (first === 0 || first === second) return []
    const proof: Hash[] = []
    let [start, end] = [0, second]
    while (first !== end) {
      const middle = start + splitPoint(end - start)
      if (first <= middle) {
        proof.push(this.#subtree(middle, end))
        end = middle
      } else {
        proof.push(this.#subtree(start, middle))
        start = middle
      }
    }
    // The old root itself is known to the verifier, so its own subtree is left out.
    if (start > 0) proof.push(this.#subtree(start, end))
    return proof.reverse()
  }

  /** Hash over the leaves start ≤ i < end, where start is a multiple of the largest power of two below the width. */
  #subtree(start: number, end: number): Hash {
    const width = end - start
    const level = Math.log2(width)
    if (Number.isInteger(level)) return this.#levels[level]!.at(start / width)
    const middle = start + splitPoint(width)
    return nodeHash(this.#subtree(start, middle), this.#subtree(middle, end))
  }

  #addLevel(): HashList {
    const level = new HashList()
    this.#levels.push(level)
    return level
  }
}

/** Hashes end to end in one buffer: an array of a million small objects would cost ten times the memory. */
class HashList {
  #bytes = new Uint8Array(HASH_BYTES * 16)
  #length = 0

  get length(): number {
    return this.#length
  }

  push(node: Hash): void {
    const offset = this.#length * HASH_BYTES
    if (offset === this.#bytes.length) {
      const larger = new Uint8Array(this.#bytes.length * 2)
      larger.set(this.#bytes)
      this.#bytes = larger
    }
    this.#bytes.set(node, offset)
    this.#length++
  }

  at(index: number): Hash {
    return this.#bytes.slice(index * HASH_BYTES, (index + 1) * HASH_BYTES)
  }

  truncate(length: number): void {
    this.#length = Math.min(this.#length, length)
  }
}

/** The largest power of two below n, for n ≥ 2. Without bit operations, which stop at 2^31. */
function splitPoint(n: number): number {
  const power = 2 ** Math.floor(Math.log2(n))
  return power === n ? power / 2 : power
}

function inRange(n: number, lowest: number, highest: number): void {
  if (Number.isInteger(n) && n >= lowest && n <= highest) return
  throw new Fault('LEDGER_RANGE', `${n} is not within ${lowest} and ${highest}`)
}
