import type { Fault } from '../../common/fault.ts'
import { DK_COMMAND, DkParser, encodeDkRequest } from '../codec/hid/dk.ts'
import {
  cutIntoReports,
  GENERIC_LAYOUT,
  type GenericLayout,
  GenericReassembler,
} from '../codec/hid/generic.ts'
import type { HidPort } from './hid-port.ts'
import type { Transport } from './transport.ts'

/** The SAM behind a DK reader's command 34, as a line. Its contact slot may stand on the same port. */
export function dkSamStream(port: HidPort): Transport {
  const parser = new DkParser('answer')
  return new HidStream(port, {
    encode: (bytes) => encodeDkRequest(DK_COMMAND.sam, bytes),
    decode: (report) => {
      const answer = parser.push(report)
      return answer?.command === DK_COMMAND.sam && answer.succeeded ? answer.data : nothing
    },
  })
}

/** A HID reader of unknown make that passes SAM frames through, as a line. */
export function genericSamStream(port: HidPort, layout: GenericLayout = GENERIC_LAYOUT): Transport {
  const reassembler = new GenericReassembler(layout)
  return new HidStream(port, {
    encode: (bytes) => cutIntoReports(bytes, layout).map((report) => Uint8Array.of(0, ...report)),
    decode: (report) => reassembler.push(report),
  })
}

/** How bytes lie in reports. */
interface Framing {
  encode(bytes: Uint8Array): readonly Uint8Array[]
  decode(report: Uint8Array): Uint8Array
}

const nothing = new Uint8Array()

class HidStream implements Transport {
  readonly path: string
  readonly #port: HidPort
  readonly #framing: Framing
  #onData: (chunk: Uint8Array) => void = () => {}
  #onClose: (fault: Fault | null) => void = () => {}

  constructor(port: HidPort, framing: Framing) {
    this.path = port.path
    this.#port = port
    this.#framing = framing
    port.onReport((report) => {
      const bytes = framing.decode(report)
      if (bytes.length > 0) this.#onData(bytes)
    })
    port.onClose((fault) => this.#onClose(fault))
  }

  write(bytes: Uint8Array): void {
    void this.#port.sendReports(this.#framing.encode(bytes))
  }

  onData(listener: (chunk: Uint8Array) => void): void {
    this.#onData = listener
  }

  onClose(listener: (fault: Fault | null) => void): void {
    this.#onClose = listener
  }

  async close(): Promise<void> {
    await this.#port.close()
  }
}
