import { Fault } from '../../common/fault.ts'
import { failed, ok, type Result } from '../../common/result.ts'

/*
 * What portrait decoders write: 102 × 126 pixels, either bare (38,556 bytes) or as a BMP (38,862 bytes: a head of 54,
 * rows padded to 308).
 */

export const PORTRAIT_WIDTH = 102
export const PORTRAIT_HEIGHT = 126
export const RAW_BYTES = PORTRAIT_WIDTH * PORTRAIT_HEIGHT * 3
export const BMP_BYTES = 54 + PORTRAIT_HEIGHT * 308

/** How a decoder lays bare pixels out; published builds write BGR from the bottom row to the top. */
export interface RawLayout {
  readonly order: 'bgr' | 'rgb'
  readonly rows: 'bottom-up' | 'top-down'
}

/** Bare pixels → RGB from the top row down. `CARD_PORTRAIT_SIZE`, `CARD_PORTRAIT_EMPTY` (one colour all over). */
export function pixelsOfRaw(raw: Uint8Array, layout: RawLayout): Result<Uint8Array> {
  if (raw.length !== RAW_BYTES) return wrongSize(raw.length)
  return straighten(raw, { ...layout, offset: 0, stride: PORTRAIT_WIDTH * 3 })
}

/** A BMP of a card's portrait → RGB from the top row down. Also `CARD_PORTRAIT_FORMAT`. */
export function pixelsOfBmp(bmp: Uint8Array): Result<Uint8Array> {
  if (bmp.length !== BMP_BYTES) return wrongSize(bmp.length)
  const view = new DataView(bmp.buffer, bmp.byteOffset, bmp.byteLength)
  const height = view.getInt32(22, true)
  const isPortrait =
    isBmp(bmp) &&
    view.getUint32(10, true) === 54 &&
    view.getInt32(18, true) === PORTRAIT_WIDTH &&
    Math.abs(height) === PORTRAIT_HEIGHT &&
    view.getUint16(28, true) === 24 &&
    view.getUint32(30, true) === 0
  if (!isPortrait) return failed(new Fault('CARD_PORTRAIT_FORMAT', 'the BMP is not a portrait of 102 × 126'))
  return straighten(bmp, {
    order: 'bgr',
    rows: height > 0 ? 'bottom-up' : 'top-down',
    offset: 54,
    stride: 308,
  })
}

export function isBmp(bytes: Uint8Array): boolean {
  return bytes[0] === 0x42 && bytes[1] === 0x4d
}

function straighten(
  bytes: Uint8Array,
  { order, rows, offset, stride }: RawLayout & { offset: number; stride: number },
): Result<Uint8Array> {
  const rgb = new Uint8Array(RAW_BYTES)
  for (let y = 0; y < PORTRAIT_HEIGHT; y++) {
    const from = offset + (rows === 'bottom-up' ? PORTRAIT_HEIGHT - 1 - y : y) * stride
    rgb.set(bytes.subarray(from, from + PORTRAIT_WIDTH * 3), y * PORTRAIT_WIDTH * 3)
  }
  if (order === 'bgr')
    for (let at = 0; at < RAW_BYTES; at += 3) {
      const blue = rgb[at] ?? 0
      rgb[at] = rgb[at + 2] ?? 0
      rgb[at + 2] = blue
    }
  if (rgb.every((value, i) => value === rgb[i % 3]))
    return failed(new Fault('CARD_PORTRAIT_EMPTY', 'the decoder gave a picture of one colour'))
  return ok(rgb)
}

function wrongSize(bytes: number) {
  return failed(
    new Fault('CARD_PORTRAIT_SIZE', `the decoder gave ${bytes} bytes, neither ${RAW_BYTES} nor ${BMP_BYTES}`),
  )
}
