/*
 * HuaDa (HD-100 and relatives), 072F:90D5: feature reports of 33 bytes, report number 0. A message is cut into
 * pieces of 31 bytes; the byte in front says whether more follow.
 *
 *   report     00 | 02 last or only, 82 more follow | 31 bytes
 *   request    08 00 | LenLo LenHi | command parameters | XOR from the 08 on       Len = command and parameters
 *   answer     tag | status, 0 = done | LenLo LenHi | data                         Len = data
 *   power on   tag | status, 0 = done | Len | ATR                                  the one answer with a short length
 *
 * Answers carry no checksum. Source: a7082633/HDOS_VC6, `SSSE32.cpp` (ICC_Reader_PowerOn, _GetStatus, _Application).
 * There, a request of several reports has one more byte in front of the XOR, from behind the caller's buffer; here
 * the XOR follows the data, as in requests of one report. Not tried on a real reader.
 *
 * The reader's own identity card commands (B0 find, B1 select, B3 read) are left out: what B3's data holds is public
 * nowhere.
 */

/** Bytes of a feature report with its number. */
export const HUADA_REPORT_BYTES = 33

export const HUADA_COMMAND = { apdu: 0x72, powerOff: 0x73, powerOn: 0x75, slotStatus: 0x77 } as const

/** Answer to a slot status where no card is; any other status is some card. */
export const HUADA_SLOT_EMPTY = 0x02

/** The slot a person puts a card in; 0D to 10 are SAM slots. */
export const HUADA_MAIN_SLOT = 0x0c

/** Parameters of power on, behind the slot. */
export const HUADA_POWER_ON_MODE = 0x40

/** Longest answer taken; a short APDU gives at most 258 bytes. */
export const HUADA_MAX_ANSWER = 2_048

export interface HuadaAnswer {
  /** 0 = done. */
  readonly status: number
  readonly data: Uint8Array
}

/** The feature reports of a request, 33 bytes each with report number 0 in front. */
export function encodeHuadaRequest(command: number, parameters: Uint8Array): Uint8Array[] {
  const length = parameters.length + 1
  if (length > 0xffff) throw new RangeError(`${parameters.length} bytes do not fit into a HuaDa request`)
  const message = [0x08, 0x00, length & 0xff, length >> 8, command, ...parameters]
  return cut(Uint8Array.of(...message, xorOf(message)))
}

/** The feature reports of an answer, as a reader gives them. */
export function encodeHuadaAnswer({ status, data }: HuadaAnswer, kind: HuadaAnswerKind): Uint8Array[] {
  const length = kind === 'power-on' ? [data.length] : [data.length & 0xff, data.length >> 8]
  return cut(Uint8Array.of(ANSWER, status, ...length, ...data))
}

/** Which length field an answer has: that of power on is one byte, all others two. */
export type HuadaAnswerKind = 'power-on' | 'usual'

/** How many reports an answer has, by its first one; null if that is none, or longer than `HUADA_MAX_ANSWER`. */
export function huadaAnswerReports(first: Uint8Array, kind: HuadaAnswerKind): number | null {
  if (!isReport(first)) return null
  if (first[1] === LAST) return 1
  const { headBytes, length } = lengthOf(first.subarray(2), kind)
  return length > HUADA_MAX_ANSWER ? null : Math.max(1, Math.ceil((headBytes + length) / PIECE_BYTES))
}

/** The answer in the reports that `huadaAnswerReports` counted; null if they hold less than they say. */
export function decodeHuadaAnswer(reports: readonly Uint8Array[], kind: HuadaAnswerKind): HuadaAnswer | null {
  const first = reports[0]
  if (first === undefined || !isReport(first)) return null
  if (reports.some((report) => report.length !== HUADA_REPORT_BYTES)) return null
  const message = join(reports)
  // A short answer leaves the high byte of its length alone.
  const { headBytes, length } = lengthOf(message, first[1] === LAST && kind === 'usual' ? 'short' : kind)
  if (headBytes + length > message.length) return null
  return { status: message[1] ?? 0, data: message.slice(headBytes, headBytes + length) }
}

/** Whether a feature report of a request is followed by another. */
export function isHuadaContinued(report: Uint8Array): boolean {
  return report[1] === MORE
}

/** A request from all of its reports, null if its length or its XOR is wrong. */
export function decodeHuadaRequest(
  reports: readonly Uint8Array[],
): { command: number; parameters: Uint8Array } | null {
  const message = join(reports)
  const length = (message[2] ?? 0) | ((message[3] ?? 0) << 8)
  const end = 4 + length
  if (message[0] !== 0x08 || length < 1 || end >= message.length) return null
  if (xorOf([...message.subarray(0, end)]) !== message[end]) return null
  return { command: message[4] ?? 0, parameters: message.slice(5, end) }
}

const LAST = 0x02
const MORE = 0x82
/** First byte of an answer wherever the source looks at it. */
const ANSWER = 0x02
const PIECE_BYTES = 31

function isReport(report: Uint8Array): boolean {
  return report.length === HUADA_REPORT_BYTES && (report[1] === LAST || report[1] === MORE)
}

function lengthOf(
  message: Uint8Array,
  kind: HuadaAnswerKind | 'short',
): { headBytes: number; length: number } {
  const low = message[2] ?? 0
  if (kind === 'power-on') return { headBytes: 3, length: low }
  return { headBytes: 4, length: kind === 'short' ? low : low | ((message[3] ?? 0) << 8) }
}

function join(reports: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(reports.map((report) => report.subarray(2))))
}

function cut(message: Uint8Array): Uint8Array[] {
  const reports: Uint8Array[] = []
  for (let at = 0; at < message.length; at += PIECE_BYTES) {
    const report = new Uint8Array(HUADA_REPORT_BYTES)
    report[1] = at + PIECE_BYTES < message.length ? MORE : LAST
    report.set(message.subarray(at, at + PIECE_BYTES), 2)
    reports.push(report)
  }
  return reports
}

function xorOf(bytes: readonly number[]): number {
  return bytes.reduce((sum, byte) => sum ^ byte, 0)
}
