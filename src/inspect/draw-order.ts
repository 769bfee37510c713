import { concatBytes } from '../ledger/bytes.ts'
import { sha256 } from '../ledger/sha256.ts'

/** Somebody who may be drawn. */
export interface Candidate {
  readonly person: string
  /** How much likelier than somebody of weight 1; a whole number from 1 to 16. */
  readonly weight: number
}

/** The station's 32 secret bytes that it committed to, and the 16 to 64 that came from somebody else. */
export interface Randomness {
  readonly seed: Uint8Array
  readonly nonce: Uint8Array
}

/**
 * Draws k people without replacement, in the order in which they are called (docs/formats.md, "Draw").
 * `candidates` are in the order of the roster's text, each person once; `seed` is 32 bytes; 1 ≤ k ≤ candidates.
 * Each step picks one of those who are left with a chance in proportion to the weight: a number below the sum of
 * weights, made from a hash, then the place where the running sum passes it. With equal weights every order is as
 * likely as any other. There are no ties, because nobody is sorted by a hash.
 */
export function drawOrder(
  candidates: readonly Candidate[],
  k: number,
  { seed, nonce }: Randomness,
  domain = 'shidao-draw/v1',
): string[] {
  const left = [...candidates]
  const words = randomWords(domain, { seed, nonce })
  const drawn: string[] = []
  let total = left.reduce((sum, { weight }) => sum + weight, 0)
  while (drawn.length < k) {
    const place = placeOf(left, numberBelow(total, words))
    const [candidate] = left.splice(place, 1)
    if (candidate === undefined) throw new RangeError('more people are drawn than there are')
    drawn.push(candidate.person)
    total -= candidate.weight
  }
  return drawn
}

/**
 * A whole number 0 ≤ x < bound from 32-bit words, without bias: the highest bits of a word, as many as bound − 1
 * needs, and the next word where they are too large. `bound` from 1 to 2^31; for 1 no word is taken.
 */
export function numberBelow(bound: number, words: Iterator<number, never>): number {
  const bits = 32 - Math.clz32(bound - 1)
  if (bits === 0) return 0
  for (;;) {
    const number = words.next().value >>> (32 - bits)
    if (number < bound) return number
  }
}

/**
 * Word i: the first four bytes, big-endian, of SHA-256(key || i), i in eight bytes;
 * key = SHA-256(domain || 0x0A || seed || nonce).
 */
export function* randomWords(domain: string, { seed, nonce }: Randomness): Generator<number, never> {
  const start = new TextEncoder().encode(`${domain}\n`)
  const block = concatBytes(sha256(concatBytes(start, seed, nonce)), new Uint8Array(8))
  const view = new DataView(block.buffer)
  for (let i = 0; ; i++) {
    view.setBigUint64(32, BigInt(i))
    const digest = sha256(block)
    yield new DataView(digest.buffer, digest.byteOffset).getUint32(0)
  }
}

function placeOf(left: readonly Candidate[], number: number): number {
  let passed = 0
  return left.findIndex(({ weight }) => {
    passed += weight
    return number < passed
  })
}
