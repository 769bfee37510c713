import { hash } from 'node:crypto'
import { Fault } from '../common/fault.ts'

/*
 * The Merkle tree of RFC 6962 §2.1 over SHA-256: a leaf is hashed behind 0x00, a node behind 0x01, and a tree of n
 * leaves splits at the largest power of two below n. Proofs are verified by the iterative algorithms of RFC 9162
 * §2.1.3.2 and §2.1.4.2.
 */

/** 32 bytes of SHA-256. */
export type Hash = Uint8Array

/** Leaf hash of an event's bytes: SHA-256(0x00 || body). */
export function leafHash(body: Uint8Array): Hash {
  const prefixed = new Uint8Array(1 + body.length)
  prefixed.set(body, 1)
  return sha256(prefixed)
}

/** Hash of an inner node: SHA-256(0x01 || left || right). */
export function nodeHash(left: Hash, right: Hash): Hash {
  const prefixed = new Uint8Array(1 + 2 * HASH_BYTES)
  prefixed[0] = 1
  prefixed.set(left, 1)
  prefixed.set(right, 1 + HASH_BYTES)
  return sha256(prefixed)
}

/** Root of the tree without leaves: SHA-256 of nothing. */
export function emptyRoot(): Hash {
  return sha256(new Uint8Array(0))
}

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

/** True if the leaf is at `index` of the tree of `size` leaves with this root. Total: nonsense is false. */
export function verifyInclusion(claim: {
  readonly index: number
  readonly size: number
  readonly leaf: Hash
  readonly root: Hash
  readonly proof: readonly Hash[]
}): boolean {
  const { index, size, leaf, root, proof } = claim
  if (!isCount(index) || !isCount(size) || index >= size || !areHashes([leaf, root, ...proof])) return false
  let [fn, sn] = [index, size - 1]
  let node = leaf
  for (const sibling of proof) {
    if (sn === 0) return false
    if (fn % 2 === 1 || fn === sn) {
      node = nodeHash(sibling, node)
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [half(fn), half(sn)]
    } else {
      node = nodeHash(node, sibling)
    }
    ;[fn, sn] = [half(fn), half(sn)]
  }
  return sn === 0 && sameHash(node, root)
}

/**
 * True if the tree of `second` leaves extends the tree of `first` leaves. Total: nonsense is false.
 * Every tree extends the empty one, by an empty proof.
 */
export function verifyConsistency(claim: {
  readonly first: number
  readonly second: number
  readonly firstRoot: Hash
  readonly secondRoot: Hash
  readonly proof: readonly Hash[]
}): boolean {
  const { first, second, firstRoot, secondRoot, proof } = claim
  if (!isCount(first) || !isCount(second) || first > second) return false
  if (!areHashes([firstRoot, secondRoot, ...proof])) return false
  if (first === second) return proof.length === 0 && sameHash(firstRoot, secondRoot)
  if (first === 0) return proof.length === 0 && sameHash(firstRoot, emptyRoot())
  const path = isPowerOfTwo(first) ? [firstRoot, ...proof] : proof
  const [seed, ...rest] = path
  if (seed === undefined || proof.length === 0) return false
  let [fn, sn] = [first - 1, second - 1]
  while (fn % 2 === 1) [fn, sn] = [half(fn), half(sn)]
  let [oldNode, newNode] = [seed, seed]
  for (const sibling of rest) {
    if (sn === 0) return false
    if (fn % 2 === 1 || fn === sn) {
      oldNode = nodeHash(sibling, oldNode)
      newNode = nodeHash(sibling, newNode)
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [half(fn), half(sn)]
    } else {
      newNode = nodeHash(newNode, sibling)
    }
    ;[fn, sn] = [half(fn), half(sn)]
  }
  return sn === 0 && sameHash(oldNode, firstRoot) && sameHash(newNode, secondRoot)
}

export function sameHash(a: Hash, b: Hash): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i])
}

const HASH_BYTES = 32

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

function sha256(bytes: Uint8Array): Hash {
  return new Uint8Array(hash('sha256', bytes, 'buffer'))
}

/** The largest power of two below n, for n ≥ 2. Without bit operations, which stop at 2^31. */
function splitPoint(n: number): number {
  const power = 2 ** Math.floor(Math.log2(n))
  return power === n ? power / 2 : power
}

function half(n: number): number {
  return Math.floor(n / 2)
}

function isPowerOfTwo(n: number): boolean {
  return Number.isInteger(Math.log2(n))
}

function isCount(n: number): boolean {
  return Number.isSafeInteger(n) && n >= 0
}

function areHashes(hashes: readonly Uint8Array[]): boolean {
  return hashes.every((bytes) => bytes.length === HASH_BYTES)
}

function inRange(n: number, lowest: number, highest: number): void {
  if (Number.isInteger(n) && n >= lowest && n <= highest) return
  throw new Fault('LEDGER_RANGE', `${n} is not within ${lowest} and ${highest}`)
}
