import { Fault } from '../../common/fault.ts'
import { failed, ok, type Result } from '../../common/result.ts'

/** Values by tag, in the order in which the card gave them. */
export type TlvRecords = ReadonlyMap<number, Uint8Array>

/**
 * SIMPLE-TLV objects (ISO/IEC 7816-4:2020, 6.2) as records of a card have them: one byte of tag, one of length, or FF
 * and two. Total: `CARD_RECORD_TLV` for a tag 00 or FF, a length that runs over the end, or a tag that comes twice.
 */
export function parseSimpleTlv(bytes: Uint8Array): Result<TlvRecords> {
  const records = new Map<number, Uint8Array>()
  for (let at = 0; at < bytes.length; ) {
    const tag = bytes[at] ?? 0
    const short = bytes[at + 1] ?? 0xff
    const long = short === 0xff
    const length = long ? (bytes[at + 2] ?? 0) * 256 + (bytes[at + 3] ?? 0) : short
    const start = at + (long ? 4 : 2)
    if (tag === 0x00 || tag === 0xff) return broken('a record has a tag that no object may have')
    if (start + length > bytes.length)
      return broken('a record says that it is longer than what the card gave')
    if (records.has(tag)) return broken('the same record comes twice')
    records.set(tag, bytes.subarray(start, start + length))
    at = start + length
  }
  return ok(records)
}

/**
 * The value at a path of BER-TLV tags (ISO/IEC 8825-1, as in a card's file control information), e.g. `[0x6f, 0x84]`.
 * Null if it isn't there or the encoding is broken.
 */
export function findBerValue(bytes: Uint8Array, path: readonly number[]): Uint8Array | null {
  const [wanted, ...inside] = path
  if (wanted === undefined) return bytes
  for (let at = 0; at < bytes.length; ) {
    const head = readBerHead(bytes, at)
    if (head === null || head.end > bytes.length) return null
    if (head.tag === wanted) return findBerValue(bytes.subarray(head.start, head.end), inside)
    at = head.end
  }
  return null
}

function readBerHead(bytes: Uint8Array, at: number): { tag: number; start: number; end: number } | null {
  const first = bytes[at] ?? 0
  // All five low bits set: the tag goes on in a second byte. Cards use no tags of three.
  const tagBytes = (first & 0x1f) === 0x1f ? 2 : 1
  const tag = tagBytes === 1 ? first : first * 256 + (bytes[at + 1] ?? 0)
  const length = bytes[at + tagBytes]
  if (length === undefined) return null
  if (length < 0x80) return span(tag, at + tagBytes + 1, length)
  const extended = bytes[at + tagBytes + 1]
  return length === 0x81 && extended !== undefined ? span(tag, at + tagBytes + 2, extended) : null
}

function span(tag: number, start: number, length: number) {
  return { tag, start, end: start + length }
}

function broken(why: string): Result<never> {
  return failed(new Fault('CARD_RECORD_TLV', why))
}
