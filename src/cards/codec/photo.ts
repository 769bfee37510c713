import { Fault } from '../../common/fault.ts'
import { failed, ok, type Result } from '../../common/result.ts'
import type { CardPhoto } from '../reader.ts'
import { PHOTO_BYTES } from './read-answer.ts'

/*
 * The photo block of a card, at most 1,024 bytes.
 *
 * Real cards carry WLT, a licensed wavelet codec: 'W' 'L', u16le 102, u16le 126 … Only its head can be judged here.
 *
 * Simulated cards carry this project's own format, so that nobody takes one for the other:
 *   "SIMP" | version 1 | 0 | u16le length | a WebP image of that length | zeros to 1,024
 * Length 0 is a simulated card without a portrait.
 */

/** What the block holds, and the image where it can be decoded without a licence. Total. */
export function readPhotoBlock(block: Uint8Array): CardPhoto {
  if (block.every((byte) => byte === 0)) return { format: 'none', block, image: null }
  if (startsWith(block, WLT_HEAD)) return { format: 'wlt', block, image: null }
  if (startsWith(block, SIMULATED_HEAD)) {
    const length = (block[6] ?? 0) | ((block[7] ?? 0) << 8)
    const image = block.subarray(HEAD_BYTES, HEAD_BYTES + length)
    if (length === 0) return { format: 'simulated', block, image: null }
    if (image.length === length && isWebp(image)) return { format: 'simulated', block, image }
  }
  return { format: 'unknown', block, image: null }
}

/** Largest image that a simulated photo block holds, bytes. */
export const MAX_SIMULATED_PORTRAIT = PHOTO_BYTES - 8

/**
 * The photo block of a simulated card. `null` is a card without a portrait.
 * `CARD_PHOTO` if it isn't WebP or has more than 1,016 bytes.
 */
export function wrapSimulatedPortrait(webp: Uint8Array | null): Result<Uint8Array> {
  const image = webp ?? new Uint8Array()
  if (webp !== null && !isWebp(webp))
    return failed(new Fault('CARD_PHOTO', 'the portrait is not a WebP image'))
  if (image.length > MAX_SIMULATED_PORTRAIT)
    return failed(
      new Fault('CARD_PHOTO', `the portrait has ${image.length} bytes; ${MAX_SIMULATED_PORTRAIT} fit`),
    )
  const block = new Uint8Array(PHOTO_BYTES)
  block.set(SIMULATED_HEAD)
  block[6] = image.length & 0xff
  block[7] = image.length >> 8
  block.set(image, HEAD_BYTES)
  return ok(block)
}

/** A block with the head of WLT and nothing behind it: what a real card's photo looks like from outside. */
export function fillerWltBlock(): Uint8Array {
  const block = new Uint8Array(PHOTO_BYTES).fill(0x5a)
  block.set([...WLT_HEAD, 0x32, 0x00, 0x00, 0xff])
  return block
}

const HEAD_BYTES = 8
const WLT_HEAD = Uint8Array.of(0x57, 0x4c, 102, 0, 126, 0)
const SIMULATED_HEAD = Uint8Array.of(0x53, 0x49, 0x4d, 0x50, 1, 0)

function isWebp(image: Uint8Array): boolean {
  return ascii(image, 0) === 'RIFF' && ascii(image, 8) === 'WEBP'
}

function ascii(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + 4))
}

function startsWith(bytes: Uint8Array, head: Uint8Array): boolean {
  return bytes.length > head.length && head.every((byte, i) => byte === bytes[i])
}
