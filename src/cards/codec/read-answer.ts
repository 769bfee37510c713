import { Fault } from '../../common/fault.ts'
import { failed, ok, type Result } from '../../common/result.ts'

/** The two blocks of a read: a text record and a photo of at most 1,024 bytes, possibly none. */
export interface CardBlocks {
  readonly text: Uint8Array
  readonly photo: Uint8Array
}

export const TEXT_BYTES = 256
export const PHOTO_BYTES = 1024
/** Two templates of 512 bytes. */
export const FINGERPRINT_BYTES = 1024

/**
 * Splits the payload of a read, 30 01 (u16be text length, u16be photo length, text, photo) or 30 10 (a third length
 * field and, at the end, fingerprints). The blocks are copies: fingerprints are neither given back nor kept alive.
 * `CARD_LAYOUT` when the lengths aren't those of a card or don't add up to the payload.
 */
export function splitReadAnswer(payload: Uint8Array): Result<CardBlocks> {
  if (payload.length < 4) return failed(new Fault('CARD_LAYOUT', 'the answer has no length fields'))
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength)
  const textBytes = view.getUint16(0)
  const photoBytes = view.getUint16(2)
  const head = textBytes === TEXT_BYTES && photoBytes <= PHOTO_BYTES ? headBytes(view, photoBytes) : null
  if (head === null)
    return failed(
      new Fault('CARD_LAYOUT', `the answer holds ${payload.length} bytes for ${textBytes} and ${photoBytes}`),
    )
  const photoAt = head + TEXT_BYTES
  return ok({ text: payload.slice(head, photoAt), photo: payload.slice(photoAt, photoAt + photoBytes) })
}

/** Bytes of length fields, told by what they add up to; null if they don't. */
function headBytes(view: DataView, photoBytes: number): 4 | 6 | null {
  const blocks = TEXT_BYTES + photoBytes
  if (view.byteLength === 4 + blocks) return 4
  if (view.byteLength < 6 + blocks) return null
  const fingerprintBytes = view.getUint16(4)
  return fingerprintBytes <= FINGERPRINT_BYTES && view.byteLength === 6 + blocks + fingerprintBytes ? 6 : null
}

/** The payload of a read, as `splitReadAnswer` takes it: of 30 10 if there are fingerprints, even none of zero bytes. */
export function joinReadAnswer({ text, photo }: CardBlocks, fingerprints?: Uint8Array): Uint8Array {
  const blocks = fingerprints === undefined ? [text, photo] : [text, photo, fingerprints]
  const head = Buffer.alloc(2 * blocks.length)
  for (const [i, block] of blocks.entries()) head.writeUInt16BE(block.length, 2 * i)
  return new Uint8Array(Buffer.concat([head, ...blocks]))
}
