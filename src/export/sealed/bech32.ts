/*
 * Bech32 (BIP 173) as age uses it: any length, no limit of 90 characters. Only what keys of 32 bytes need.
 */

const ALPHABET = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l'
const GENERATOR = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3]

/** Lower case; whoever wants capitals makes them of the whole text. */
export function encodeBech32(prefix: string, bytes: Uint8Array): string {
  const words = regroup(bytes, 8, 5, true) ?? []
  const checksum = polymod([...expand(prefix), ...words, 0, 0, 0, 0, 0, 0]) ^ 1
  const tail = [0, 1, 2, 3, 4, 5].map((place) => (checksum >>> (5 * (5 - place))) & 31)
  return `${prefix}1${[...words, ...tail].map((word) => ALPHABET[word]).join('')}`
}

/** The bytes behind a prefix (in lower case), or null: mixed case, another prefix, a bad character or checksum. */
export function decodeBech32(prefix: string, text: string): Uint8Array | null {
  const lower = text.toLowerCase()
  if (text !== lower && text !== text.toUpperCase()) return null
  const split = lower.lastIndexOf('1')
  if (split < 0 || lower.slice(0, split) !== prefix) return null
  const words = [...lower.slice(split + 1)].map((character) => ALPHABET.indexOf(character))
  if (words.length < 6 || words.includes(-1) || polymod([...expand(prefix), ...words]) !== 1) return null
  const bytes = regroup(words.slice(0, -6), 5, 8, false)
  return bytes === null ? null : Uint8Array.from(bytes)
}

function expand(prefix: string): number[] {
  const codes = [...prefix].map((character) => character.charCodeAt(0))
  return [...codes.map((code) => code >>> 5), 0, ...codes.map((code) => code & 31)]
}

function polymod(words: readonly number[]): number {
  let sum = 1
  for (const word of words) {
    const top = sum >>> 25
    sum = ((sum & 0x1ffffff) << 5) ^ word
    for (const [bit, value] of GENERATOR.entries()) if ((top >>> bit) & 1) sum ^= value
  }
  return sum >>> 0
}

/** Bits in other groups; null where padding is not all zero or too long. */
function regroup(words: Iterable<number>, from: number, to: number, pad: boolean): number[] | null {
  const groups: number[] = []
  let held = 0
  let bits = 0
  for (const word of words) {
    held = (held << from) | word
    bits += from
    while (bits >= to) {
      bits -= to
      groups.push((held >>> bits) & ((1 << to) - 1))
    }
    held &= (1 << bits) - 1
  }
  if (pad) return bits === 0 ? groups : [...groups, (held << (to - bits)) & ((1 << to) - 1)]
  return bits >= from || held !== 0 ? null : groups
}
