/*
 * GWI-IC20 contact readers (they name themselves so in their version answer): text of two characters a byte in
 * reports of 64 bytes, report number 0. A long frame goes on in the next report, without a head of its own.
 *
 *   02 | Len(2, big-endian) data BCC, each byte as 30+high nibble, 30+low nibble | 03 | zeros
 *
 * Len counts the data; BCC is the XOR of the data alone. An answer's data begins with two status bytes, 00 00 = done.
 *
 * Source: a7082633/HDOS_VC6, raw logs in `…/DEBUG/usbins.txt`. Not tried on a real reader.
 */

/** Bytes of a report without its number. */
export const GWI_REPORT_BYTES = 64

/** Main slot, the one a person puts a card in. */
export const GWI_POWER_ON = Uint8Array.of(0x32, 0x22, 0x00, 0x00, 0x00)
export const GWI_POWER_OFF = Uint8Array.of(0x32, 0x23, 0x00)
/** In front of the APDU. */
export const GWI_APDU = Uint8Array.of(0x32, 0x26, 0x00)

/** The card in the slot gave no answer. */
export const GWI_MUTE = 0x1007

export type GwiFrame = { readonly kind: 'frame'; readonly data: Uint8Array } | { readonly kind: 'damaged' }

/** What an answer says: a status of two bytes, 0 for success, and the rest. */
export interface GwiAnswer {
  readonly status: number
  readonly payload: Uint8Array
}

/** The reports of a frame, each with report number 0 in front: 65 bytes. `RangeError` above 65,535 bytes of data. */
export function encodeGwiRequest(data: Uint8Array): Uint8Array[] {
  return encodeGwiReports(data).map((report) => Uint8Array.of(0, ...report))
}

/** The reports of a frame as the other side receives them: 64 bytes, without a report number. */
export function encodeGwiReports(data: Uint8Array): Uint8Array[] {
  if (data.length > 0xffff) throw new RangeError(`${data.length} bytes do not fit into a GWI frame`)
  const body = [data.length >> 8, data.length & 0xff, ...data, xorOf(data)]
  const text = [START, ...body.flatMap((byte) => [ZERO | (byte >> 4), ZERO | (byte & 0xf)]), END]
  const reports: Uint8Array[] = []
  for (let at = 0; at < text.length; at += GWI_REPORT_BYTES) {
    const report = new Uint8Array(GWI_REPORT_BYTES)
    report.set(text.slice(at, at + GWI_REPORT_BYTES))
    reports.push(report)
  }
  return reports
}

/** An answer from a frame's data, null if it is too short to be one. */
export function decodeGwiAnswer(data: Uint8Array): GwiAnswer | null {
  const [high, low] = data
  if (high === undefined || low === undefined) return null
  return { status: (high << 8) | low, payload: data.subarray(2) }
}

/** Reports without report numbers → frames. Total; a frame counts only with its length and its BCC right. */
export class GwiParser {
  #nibbles: number[] | null = null

  push(report: Uint8Array): GwiFrame[] {
    return [...report].flatMap((byte) => this.#take(byte) ?? [])
  }

  /** Forgets a frame that was half received. */
  reset(): void {
    this.#nibbles = null
  }

  #take(byte: number): GwiFrame | null {
    const open = this.#nibbles
    if (byte === START) {
      this.#nibbles = []
      return open === null ? null : DAMAGED
    }
    if (open === null) return null
    if (byte >> 4 === ZERO >> 4) {
      open.push(byte & 0xf)
      if (open.length <= LONGEST) return null
    }
    this.#nibbles = null
    return byte === END ? closed(open) : DAMAGED
  }
}

const START = 0x02
const END = 0x03
const ZERO = 0x30
const DAMAGED: GwiFrame = { kind: 'damaged' }
/** Nibbles of the longest answer taken: more than any short APDU's, and a bound on what a broken reader can pile up. */
const LONGEST = 2 * 1_024

function closed(nibbles: readonly number[]): GwiFrame {
  if (nibbles.length % 2 !== 0) return DAMAGED
  const bytes = Uint8Array.from(
    { length: nibbles.length / 2 },
    (_, i) => ((nibbles[2 * i] ?? 0) << 4) | (nibbles[2 * i + 1] ?? 0),
  )
  const length = ((bytes[0] ?? 0) << 8) | (bytes[1] ?? 0)
  const data = bytes.slice(2, -1)
  if (bytes.length < 3 || data.length !== length || xorOf(data) !== bytes.at(-1)) return DAMAGED
  return { kind: 'frame', data }
}

function xorOf(data: Uint8Array): number {
  return data.reduce((sum, byte) => sum ^ byte, 0)
}
