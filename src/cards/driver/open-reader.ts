import { Fault } from '../../common/fault.ts'
import { failed, ok, type Result } from '../../common/result.ts'
import { dialects } from '../codec/command.ts'
import { listHidDevices } from '../discovery.ts'
import { type PortAddress, parsePort } from '../port-address.ts'
import { DEFAULT_PROFILE, findProfile, profileOfDevice, type UsbProfile } from '../profiles.ts'
import type { CardReader } from '../reader.ts'
import type { ApduChannel } from '../transport/apdu-channel.ts'
import { dkSlot } from '../transport/hid-dk-slot.ts'
import { gwiSlot } from '../transport/hid-gwi-slot.ts'
import { huadaSlot } from '../transport/hid-huada-slot.ts'
import type { HidPort } from '../transport/hid-port.ts'
import { dkSamStream, genericSamStream } from '../transport/hid-stream.ts'
import { openHidPort } from '../transport/node-hid-port.ts'
import { openUsbBulk } from '../transport/node-usb.ts'
import type { Transport } from '../transport/transport.ts'
import { openPcscReader } from './open-pcsc-reader.ts'
import { openSerialReader } from './open-serial-reader.ts'
import { greetSam } from './sam-greeting.ts'
import { SamLine } from './sam-line.ts'
import { SamReader } from './sam-reader.ts'
import { SocialSecurityReader } from './social-security-reader.ts'

export interface ReaderOptions {
  /** As `parsePort` reads it. */
  readonly port: string
  /** Name in native-config/readers.json. Left out: the one that claims the device, or the default of the bus. */
  readonly profile?: string
  /** Time to get a first sign of life, milliseconds. */
  readonly timeoutMs?: number
}

/**
 * Opens whatever reader is at a port: serial, HID, bulk USB or PC/SC.
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
    case 'hid':
    case 'usb':
      return openUsbReader(options, address.value)
  }
}

type UsbAddress = Extract<PortAddress, { bus: 'hid' | 'usb' }>

/** A USB line has no speed to wait for; frames go as fast as at the fastest serial one. */
const USB_SPEED = 115_200
const GREETING_MS = 6_000

async function openUsbReader(options: ReaderOptions, address: UsbAddress): Promise<Result<CardReader>> {
  const profile = await profileFor(options.profile, address)
  if (!profile.ok) return profile
  if (address.bus === 'usb') {
    const line = await openUsbBulk(address)
    return line.ok ? samReader(profile.value, options, line.value) : line
  }
  const port = await openHidPort(address.path)
  if (!port.ok) return port
  const stream = samStreams[profile.value.family]
  if (stream !== undefined) return samReader(profile.value, options, stream(port.value))
  const slot = slots[profile.value.family]
  if (slot !== undefined) return slotReader(profile.value, options, slot(port.value))
  await port.value.close()
  return failed(new Fault('USAGE_PROFILE', `profile "${profile.value.name}" is not for a HID device`))
}

const samStreams: Partial<Record<UsbProfile['family'], (port: HidPort) => Transport>> = {
  'hid-dk': dkSamStream,
  'hid-generic': genericSamStream,
}

const slots: Partial<Record<UsbProfile['family'], (port: HidPort) => ApduChannel>> = {
  'hid-dk-slot': dkSlot,
  'hid-huada': huadaSlot,
  'hid-gwi': gwiSlot,
}

async function samReader(
  profile: UsbProfile,
  { port, timeoutMs }: ReaderOptions,
  transport: Transport,
): Promise<Result<CardReader>> {
  const line = new SamLine(transport)
  const deadline = performance.now() + (timeoutMs ?? GREETING_MS)
  const limits = { deadline, baudRate: USB_SPEED }
  const greeting = { dialect: dialects.standard, selfTest: true, maxRfBytes: null, limits }
  const greeted = await greetSam(line, greeting)
  if (!greeted.ok) {
    await transport.close()
    return greeted
  }
  const identity = { profile: profile.name, port, samId: greeted.value.samId }
  return ok(new SamReader(identity, line, { baudRate: USB_SPEED, pollMs: profile.pollMs.value }))
}

function slotReader(profile: UsbProfile, { port }: ReaderOptions, channel: ApduChannel): Result<CardReader> {
  const identity = { profile: profile.name, port, samId: null }
  return ok(new SocialSecurityReader(identity, channel, { pollMs: profile.pollMs.value }))
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
