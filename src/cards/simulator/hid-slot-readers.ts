import {
  encodeGwiReports,
  GWI_APDU,
  GWI_MUTE,
  GWI_POWER_OFF,
  GWI_POWER_ON,
  GwiParser,
} from '../codec/hid/gwi.ts'
import {
  decodeHuadaRequest,
  encodeHuadaAnswer,
  HUADA_COMMAND,
  HUADA_REPORT_BYTES,
  HUADA_SLOT_EMPTY,
  isHuadaContinued,
} from '../codec/hid/huada.ts'
import type { ChipCard } from './chip-card.ts'
import {
  type DeliverReports,
  deliverAtOnce,
  SimulatedHidDevice,
  type SimulatedReportFault,
} from './hid-device.ts'
import { SimulatedSlot } from './hid-slot.ts'

export interface SimulatedSlotReaderOptions {
  readonly chip?: ChipCard | null
  /** What happens to the slot's answers on their way; a HuaDa reader's are fetched and don't pass it. */
  readonly deliver?: DeliverReports
  /** What happens to single input reports; feature reports know only `unplug`. */
  readonly reportFaults?: readonly SimulatedReportFault[]
}

/** A simulated reader that has nothing but a contact slot. */
export interface SimulatedSlotReader {
  /** What a driver opens. */
  readonly port: SimulatedHidDevice
  readonly slot: SimulatedSlot
}

/** A simulated GWI-IC20. */
export function simulateGwiReader(options: SimulatedSlotReaderOptions = {}): SimulatedSlotReader {
  const port = new SimulatedHidDevice('hid-gwi', options.reportFaults)
  const slot = new SimulatedSlot(options.chip ?? null)
  const parser = new GwiParser()
  const { deliver = deliverAtOnce } = options
  const answer = (request: Uint8Array) => {
    const said = gwiAnswer(slot, request)
    const status = said === null ? GWI_MUTE : 0
    const data = Uint8Array.of(status >> 8, status & 0xff, ...(said ?? []))
    deliver(encodeGwiReports(data), (report) => port.emit(report))
  }
  port.firmware = {
    output: (report) => {
      for (const frame of parser.push(report.subarray(1)))
        if (frame.kind === 'frame') queueMicrotask(() => answer(frame.data))
    },
  }
  return { port, slot }
}

/** A simulated HuaDa reader: feature reports, answers fetched by the host. */
export function simulateHuadaReader(options: SimulatedSlotReaderOptions = {}): SimulatedSlotReader {
  const port = new SimulatedHidDevice('hid-huada', options.reportFaults)
  const slot = new SimulatedSlot(options.chip ?? null)
  let coming: Uint8Array[] = []
  let leaving: Uint8Array[] = []
  port.firmware = {
    setFeature: (report) => {
      coming.push(report)
      if (isHuadaContinued(report)) return
      leaving = huadaAnswer(slot, coming)
      coming = []
    },
    getFeature: () => leaving.shift() ?? new Uint8Array(HUADA_REPORT_BYTES),
  }
  return { port, slot }
}

function gwiAnswer(slot: SimulatedSlot, request: Uint8Array): Uint8Array | null {
  if (begins(request, GWI_APDU)) return slot.transmit(request.subarray(GWI_APDU.length))
  if (begins(request, GWI_POWER_ON)) return slot.powerOn()
  return begins(request, GWI_POWER_OFF) ? slot.powerOff() : null
}

function begins(bytes: Uint8Array, head: Uint8Array): boolean {
  return head.every((byte, i) => bytes[i] === byte)
}

function huadaAnswer(slot: SimulatedSlot, reports: readonly Uint8Array[]): Uint8Array[] {
  const request = decodeHuadaRequest(reports)
  if (request?.command === HUADA_COMMAND.slotStatus)
    return encodeHuadaAnswer({ status: slot.isEmpty ? HUADA_SLOT_EMPTY : 0, data: nothing }, 'usual')
  const said = request === null ? null : huadaSlotAnswer(slot, request)
  const kind = request?.command === HUADA_COMMAND.powerOn ? 'power-on' : 'usual'
  return encodeHuadaAnswer({ status: said === null ? REFUSED : 0, data: said ?? nothing }, kind)
}

function huadaSlotAnswer(
  slot: SimulatedSlot,
  { command, parameters }: { command: number; parameters: Uint8Array },
): Uint8Array | null {
  if (command === HUADA_COMMAND.powerOn) return slot.powerOn()
  if (command === HUADA_COMMAND.apdu) return slot.transmit(parameters.subarray(2))
  return command === HUADA_COMMAND.powerOff ? slot.powerOff() : null
}

const nothing = new Uint8Array()

/** "The card does not answer", in the words of the public source. */
const REFUSED = 0xc2
