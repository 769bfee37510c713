import { Fault } from '../../common/fault.ts'
import { failed, ok, type Result } from '../../common/result.ts'
import { listHidDevices } from '../discovery.ts'
import { type PortAddress, parsePort } from '../port-address.ts'
import { DEFAULT_PROFILE, findProfile, profileOfDevice, type UsbProfile } from '../profiles.ts'
import type { CardReader } from '../reader.ts'
import { openHidPort } from '../transport/node-hid-port.ts'
import { openUsbBulk } from '../transport/node-usb.ts'
import { readerOnBulk, readerOnHid } from './device-reader.ts'
import { openPcscReader } from './open-pcsc-reader.ts'
import { openSerialReader } from './open-serial-reader.ts'
import { openSimulatedReader } from './open-simulated-reader.ts'

export interface ReaderOptions {
  /** As `parsePort` reads it. */
  readonly port: string
  /** Name in native-config/readers.json. Left out: the one that claims the device, or the default of the bus. */
  readonly profile?: string
  /** Time to get a first sign of life, milliseconds. */
  readonly timeoutMs?: number
}

/**
 * Opens whatever reader is at a port: serial, HID, bulk USB, PC/SC, or simulated in another process.
 * Faults: `USAGE_PORT`, `USAGE_PROFILE`, `PORT_…` of the bus, `CARD_READER_SILENT`, `CARD_SAM_…`.
 */
export async function openReader(options: ReaderOptions): Promise<Result<CardReader>> {
  const address = parsePort(options.port)
  if (!address.ok) return address
  switch (address.value.bus) {
    case 'serial':
      return openSerialReader({ ...options, port: address.value.path })
    case 'pcsc':
      return openPcscReader(address.value.reader)
    case 'sim':
      return openSimulatedReader(options, address.value.path)
    case 'hid':
    case 'usb':
      return openUsbReader(options, address.value)
  }
}

type UsbAddress = Extract<PortAddress, { bus: 'hid' | 'usb' }>

async function openUsbReader(options: ReaderOptions, address: UsbAddress): Promise<Result<CardReader>> {
  const profile = await profileFor(options.profile, address)
  if (!profile.ok) return profile
  if (address.bus === 'usb') {
    const line = await openUsbBulk(address)
    return line.ok ? readerOnBulk(profile.value, options, line.value) : line
  }
  const port = await openHidPort(address.path)
  return port.ok ? readerOnHid(profile.value, options, port.value) : port
}

async function profileFor(name: string | undefined, address: UsbAddress): Promise<Result<UsbProfile>> {
  if (name === undefined) return claimedProfile(address)
  const found = findProfile(name)
  if (!found.ok) return found
  if ('usb' in found.value) return ok(found.value)
  return failed(new Fault('USAGE_PROFILE', `profile "${name}" is not for a USB device`))
}

async function claimedProfile(address: UsbAddress): Promise<Result<UsbProfile>> {
  const ids = address.bus === 'usb' ? ok(address) : await idsOf(address.path)
  if (!ids.ok) return ids
  const profile = profileOfDevice(ids.value.vendorId, ids.value.productId)
  if (profile !== null) return ok(profile)
  return failed(
    new Fault(
      'USAGE_PROFILE',
      `no profile claims this device; name one (for serial ports "${DEFAULT_PROFILE}")`,
    ),
  )
}

async function idsOf(path: string): Promise<Result<{ vendorId: number; productId: number }>> {
  const devices = await listHidDevices()
  if (!devices.ok) return devices
  const device = devices.value.find((candidate) => candidate.path === path)
  return device === undefined
    ? failed(new Fault('PORT_NOT_FOUND', `there is no HID device ${path}`))
    : ok(device)
}
