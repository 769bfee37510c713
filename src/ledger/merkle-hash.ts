import { sha256 } from './sha256.ts'

/* Hashes of the Merkle tree of RFC 6962 §2.1, SHA-256: leaves behind 0x00, nodes behind 0x01. */

export const HASH_BYTES = 32

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

/** The same of two hashes that lie end to end. */
export function pairHash(pair: Uint8Array): Hash {
  const prefixed = new Uint8Array(1 + 2 * HASH_BYTES)
  prefixed[0] = 1
  prefixed.set(pair, 1)
  return sha256(prefixed)
}

/** Root of the tree without leaves: SHA-256 of nothing. */
export function emptyRoot(): Hash {
  return sha256(new Uint8Array(0))
}

export function sameHash(a: Hash, b: Hash): boolean {
  if (a.length !== b.length) return false
  // A loop, because a verifier asks a million times.
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}
