import type { Fault } from '../../common/fault.ts'
import type { Transport } from '../transport/transport.ts'
import { type PluggedDevice, serveDevice } from './device-socket.ts'
import type { SimulatedHidDevice } from './hid-device.ts'
import { type SimulatedHidReader, simulateDkReader, simulateGenericReader } from './hid-sam.ts'
import { FaultScript, type SimulatedFault } from './line-faults.ts'
import { type ReaderSimulator, type SimulatorOptions, startReaderSimulator } from './reader-simulator.ts'
import type { SimulatedCard } from './sam-model.ts'
import { type SamFamily, simulatorFamilies } from './simulator-family.ts'
import { ownSocket } from './simulator-socket.ts'
import { simulateUsbReader } from './usb-sam.ts'

export interface SamSimulatorOptions
  extends Pick<SimulatorOptions, 'card' | 'samId' | 'onRead' | 'onRemoved'> {
  readonly faults?: readonly SimulatedFault[]
  /** Serial only: the line to answer on; a new PTY if none is given. */
  readonly transport?: Transport
  /** Serial only: the line is gone for good, `PORT_LOST`. */
  readonly onLost?: (fault: Fault) => void
  /** HID and USB only: where to listen; a new place if none is given. */
  readonly socketPath?: string
  /** HID and USB only: how long an unplugged device stays away, milliseconds. */
  readonly awayMs?: number
}

/** A simulated reader that other processes can open. */
export interface RunningSimulator<Card> {
  /** What `--port` takes. */
  readonly port: string
  /** What will still go wrong; may be changed at any time. */
  readonly faults: FaultScript
  place(card: Card): void
  remove(): void
  /** Ends it; whoever has it open loses it. */
  stop(): Promise<void>
}

/**
 * Starts an ID card reader of a family in software. Over HID and USB its device comes back a while after a script has
 * unplugged it. Throws `PORT_PTY`, `PORT_BUSY`, `PORT_OPEN`, and `CARD_FILE` for a SAM number that isn't one.
 */
export async function startSamSimulator(
  family: SamFamily,
  options: SamSimulatorOptions = {},
): Promise<RunningSimulator<SimulatedCard>> {
  if (family === 'serial') {
    const serial = startReaderSimulator(options)
    return { ...serial, port: serial.path }
  }
  const faults = new FaultScript(options.faults ?? [])
  let lying = options.card ?? null
  let device: Device | null = null
  const plug = (): PluggedDevice => {
    device = devices[family]({
      ...(options.samId === undefined ? {} : { samId: options.samId }),
      ...(options.onRead === undefined ? {} : { onRead: options.onRead }),
      card: lying,
      faults,
      onRemoved: (card) => {
        lying = null
        options.onRemoved?.(card)
      },
    })
    return device.plugged
  }
  const socket = ownSocket(options.socketPath)
  const server = await serveDevice({
    socketPath: socket.path,
    hello: { bus: family === 'usb' ? 'usb' : 'hid', profile: simulatorFamilies[family].profile },
    plug,
    ...(options.awayMs === undefined ? {} : { awayMs: options.awayMs }),
  }).catch(async (thrown: unknown) => {
    await device?.sam.stop()
    socket.remove()
    throw thrown
  })
  return {
    port: `sim:${socket.path}`,
    faults,
    place(card) {
      lying = card
      device?.sam.place(card)
    },
    remove() {
      lying = null
      device?.sam.remove()
    },
    async stop() {
      await server.stop()
      await device?.sam.stop()
      socket.remove()
    },
  }
}

interface Device {
  readonly plugged: PluggedDevice
  readonly sam: ReaderSimulator
}

const devices: Readonly<
  Record<Exclude<SamFamily, 'serial'>, (options: Omit<SimulatorOptions, 'transport'>) => Device>
> = {
  'hid-dk': (options) => onHid(simulateDkReader(options)),
  'hid-generic': (options) => onHid(simulateGenericReader(options)),
  usb(options) {
    const { pipe, sam } = simulateUsbReader(options)
    return {
      sam,
      plugged: {
        output: (bytes) => void pipe.send(bytes),
        onInput(listener) {
          void (async () => {
            for (;;) {
              const transfer = await pipe.receive(IDLE_MS)
              if (!transfer.ok) return
              if (transfer.value !== null) listener(transfer.value)
            }
          })()
        },
        onUnplug: (listener) => pipe.onEnd(listener),
      },
    }
  },
}

/** How long the loop over an idle pipe sleeps; a transfer wakes it. */
const IDLE_MS = 60_000

function onHid({ port, sam }: SimulatedHidReader): Device {
  return { sam, plugged: pluggedHid(port) }
}

/** A simulated HID device as its socket takes it. */
export function pluggedHid(device: SimulatedHidDevice): PluggedDevice {
  return {
    output: (report) => device.firmware.output?.(report),
    setFeature: (report) => device.firmware.setFeature?.(report),
    getFeature: async (bytes) => device.firmware.getFeature?.(bytes) ?? new Uint8Array(bytes),
    onInput: (listener) => device.onReport(listener),
    onUnplug: (listener) => device.onClose(listener),
  }
}
