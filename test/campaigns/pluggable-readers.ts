import { once } from 'node:events'
import { chmodSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SerialPort } from 'serialport'
import { readerOnBulk, readerOnHid } from '../../src/cards/driver/device-reader.ts'
import { openPcscReader } from '../../src/cards/driver/open-pcsc-reader.ts'
import { openSerialReader } from '../../src/cards/driver/open-serial-reader.ts'
import { findProfile, type UsbProfile } from '../../src/cards/profiles.ts'
import { type SimulatedHidReader, simulateDkReader } from '../../src/cards/simulator/hid-sam.ts'
import { type ReaderSimulator, startReaderSimulator } from '../../src/cards/simulator/reader-simulator.ts'
import { type SimulatedUsbReader, simulateUsbReader } from '../../src/cards/simulator/usb-sam.ts'
import { type NodeHidHandle, openHidPort } from '../../src/cards/transport/node-hid-port.ts'
import { type NodeUsbDevice, openUsbBulk, SAM_USB } from '../../src/cards/transport/node-usb.ts'
import { openPty } from '../../src/cards/transport/pty.ts'
import type { Transport } from '../../src/cards/transport/transport.ts'
import { unwrap } from '../../src/common/result.ts'
import type { OpenReader } from '../../src/station/reader-supervisor.ts'
import { type RunningPcscd, startPcscd, VIRTUAL_READER } from '../cards/pcscd.ts'

export type Obstacle = 'none' | 'denied' | 'busy'

/** A simulated reader that can be pulled out, plugged in again behind an obstacle, and made to hang. */
export interface PluggableReader {
  readonly open: OpenReader
  unplug(): Promise<void>
  plugIn(obstacle: Obstacle): Promise<void>
  /** Takes the obstacle away; the reader stays where it is. */
  clear(): Promise<void>
  /** While it hangs it hears nothing and says nothing. Absent where it cannot be simulated. */
  hang?(isHanging: boolean): void
  remove(): Promise<void>
}

/** A pseudo-terminal behind a link that keeps its name, as udev keeps one for a real port. */
export async function pluggableSerial(): Promise<PluggableReader> {
  const folder = mkdtempSync(join(tmpdir(), 'shidao-unplug-'))
  const port = join(folder, 'reader')
  let isHanging = false
  let simulator: ReaderSimulator | null = null
  let other: SerialPort | null = null
  const reader: PluggableReader = {
    open: () => openSerialReader({ port }),
    async unplug() {
      rmSync(port, { force: true })
      await simulator?.stop()
      simulator = null
    },
    async plugIn(obstacle) {
      simulator = startReaderSimulator({ transport: deafWhile(openPty(), () => isHanging) })
      const { path } = simulator
      if (obstacle === 'denied') chmodSync(path, 0)
      if (obstacle === 'busy') {
        other = new SerialPort({ path, baudRate: 115_200 })
        await once(other, 'open')
      }
      symlinkSync(path, port)
    },
    async clear() {
      if (simulator !== null) chmodSync(simulator.path, 0o600)
      const held = other
      other = null
      if (held !== null) await new Promise<void>((resolve) => held.close(() => resolve()))
    },
    hang(hangs) {
      isHanging = hangs
    },
    async remove() {
      await reader.clear()
      await reader.unplug()
      rmSync(folder, { recursive: true })
    },
  }
  await reader.plugIn('none')
  return reader
}

/** A simulated DK reader behind what node-hid shows of a device. */
export async function pluggableHid(): Promise<PluggableReader> {
  const profile = usbProfile('hid-dk')
  const path = '/dev/hidraw-simulated'
  const state: DeviceState<SimulatedHidReader> = { device: null, obstacle: 'none', isHanging: false }
  const library = {
    getHidapiVersion: () => 'simulated',
    devicesAsync: async () => [],
    HIDAsync: {
      open: async () => {
        if (state.device === null)
          throw new Error(`cannot open device with path ${path}: No such file or directory`)
        if (state.obstacle === 'denied')
          throw new Error(`cannot open device with path ${path}: Permission denied`)
        if (state.obstacle === 'busy')
          throw new Error(`cannot open device with path ${path}: Device or resource busy`)
        return hidHandle(state.device, state)
      },
    },
  }
  return pluggableDevice(
    state,
    () => simulateDkReader(),
    async () => {
      const port = await openHidPort(path, { load: async () => library })
      return port.ok ? readerOnHid(profile, { port: `hid:${path}` }, port.value) : port
    },
  )
}

/** A simulated bulk reader behind what the `usb` package shows of a device. */
export async function pluggableUsb(): Promise<PluggableReader> {
  const profile = usbProfile('usb-sam')
  const state: DeviceState<SimulatedUsbReader> = { device: null, obstacle: 'none', isHanging: false }
  const usb = { getDevices: async () => (state.device === null ? [] : [usbDevice(state.device, state)]) }
  return pluggableDevice(
    state,
    () => simulateUsbReader(),
    async () => {
      const line = await openUsbBulk(SAM_USB, async () => ({ usb }))
      return line.ok ? readerOnBulk(profile, { port: 'usb:0400:c35a' }, line.value) : line
    },
  )
}

/** vpcd in a real pcscd. The service goes and comes with the reader; nobody can be refused or hold it. */
export async function pluggablePcsc(): Promise<PluggableReader> {
  let daemon: RunningPcscd | null = await startPcscd()
  return {
    open: () => openPcscReader(VIRTUAL_READER),
    async unplug() {
      await daemon?.stop()
      daemon = null
    },
    async plugIn() {
      daemon = await startPcscd()
    },
    clear: async () => {},
    async remove() {
      await daemon?.stop()
    },
  }
}

interface DeviceState<Device> {
  device: Device | null
  obstacle: Obstacle
  isHanging: boolean
}

function pluggableDevice<Device extends { unplug(): void }>(
  state: DeviceState<Device>,
  make: () => Device,
  open: OpenReader,
): PluggableReader {
  const unplug = async (): Promise<void> => {
    state.device?.unplug()
    state.device = null
  }
  state.device = make()
  return {
    open,
    unplug,
    async plugIn(obstacle) {
      state.obstacle = obstacle
      state.device = make()
    },
    async clear() {
      state.obstacle = 'none'
    },
    hang(isHanging) {
      state.isHanging = isHanging
    },
    remove: unplug,
  }
}

function hidHandle({ port }: SimulatedHidReader, state: DeviceState<SimulatedHidReader>): NodeHidHandle {
  return {
    on(event: 'data' | 'error', listener: (word: never) => void) {
      if (event === 'data') port.onReport((report) => listener(Buffer.from(report) as never))
      else port.onClose((fault) => fault !== null && listener(fault as never))
    },
    read: async () => undefined,
    async write(report) {
      if (!state.isHanging) unwrap(await port.sendReports([report]))
      return report.length
    },
    sendFeatureReport: async (report) => report.length,
    getFeatureReport: async () => Buffer.alloc(0),
    close: async () => {},
  }
}

function usbDevice({ pipe }: SimulatedUsbReader, state: DeviceState<SimulatedUsbReader>): NodeUsbDevice {
  let isOpen = true
  return {
    bus: '1',
    address: 9,
    ports: [2, 4],
    ...SAM_USB,
    configuration: {
      interfaces: [
        {
          alternate: {
            endpoints: [
              { endpointNumber: 1, direction: 'in', type: 'bulk' },
              { endpointNumber: 2, direction: 'out', type: 'bulk' },
            ],
          },
        },
      ],
    },
    async open() {
      if (state.obstacle === 'denied') throw new Error('open error: permission denied')
    },
    async claimInterface() {
      if (state.obstacle === 'busy') throw new Error('claimInterface error: interface is busy')
    },
    detachKernelDriver: () => Promise.reject(new Error('detachKernelDriver error: no driver')),
    clearHalt: async () => {},
    async nativeTransferOut(_endpoint, _timeoutMs, bytes) {
      if (!state.isHanging) unwrap(await pipe.send(bytes))
      return bytes.length
    },
    async nativeTransferIn(_endpoint, timeoutMs) {
      const received = isOpen ? unwrap(await pipe.receive(timeoutMs)) : null
      if (received === null) throw new Error('transferIn error: transfer was cancelled')
      return received
    },
    async close() {
      isOpen = false
    },
  }
}

/** The same line for a simulator that hears nothing for a while. */
function deafWhile(line: Transport, isDeaf: () => boolean): Transport {
  return {
    path: line.path,
    write: (bytes) => line.write(bytes),
    onData: (listener) => line.onData((chunk) => !isDeaf() && listener(chunk)),
    onClose: (listener) => line.onClose(listener),
    close: () => line.close(),
  }
}

function usbProfile(name: string): UsbProfile {
  const profile = unwrap(findProfile(name))
  if ('usb' in profile) return profile
  throw new Error(`${name} is no USB profile`)
}
