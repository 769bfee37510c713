import { HEAD_BYTES, MAX_LENGTH, PREAMBLE } from '../frame.ts'

/*
 * HID readers whose reports nobody documented, as far as they carry SAM frames: bytes are joined across reports,
 * and one byte in front of each report is taken for a length if the preamble stands behind it. Where no lengths are,
 * every report but the last of an answer must be full, because zeros in the middle may be the card's.
 */

/** How the host's own reports are cut. */
export interface GenericLayout {
  /** Bytes of a report without its number; most full-speed readers have 64. */
  readonly reportBytes: number
  /** Whether each report begins with the number of its valid bytes. */
  readonly lengthPrefix: boolean
}

export const GENERIC_LAYOUT: GenericLayout = { reportBytes: 64, lengthPrefix: false }

/** The reports of some bytes, zero padded, without report numbers. */
export function cutIntoReports(
  bytes: Uint8Array,
  { reportBytes, lengthPrefix }: GenericLayout,
): Uint8Array[] {
  const lead = lengthPrefix ? 1 : 0
  const room = reportBytes - lead
  const reports: Uint8Array[] = []
  for (let at = 0; at < bytes.length; at += room) {
    const piece = bytes.subarray(at, at + room)
    const report = new Uint8Array(reportBytes)
    if (lengthPrefix) report[0] = piece.length
    report.set(piece, lead)
    reports.push(report)
  }
  return reports
}

/**
 * Reports without report numbers → the bytes of the stream, as they come. Total. Checks no checksum: whoever reads
 * the stream parses its frames. Padding behind a frame is dropped, everything else is passed on.
 */
export class GenericReassembler {
  #prefixed: boolean
  /** Bytes that the frame under way still needs, by its length field. */
  #missing = 0
  /** The end of a report that may be the beginning of a frame's head. */
  #held: Uint8Array = nothing

  constructor({ lengthPrefix }: GenericLayout = GENERIC_LAYOUT) {
    this.#prefixed = lengthPrefix
  }

  push(report: Uint8Array): Uint8Array {
    // A whole head in the first place starts a frame whatever was under way: a report may have been lost. In the
    // second place it may as well stand behind the last byte of the frame under way, unless that byte is a length.
    if (headMatch(report, 0) === HEAD_BYTES) this.#start(false)
    else if (this.#lengthMayLead && headMatch(report, 1) === HEAD_BYTES && isLength(report)) this.#start(true)
    if (!this.#prefixed) return this.#take(report)
    return isLength(report) ? this.#take(report.subarray(1, 1 + (report[0] ?? 0))) : nothing
  }

  get #lengthMayLead(): boolean {
    return this.#prefixed || (this.#missing === 0 && this.#held.length === 0)
  }

  #start(prefixed: boolean): void {
    this.#prefixed = prefixed
    this.#missing = 0
    this.#held = nothing
  }

  #take(payload: Uint8Array): Uint8Array {
    const bytes = new Uint8Array(Buffer.concat([this.#held, payload]))
    this.#held = nothing
    let at = 0
    while (at < bytes.length) {
      if (this.#missing > 0) {
        const taken = Math.min(this.#missing, bytes.length - at)
        this.#missing -= taken
        at += taken
        continue
      }
      const head = nextHead(bytes, at)
      if (head === null) break
      if (head + HEAD_BYTES > bytes.length) {
        this.#held = bytes.slice(head)
        return bytes.subarray(0, head)
      }
      this.#missing = frameBytes(bytes.subarray(head))
      at = head
    }
    return bytes.subarray(0, this.#prefixed ? bytes.length : endOfContent(bytes, at))
  }
}

const nothing = new Uint8Array()

function isLength(report: Uint8Array): boolean {
  const length = report[0] ?? 0
  return length > 0 && length < report.length
}

/** Where the next head begins, whole or cut off by the end; null if nowhere. */
function nextHead(bytes: Uint8Array, from: number): number | null {
  for (let at = from; at < bytes.length; at++)
    if (headMatch(bytes, at) === Math.min(HEAD_BYTES, bytes.length - at)) return at
  return null
}

/** How many bytes from there on can be a preamble and a length field. */
function headMatch(bytes: Uint8Array, at: number): number {
  const there = Math.min(HEAD_BYTES, bytes.length - at)
  for (let i = 0; i < Math.min(there, PREAMBLE.length); i++) if (bytes[at + i] !== PREAMBLE[i]) return i
  return Math.max(0, there)
}

/** How long the frame at the start says it is; one byte, which is passed over, for a length that no frame has. */
function frameBytes(bytes: Uint8Array): number {
  const length = ((bytes[PREAMBLE.length] ?? 0) << 8) | (bytes[PREAMBLE.length + 1] ?? 0)
  return length > MAX_LENGTH ? 1 : HEAD_BYTES + length
}

/** Where the zeros at the end begin, not before `from`. */
function endOfContent(bytes: Uint8Array, from: number): number {
  let end = bytes.length
  while (end > from && bytes[end - 1] === 0) end--
  return end
}
