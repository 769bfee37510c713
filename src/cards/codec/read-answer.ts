import { Fault } from '../../common/fault.ts'
import { failed, ok, type Result } from '../../common/result.ts'

/** The two blocks of a read (30 01): a text record and a photo of at most 1,024 bytes, possibly none. */
export interface CardBlocks {
  readonly text: Uint8Array
  readonly photo: Uint8Array
}

export const TEXT_BYTES = 256
export const PHOTO_BYTES = 1024

/**
 * Splits the payload of a read: u16be text length, u16be photo length, text, photo.
 * `CARD_LAYOUT` when the lengths aren't those of a card or don't add up to the payload.
 */
export function splitReadAnswer(payload: Uint8Array): Result<CardBlocks> {
  if (payload.length < 4) return failed(new Fault('CARD_LAYOUT', 'the answer has no length fields'))
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength)
  const textBytes = view.getUint16(0)
  const photoBytes = view.getUint16(2)
  if (textBytes !== TEXT_BYTES || photoBytes > PHOTO_BYTES || payload.length !== 4 + textBytes + photoBytes)
    return failed(
      new Fault('CARD_LAYOUT', `the answer holds ${payload.length} bytes for ${textBytes} and ${photoBytes}`),
    )
  return ok({ text: payload.subarray(4, 4 + textBytes), photo: payload.subarray(4 + textBytes) })
}

/** The payload of a read, as `splitReadAnswer` takes it. */
export function joinReadAnswer({ text, photo }: CardBlocks): Uint8Array {
  const payload = new Uint8Array(4 + text.length + photo.length)
  const view = new DataView(payload.buffer)
  view.setUint16(0, text.length)
  view.setUint16(2, photo.length)
  payload.set(text, 4)
  payload.set(photo, 4 + text.length)
  return payload
}
