import { Fault } from '../../common/fault.ts'
import { failed, ok, type Result } from '../../common/result.ts'
import { findProfile, type UsbProfile } from '../profiles.ts'
import type { CardReader } from '../reader.ts'
import { connectToSimulator } from '../transport/sim-link.ts'
import { simBulkPipe, simHidPort } from '../transport/sim-port.ts'
import { bulkTransport } from '../transport/usb-bulk.ts'
import { type DeviceOptions, readerOnBulk, readerOnHid } from './device-reader.ts'

/**
 * Opens a simulated HID or bulk USB reader of another process (`shidao card simulate`) with the framing and the driver
 * of a real one. Whatever it reads is simulated, whatever the card says of itself.
 *
 * The profile, where none is named, is the one that the simulator says; a named one of another framing meets the
 * silence that it would meet at a real device. Faults: `PORT_…`, `USAGE_PROFILE`, `CARD_SAM_…`.
 */
export async function openSimulatedReader(
  options: DeviceOptions & { readonly profile?: string },
  socketPath: string,
): Promise<Result<CardReader>> {
  const link = await connectToSimulator(socketPath)
  if (!link.ok) return link
  const profile = usbProfile(options.profile ?? link.value.hello.profile)
  if (!profile.ok) {
    await link.value.close()
    return profile
  }
  const reader =
    link.value.hello.bus === 'usb'
      ? await readerOnBulk(profile.value, options, await bulkTransport(simBulkPipe(link.value)))
      : await readerOnHid(profile.value, options, simHidPort(link.value))
  return reader.ok ? ok(markedSimulated(reader.value)) : reader
}

function usbProfile(name: string): Result<UsbProfile> {
  const found = findProfile(name)
  if (!found.ok) return found
  if ('usb' in found.value) return ok(found.value)
  return failed(new Fault('USAGE_PROFILE', `profile "${name}" is not for a USB device`))
}

/** The same reader, every reading of which says that it is simulated. */
function markedSimulated(reader: CardReader): CardReader {
  return {
    get identity() {
      return reader.identity
    },
    async read(options) {
      const reading = await reader.read(options)
      return reading.ok ? ok({ ...reading.value, simulated: true }) : reading
    },
    cardPresent: () => reader.cardPresent(),
    onSign: (listener) => reader.onSign?.(listener),
    close: () => reader.close(),
  }
}
