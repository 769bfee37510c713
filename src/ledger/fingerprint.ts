import { toHex } from './bytes.ts'
import { sha256 } from './sha256.ts'

/**
 * Short name of a station's key that two people can read to each other: the first 80 bits of SHA-256 over the vkey
 * text, in hex groups of four. Each side computes it itself, or comparing would prove nothing.
 */
export function keyFingerprint(vkey: string): string {
  const digits = toHex(sha256(new TextEncoder().encode(vkey))).slice(0, 20)
  return [0, 4, 8, 12, 16].map((start) => digits.slice(start, start + 4)).join('-')
}
