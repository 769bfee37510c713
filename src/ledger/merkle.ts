import { Fault } from '../common/fault.ts'
import { BLOCK_LEVELS, BlockReader, type StoredLeaves } from './merkle-blocks.ts'
import { emptyRoot, HASH_BYTES, type Hash, nodeHash, pairHash } from './merkle-hash.ts'

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
  /** What the lowest levels leave out. */
  #older: BlockReader | null = null

  static fromLeaves(leaves: Iterable<Hash>): MerkleTree {
    const tree = new MerkleTree()
    for (const leaf of leaves) tree.append(leaf)
    return tree
  }

  /**
   * A tree whose first leaves stay where they are stored, 2 bytes of memory a leaf. Its roots are as true as those of
   * the blocks; what is inside a block is read and checked when it is asked for, and then may throw `LEDGER_CORRUPT`.
   */
  static fromBlocks(roots: readonly Hash[], leaves: StoredLeaves): MerkleTree {
    const tree = new MerkleTree()
    if (roots.length === 0) return tree
    for (let level = 0; level < BLOCK_LEVELS; level++) {
      tree.#levels[level] = new HashList(roots.length * 2 ** (BLOCK_LEVELS - level))
    }
    const blocks = new HashList()
    tree.#levels[BLOCK_LEVELS] = blocks
    for (const root of roots) tree.#push(BLOCK_LEVELS, root)
    tree.#older = new BlockReader((block) => blocks.at(block), leaves)
    return tree
  }

  /**
   * Forgets what is inside the complete blocks: `leaves` gives it back when it is asked for, and is checked then against
   * the block's root, which stays. A tree that sheds while it grows takes 2 bytes a leaf; it can't be truncated into a
   * block that it shed.
   */
  shed(leaves: StoredLeaves): void {
    const blocks = this.#levels[BLOCK_LEVELS]
    if (blocks === undefined || blocks.length === 0) return
    this.#older ??= new BlockReader((block) => blocks.at(block), leaves)
    for (let level = 0; level < BLOCK_LEVELS; level++) {
      this.#levels[level]!.forget(blocks.length * 2 ** (BLOCK_LEVELS - level))
    }
  }

  /** Adds a leaf hash and gives its 0-based index. */
  append(leaf: Hash): number {
    if (leaf.length !== HASH_BYTES) throw new Fault('LEDGER_RANGE', 'a leaf hash has 32 bytes')
    const index = this.size
    this.#push(0, leaf)
    return index
  }

  /** The root of the complete subtree of 2^level leaves at a position. */
  completeSubtree(level: number, position: number): Hash {
    inRange((position + 1) * 2 ** level, 1, this.size)
    return this.#node(level, position)
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
    return this.#node(0, index)
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
    if (Number.isInteger(level)) return this.#node(level, start / width)
    const middle = start + splitPoint(width)
    return nodeHash(this.#subtree(start, middle), this.#subtree(middle, end))
  }

  #node(level: number, position: number): Hash {
    const row = this.#levels[level]!
    return position < row.first ? this.#older!.node(level, position) : row.at(position)
  }

  /** Adds a complete subtree on the right, and every larger one that it completes. */
  #push(lowest: number, subtree: Hash): void {
    let node = subtree
    for (let level = lowest; ; level++) {
      const row = this.#levels[level] ?? this.#addLevel()
      row.push(node)
      if (row.length % 2 === 1) return
      node = row.parentOfLastTwo()
    }
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
  #length: number

  #first: number

  constructor(first = 0) {
    this.#first = first
    this.#length = first
  }

  /** Where the list starts; what is to the left of it is not held here. */
  get first(): number {
    return this.#first
  }

  get length(): number {
    return this.#length
  }

  push(node: Hash): void {
    const offset = (this.#length - this.#first) * HASH_BYTES
    if (offset === this.#bytes.length) {
      const larger = new Uint8Array(this.#bytes.length * 2)
      larger.set(this.#bytes)
      this.#bytes = larger
    }
    this.#bytes.set(node, offset)
    this.#length++
  }

  at(index: number): Hash {
    const offset = (index - this.#first) * HASH_BYTES
    return this.#bytes.slice(offset, offset + HASH_BYTES)
  }

  parentOfLastTwo(): Hash {
    const end = (this.#length - this.#first) * HASH_BYTES
    return pairHash(this.#bytes.subarray(end - 2 * HASH_BYTES, end))
  }

  truncate(length: number): void {
    this.#length = Math.min(this.#length, length)
  }

  /** Lets the list start at `first`, which must not be left of where it starts now. */
  forget(first: number): void {
    const [start, end] = [first - this.#first, this.#length - this.#first].map((n) => n * HASH_BYTES)
    this.#bytes.copyWithin(0, start!, end!)
    this.#first = first
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
