/*
 * DK (Derk) HID readers, 0483:572B: messages cut into interrupt reports of 64 bytes, report number 0.
 *
 *   report      n | n valid bytes (at most 63) | zeros            n = FF acknowledges and carries nothing
 *   first       N | command | data             N = reports that follow, top two bits 00
 *   follow-up   C0+i | data                    i = 1…N
 *
 * An answer has two status bytes behind the command, 90 00 for success. There is no checksum in this layer.
 *
 * Source: dearhj/FaceRecognitionDemo:usbNfc/src/main/java/com/dk/usbNfc/{UsbHidManager/UsbHidManager.java,
 * DeviceManager/ComByteManager.java}. Not tried on a real reader.
 */

/** The commands that this project uses. */
export const DK_COMMAND = {
  /** Bytes of the SAM protocol (`AA AA AA 96 69 …`), both ways. */
  sam: 0x34,
  /** Resets the contact slot; the answer is the ATR. */
  slotReset: 0x90,
  slotPowerOff: 0x91,
  slotApdu: 0x92,
} as const

/** Bytes of a report without its number. */
export const DK_REPORT_BYTES = 64

/** Most data that one request carries: 61 bytes in the first report, 62 in each of 63 others. */
export const DK_MAX_DATA = 61 + 63 * 62

export interface DkMessage {
  readonly command: number
  /** 90 00 in an answer; true for every request. */
  readonly succeeded: boolean
  readonly data: Uint8Array
}

/** The reports of a request, each with report number 0 in front: 65 bytes. `RangeError` above `DK_MAX_DATA`. */
export function encodeDkRequest(command: number, data: Uint8Array): Uint8Array[] {
  return cut(Uint8Array.of(command), data).map((payload) => Uint8Array.of(0, ...toReport(payload)))
}

/** The reports of an answer as the host receives them: 64 bytes, without a report number. */
export function encodeDkAnswer(command: number, succeeded: boolean, data: Uint8Array): Uint8Array[] {
  const status = succeeded ? [0x90, 0x00] : [0x6e, 0x81]
  return cut(Uint8Array.of(command, ...status), data).map(toReport)
}

/**
 * Reports without report numbers → messages. Total. A gap, a repetition or an unknown kind of report drops the whole
 * message; a first report starts anew.
 */
export class DkParser {
  readonly #headBytes: number
  #first: Uint8Array | null = null
  #followers: Uint8Array[] = []

  constructor(kind: 'request' | 'answer') {
    this.#headBytes = kind === 'answer' ? 4 : 2
  }

  /** The message that this report completes, null if there is none (yet). */
  push(report: Uint8Array): DkMessage | null {
    const valid = report[0] ?? 0
    if (valid === 0 || valid >= DK_REPORT_BYTES || valid >= report.length) return null
    const payload = report.slice(1, 1 + valid)
    const mark = payload[0] ?? 0
    if ((mark & KIND) === FIRST) return this.#begin(payload)
    if ((mark & KIND) === FOLLOWER) return this.#follow(payload, mark & COUNT)
    return this.#drop()
  }

  /** Forgets a message that was half received. */
  reset(): void {
    this.#drop()
  }

  #begin(payload: Uint8Array): DkMessage | null {
    this.#drop()
    if (payload.length < this.#headBytes) return null
    this.#first = payload
    return this.#finished()
  }

  #follow(payload: Uint8Array, index: number): DkMessage | null {
    if (this.#first === null || payload.length < 2 || index !== this.#followers.length + 1)
      return this.#drop()
    this.#followers.push(payload.subarray(1))
    return this.#finished()
  }

  #finished(): DkMessage | null {
    const first = this.#first
    if (first === null || this.#followers.length < ((first[0] ?? 0) & COUNT)) return null
    const data = Buffer.concat([first.subarray(this.#headBytes), ...this.#followers])
    const succeeded = this.#headBytes === 2 || (first[2] === 0x90 && first[3] === 0x00)
    this.#drop()
    return { command: first[1] ?? 0, succeeded, data: new Uint8Array(data) }
  }

  #drop(): null {
    this.#first = null
    this.#followers = []
    return null
  }
}

const KIND = 0xc0
const COUNT = 0x3f
const FIRST = 0x00
const FOLLOWER = 0xc0

/** What each report carries: as much as fits. */
function cut(head: Uint8Array, data: Uint8Array): Uint8Array[] {
  const room = DK_REPORT_BYTES - 2
  const inFirst = room - head.length
  const followers = Math.max(0, Math.ceil((data.length - inFirst) / room))
  if (followers > COUNT) throw new RangeError(`${data.length} bytes do not fit into a DK message`)
  const payloads = [Uint8Array.of(followers, ...head, ...data.subarray(0, inFirst))]
  for (let i = 0; i < followers; i++) {
    const at = inFirst + i * room
    payloads.push(Uint8Array.of(FOLLOWER | (i + 1), ...data.subarray(at, at + room)))
  }
  return payloads
}

function toReport(payload: Uint8Array): Uint8Array {
  const report = new Uint8Array(DK_REPORT_BYTES)
  report[0] = payload.length
  report.set(payload, 1)
  return report
}
