import { DK_COMMAND, DkParser, encodeDkAnswer } from '../codec/hid/dk.ts'
import {
  cutIntoReports,
  GENERIC_LAYOUT,
  type GenericLayout,
  GenericReassembler,
} from '../codec/hid/generic.ts'
import type { Transport } from '../transport/transport.ts'
import type { ChipCard } from './chip-card.ts'
import {
  type DeliverReports,
  deliverAtOnce,
  SimulatedHidDevice,
  type SimulatedReportFault,
} from './hid-device.ts'
import { SimulatedSlot } from './hid-slot.ts'
import { type ReaderSimulator, type SimulatorOptions, startReaderSimulator } from './reader-simulator.ts'

export interface SimulatedHidReaderOptions extends Omit<SimulatorOptions, 'transport'> {
  /** What happens to single reports, besides the faults of the line. */
  readonly reportFaults?: readonly SimulatedReportFault[]
}

export interface SimulatedHidReader {
  /** What a driver opens. */
  readonly port: SimulatedHidDevice
  /** The SAM in it: cards and scripted faults. */
  readonly sam: ReaderSimulator
  unplug(): void
}

export interface SimulatedDkOptions extends SimulatedHidReaderOptions {
  readonly chip?: ChipCard | null
  /** What happens to the contact slot's answers on their way. */
  readonly deliver?: DeliverReports
}

export interface SimulatedDkReader extends SimulatedHidReader {
  readonly slot: SimulatedSlot
}

/** A simulated DK reader: its SAM behind command 34, its contact slot behind 90 to 92. */
export function simulateDkReader(options: SimulatedDkOptions = {}): SimulatedDkReader {
  const device = new SimulatedHidDevice('hid-dk', options.reportFaults)
  const slot = new SimulatedSlot(options.chip ?? null)
  const parser = new DkParser('request')
  const { deliver = deliverAtOnce } = options
  const line = new DeviceLine(device, (bytes) => {
    for (const report of encodeDkAnswer(DK_COMMAND.sam, true, bytes)) device.emit(report)
  })
  device.firmware = {
    output: (report) => {
      const request = parser.push(report.subarray(1))
      if (request === null) return
      if (request.command === DK_COMMAND.sam) line.receive(request.data)
      else {
        const data = answerOfSlot(slot, request.command, request.data)
        const reports = encodeDkAnswer(request.command, data !== null, data ?? nothing)
        queueMicrotask(() => deliver(reports, (report) => device.emit(report)))
      }
    },
  }
  return { port: device, slot, sam: startOn(line, options), unplug: () => device.unplug() }
}

/** A simulated HID reader that passes SAM frames through, with or without a length in front of each report. */
export function simulateGenericReader(
  options: SimulatedHidReaderOptions & { readonly layout?: GenericLayout } = {},
): SimulatedHidReader {
  const layout = options.layout ?? GENERIC_LAYOUT
  const device = new SimulatedHidDevice('hid-generic', options.reportFaults)
  const reassembler = new GenericReassembler(layout)
  const line = new DeviceLine(device, (bytes) => {
    for (const report of cutIntoReports(bytes, layout)) device.emit(report)
  })
  device.firmware = { output: (report) => line.receive(reassembler.push(report.subarray(1))) }
  return { port: device, sam: startOn(line, options), unplug: () => device.unplug() }
}

const nothing = new Uint8Array()

function startOn(transport: Transport, options: SimulatedHidReaderOptions): ReaderSimulator {
  return startReaderSimulator({ ...options, transport })
}

/** What the slot says, null for a refusal. */
function answerOfSlot(slot: SimulatedSlot, command: number, data: Uint8Array): Uint8Array | null {
  if (command === DK_COMMAND.slotReset) return slot.powerOn()
  if (command === DK_COMMAND.slotApdu) return slot.transmit(data)
  if (command === DK_COMMAND.slotPowerOff) return slot.powerOff()
  return null
}

/** The inside of a simulated device: the bytes that its SAM sees and says. */
class DeviceLine implements Transport {
  readonly path: string
  readonly #device: SimulatedHidDevice
  readonly #say: (bytes: Uint8Array) => void
  #onData: (chunk: Uint8Array) => void = () => {}

  constructor(device: SimulatedHidDevice, say: (bytes: Uint8Array) => void) {
    this.path = device.path
    this.#device = device
    this.#say = say
  }

  receive(bytes: Uint8Array): void {
    this.#onData(bytes)
  }

  write(bytes: Uint8Array): void {
    this.#say(bytes)
  }

  onData(listener: (chunk: Uint8Array) => void): void {
    this.#onData = listener
  }

  /** A SAM never learns that the cable is gone. */
  onClose(): void {}

  /** Where the SAM ends the line, the device is pulled out. */
  async close(): Promise<void> {
    this.#device.unplug()
  }
}
