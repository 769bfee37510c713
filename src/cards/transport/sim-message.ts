/*
 * What a simulator and whoever reads from it say to each other over a local socket. Simulated devices only; it stands
 * where the USB cable would.
 *
 *   message   length(2, big-endian, of all that follows) | kind(1) | body
 *
 *   01 hello         simulator → host   "shidao-sim 1 BUS PROFILE", BUS is hid or usb; the first message
 *   02 busy          simulator → host   another host has the device; the connection ends
 *   10 out           host → simulator   one output report with its number in front, or one OUT transfer
 *   11 in            simulator → host   one input report without a number, or one IN transfer
 *   12 set feature   host → simulator   one feature report with its number in front
 *   13 get feature   host → simulator   two bytes: how long the report is that is asked for, its number included
 *   14 feature       simulator → host   that report
 *
 * The cable is pulled when the connection ends.
 */

export const SIM_MESSAGE = {
  hello: 0x01,
  busy: 0x02,
  out: 0x10,
  in: 0x11,
  setFeature: 0x12,
  getFeature: 0x13,
  feature: 0x14,
} as const
export type SimMessageKind = (typeof SIM_MESSAGE)[keyof typeof SIM_MESSAGE]

export interface SimMessage {
  readonly kind: number
  readonly body: Uint8Array
}

/** What a simulator says of itself before anything else. */
export interface SimHello {
  readonly bus: 'hid' | 'usb'
  /** Name in native-config/readers.json: as the ids of a real device do, it says how to talk to it. */
  readonly profile: string
}

/** Longest body, bytes: more than any report or transfer of a reader. */
export const SIM_MAX_BODY = 0xffff - 1

/** One message. `RangeError` for a body above `SIM_MAX_BODY`. */
export function encodeSimMessage(kind: SimMessageKind, body: Uint8Array = new Uint8Array()): Uint8Array {
  if (body.length > SIM_MAX_BODY) throw new RangeError(`${body.length} bytes do not fit into a message`)
  const length = body.length + 1
  return Uint8Array.of(length >> 8, length & 0xff, kind, ...body)
}

export function encodeSimHello({ bus, profile }: SimHello): Uint8Array {
  return encodeSimMessage(SIM_MESSAGE.hello, Buffer.from(`${SIM_VERSION} ${bus} ${profile}`))
}

/** Null for anything that isn't a hello of this version. */
export function decodeSimHello({ kind, body }: SimMessage): SimHello | null {
  const text = new TextDecoder('latin1').decode(body)
  const [, bus, profile] = /^shidao-sim 1 (hid|usb) ([a-z0-9-]{1,40})$/.exec(text) ?? []
  if (kind !== SIM_MESSAGE.hello || profile === undefined) return null
  return { bus: bus === 'usb' ? 'usb' : 'hid', profile }
}

/** Chunks of a socket → messages. Total; a message of length 0 is passed over. */
export class SimMessageParser {
  #pending: Buffer = Buffer.alloc(0)

  push(chunk: Uint8Array): SimMessage[] {
    this.#pending = Buffer.concat([this.#pending, chunk])
    const messages: SimMessage[] = []
    while (this.#pending.length >= 2) {
      const end = 2 + this.#pending.readUInt16BE(0)
      if (this.#pending.length < end) break
      const kind = this.#pending[2]
      if (end > 2 && kind !== undefined)
        messages.push({ kind, body: new Uint8Array(this.#pending.subarray(3, end)) })
      this.#pending = this.#pending.subarray(end)
    }
    return messages
  }
}

const SIM_VERSION = 'shidao-sim 1'
