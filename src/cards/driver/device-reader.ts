import { Fault } from '../../common/fault.ts'
import { failed, ok, type Result } from '../../common/result.ts'
import { dialects } from '../codec/command.ts'
import type { UsbProfile } from '../profiles.ts'
import type { CardReader } from '../reader.ts'
import type { ApduChannel } from '../transport/apdu-channel.ts'
import { dkSlot } from '../transport/hid-dk-slot.ts'
import { gwiSlot } from '../transport/hid-gwi-slot.ts'
import { huadaSlot } from '../transport/hid-huada-slot.ts'
import type { HidPort } from '../transport/hid-port.ts'
import { dkSamStream, genericSamStream } from '../transport/hid-stream.ts'
import type { Transport } from '../transport/transport.ts'
import { pluggedInto } from '../transport/usb-socket.ts'
import { ChipCardReader } from './chip-card-reader.ts'
import { greetSam } from './sam-greeting.ts'
import { SamLine } from './sam-line.ts'
import { SamReader } from './sam-reader.ts'

/** Where the device is, as `--port` says it, and the time to get a first sign of life from it, milliseconds. */
export interface DeviceOptions {
  readonly port: string
  readonly timeoutMs?: number
}

/** A USB line has no speed to wait for; frames go as fast as at the fastest serial one. */
const USB_SPEED = 115_200
const GREETING_MS = 6_000

/**
 * A reader on an open HID device, by the framing that its profile says. The device is closed if that fails:
 * `USAGE_PROFILE` for a profile of another bus, `PORT_…`, `CARD_READER_SILENT`, `CARD_SAM_…`.
 */
export async function readerOnHid(
  profile: UsbProfile,
  options: DeviceOptions,
  port: HidPort,
): Promise<Result<CardReader>> {
  const stream = samStreams[profile.family]
  if (stream !== undefined) return samReader(profile, options, stream(port))
  const slot = slots[profile.family]
  if (slot !== undefined) return slotReader(profile, options, slot(port))
  await port.close()
  return failed(new Fault('USAGE_PROFILE', `profile "${profile.name}" is not for a HID device`))
}

/** A reader on open bulk pipes; faults as `readerOnHid`. */
export async function readerOnBulk(
  profile: UsbProfile,
  options: DeviceOptions,
  line: Transport,
): Promise<Result<CardReader>> {
  if (profile.family === 'usb-bulk') return samReader(profile, options, line)
  await line.close()
  return failed(new Fault('USAGE_PROFILE', `profile "${profile.name}" is not for a bulk USB device`))
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
  { port, timeoutMs }: DeviceOptions,
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
  // Some SAMs know neither word of the greeting, but none is silent to a find.
  if (line.goodFrames === 0) await line.exchange(dialects.standard.find, limits)
  if (line.goodFrames === 0) {
    await transport.close()
    return failed(line.lost ?? new Fault('CARD_READER_SILENT', `nothing at ${port} answers as a card reader`))
  }
  const { samId } = greeted.value
  const identity = { profile: profile.name, port, samId, ...pluggedInto(transport.path) }
  return ok(new SamReader(identity, line, { baudRate: USB_SPEED, pollMs: profile.pollMs.value }))
}

function slotReader(profile: UsbProfile, { port }: DeviceOptions, channel: ApduChannel): Result<CardReader> {
  const identity = { profile: profile.name, port, samId: null, ...pluggedInto(channel.path) }
  return ok(new ChipCardReader(identity, channel, { pollMs: profile.pollMs.value }))
}
