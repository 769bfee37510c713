import { setTimeout as sleep } from 'node:timers/promises'
import type { ChipCard } from './chip-card.ts'
import { type ChipEvents, FaultyChip, faultyReports, spoilGwiChecksum } from './chip-faults.ts'
import { type PluggedDevice, serveDevice } from './device-socket.ts'
import type { SimulatedHidDevice } from './hid-device.ts'
import { simulateDkReader } from './hid-sam.ts'
import type { SimulatedSlot } from './hid-slot.ts'
import { simulateGwiReader, simulateHuadaReader } from './hid-slot-readers.ts'
import { type FaultedCommand, FaultScript, type SimulatedFault } from './line-faults.ts'
import { pluggedHid, type RunningSimulator } from './sam-simulator.ts'
import { type ChipFamily, simulatorFamilies } from './simulator-family.ts'
import { ownSocket } from './simulator-socket.ts'

export interface ChipSimulatorOptions extends Pick<ChipEvents, 'onRead' | 'onRemoved'> {
  readonly card?: ChipCard | null
  readonly faults?: readonly SimulatedFault[]
  /** Where to listen; a new place if none is given. */
  readonly socketPath?: string
  /** How long an unplugged device stays away, milliseconds. */
  readonly awayMs?: number
}

/**
 * Starts a HID reader's contact slot in software. Its device comes back a while after a script has unplugged it.
 * Throws `PORT_BUSY`, `PORT_OPEN`.
 */
export async function startChipSimulator(
  family: Exclude<ChipFamily, 'pcsc'>,
  options: ChipSimulatorOptions = {},
): Promise<RunningSimulator<ChipCard>> {
  const faults = new FaultScript(options.faults ?? [])
  let lying: FaultyChip | null = null
  let plugged: Device | null = null
  const faulty = (card: ChipCard): FaultyChip =>
    new FaultyChip(card, faults, {
      ...(options.onRead === undefined ? {} : { onRead: options.onRead }),
      onRemoved: () => {
        lying = null
        options.onRemoved?.()
      },
      onUnplug: () => plugged?.device.unplug(),
    })
  if (options.card) lying = faulty(options.card)

  const plug = (): PluggedDevice => {
    plugged = devices[family](lying, faults, () => lying?.command ?? 'status')
    return plugged.plugged
  }
  const socket = ownSocket(options.socketPath)
  const server = await serveDevice({
    socketPath: socket.path,
    hello: { bus: 'hid', profile: simulatorFamilies[family].profile },
    plug,
    ...(options.awayMs === undefined ? {} : { awayMs: options.awayMs }),
  }).catch((thrown: unknown) => {
    socket.remove()
    throw thrown
  })
  return {
    port: `sim:${socket.path}`,
    faults,
    place(card) {
      lying = faulty(card)
      plugged?.slot.insert(lying)
    },
    remove() {
      lying = null
      plugged?.slot.pull()
    },
    async stop() {
      await server.stop()
      socket.remove()
    },
  }
}

interface Device {
  readonly device: SimulatedHidDevice
  readonly slot: SimulatedSlot
  readonly plugged: PluggedDevice
}

type MakeDevice = (card: ChipCard | null, faults: FaultScript, command: () => FaultedCommand) => Device

const devices: Readonly<Record<Exclude<ChipFamily, 'pcsc'>, MakeDevice>> = {
  'hid-dk-slot': (chip, faults, command) => {
    const { port, slot } = simulateDkReader({ chip, deliver: faultyReports({ faults, command }) })
    return { device: port, slot, plugged: pluggedHid(port) }
  },
  'hid-gwi': (chip, faults, command) => {
    const deliver = faultyReports({ faults, command, spoilChecksum: spoilGwiChecksum })
    const { port, slot } = simulateGwiReader({ chip, deliver })
    return { device: port, slot, plugged: pluggedHid(port) }
  },
  'hid-huada': (chip, faults, command) => {
    const { port, slot } = simulateHuadaReader({ chip })
    return { device: port, slot, plugged: fetchedSlowly(pluggedHid(port), faults, command) }
  },
}

/** Feature reports that come late or never; the script is asked once for each answer. */
function fetchedSlowly(
  plugged: PluggedDevice,
  faults: FaultScript,
  command: () => FaultedCommand,
): PluggedDevice {
  let isFirst = true
  return {
    ...plugged,
    setFeature(report) {
      isFirst = true
      plugged.setFeature?.(report)
    },
    async getFeature(bytes) {
      const asked = isFirst ? command() : null
      isFirst = false
      if (asked !== null && faults.take('silent', asked) !== null) return null
      const delay = asked === null ? null : faults.take('delay', asked)
      if (delay !== null) await sleep(delay.ms)
      return (await plugged.getFeature?.(bytes)) ?? null
    },
  }
}
