/*
 * One frame of the SAM serial protocol (GA 467 family), both ways:
 *
 *   AA AA AA 96 69 | LenH LenL | body | CHK
 *
 * Len counts body and CHK; CHK is the XOR of everything from LenH up to the byte before it. A request's body is
 * CMD PARA data, an answer's body is SW1 SW2 SW3 data. One old reader sums instead (see `Checksum`).
 */

/** How CHK is made: the XOR of the standard, or the negative of the sum, as the CVR-100AU expects it. */
export type Checksum = 'xor' | 'negative-sum'

export const PREAMBLE = Uint8Array.of(0xaa, 0xaa, 0xaa, 0x96, 0x69)

/** Preamble and length field, bytes. */
export const HEAD_BYTES = PREAMBLE.length + 2

/** Largest length field taken. Text, photo and two fingerprint templates need 0x090A. */
export const MAX_LENGTH = 0x0a00

/** What a host asks: command and parameter byte, e.g. 20 01 = find card. */
export interface Request {
  readonly command: number
  readonly parameter: number
  readonly data: Uint8Array
}

/** What the SAM says: `status` is SW3; SW1 and SW2 are zero in every published capture. */
export interface Answer {
  readonly status: number
  readonly data: Uint8Array
}

/** The whole frame of a request, preamble to checksum. */
export function encodeRequest(
  command: number,
  parameter: number,
  data: Uint8Array = empty,
  checksum: Checksum = 'xor',
): Uint8Array {
  return encodeFrame(Uint8Array.of(command, parameter, ...data), checksum)
}

/** The whole frame of an answer, preamble to checksum. */
export function encodeAnswer(
  status: number,
  data: Uint8Array = empty,
  checksum: Checksum = 'xor',
): Uint8Array {
  return encodeFrame(Uint8Array.of(0, 0, status, ...data), checksum)
}

/** A request from a frame's body, null if the body is too short to be one. */
export function decodeRequest(body: Uint8Array): Request | null {
  const [command, parameter] = body
  if (command === undefined || parameter === undefined) return null
  return { command, parameter, data: body.subarray(2) }
}

/** An answer from a frame's body, null if the body is too short to be one. */
export function decodeAnswer(body: Uint8Array): Answer | null {
  const status = body[2]
  return status === undefined ? null : { status, data: body.subarray(3) }
}

const empty = new Uint8Array()

function encodeFrame(body: Uint8Array, checksum: Checksum): Uint8Array {
  const length = body.length + 1
  const frame = new Uint8Array(HEAD_BYTES + length)
  frame.set(PREAMBLE)
  frame[PREAMBLE.length] = length >> 8
  frame[PREAMBLE.length + 1] = length & 0xff
  frame.set(body, HEAD_BYTES)
  const summed = frame.subarray(PREAMBLE.length, -1)
  frame[frame.length - 1] =
    checksum === 'xor'
      ? summed.reduce((sum, byte) => sum ^ byte, 0)
      : -summed.reduce((sum, byte) => sum + byte, 0)
  return frame
}
