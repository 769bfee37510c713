import { type AttachedDevice, listHidDevices, listUsbDevices } from '../cards/discovery.ts'
import { openReader } from '../cards/driver/open-reader.ts'
import { profileOfDevice } from '../cards/profiles.ts'
import { listPcscReaders } from '../cards/transport/pcsc.ts'
import { asFault, Fault } from '../common/fault.ts'
import type { Result } from '../common/result.ts'

/** One device that the machine shows, and what this product makes of it. */
export interface SeenDevice {
  readonly bus: 'serial' | 'hid' | 'usb' | 'pcsc'
  /** What `--port` takes. */
  readonly port: string
  /** What the device says of itself. */
  readonly says: string
  /** Name of the profile that claims it, or null with the reason in `verdict`. */
  readonly profile: string | null
  /** It was asked and answered as a reader. */
  readonly answers: boolean
  /** What happened when it was asked, or why it was not. */
  readonly verdict: string
}

export interface SeenBus {
  readonly devices: readonly SeenDevice[]
  /** Why the bus cannot be looked at on this machine. */
  readonly fault: Fault | null
}

/** Time for a reader to answer a status command, milliseconds. */
const TRY_MS = 2_000

/** Serial ports, each asked for the state of its SAM at every speed that fits into two seconds. */
export async function seeSerialPorts(): Promise<SeenBus> {
  try {
    const { SerialPort } = await import('serialport')
    const devices: SeenDevice[] = []
    for (const { path, manufacturer } of await SerialPort.list()) {
      devices.push({
        bus: 'serial',
        port: path,
        says: manufacturer ?? 'unnamed',
        profile: 'sam-serial',
        ...(await askReader(path)),
      })
    }
    return { devices, fault: null }
  } catch (thrown) {
    return { devices: [], fault: listingFault(thrown) }
  }
}

/** On Linux serial ports are listed by udev's own program. */
function listingFault(thrown: unknown): Fault {
  const { code, path } = thrown as NodeJS.ErrnoException
  if (code !== 'ENOENT' || path !== 'udevadm') return asFault(thrown)
  const cannot = 'serial ports cannot be listed on this machine: there is no udevadm'
  return new Fault('PORT_SERIAL_UNAVAILABLE', cannot, { cause: thrown })
}

/** HID devices; only one that a profile claims is asked, a keyboard is left alone. */
export async function seeHidDevices(): Promise<SeenBus> {
  return seeDevices('hid', await listHidDevices(), ({ path }) => `hid:${path}`)
}

/** USB devices that a bulk profile claims, and all others by name. */
export async function seeUsbDevices(): Promise<SeenBus> {
  return seeDevices(
    'usb',
    await listUsbDevices(),
    ({ vendorId, productId }) => `usb:${ids({ vendorId, productId })}`,
  )
}

/** PC/SC readers by the names that the service gives. */
export async function seePcscReaders(): Promise<SeenBus> {
  const readers = await listPcscReaders()
  if (!readers.ok) return { devices: [], fault: readers.fault }
  const devices = readers.value.map(
    (name): SeenDevice => ({
      bus: 'pcsc',
      port: `pcsc:${name}`,
      says: name,
      profile: 'pcsc',
      answers: true,
      verdict: 'the service answers; lay a card on it to try it',
    }),
  )
  return { devices, fault: null }
}

async function seeDevices(
  bus: 'hid' | 'usb',
  listed: Result<readonly AttachedDevice[]>,
  portOf: (device: AttachedDevice) => string,
): Promise<SeenBus> {
  if (!listed.ok) return { devices: [], fault: listed.fault }
  const devices: SeenDevice[] = []
  for (const device of listed.value) {
    const profile = profileOfDevice(device.vendorId, device.productId)
    const claimed = profile !== null && (profile.family === 'usb-bulk') === (bus === 'usb')
    const port = portOf(device)
    devices.push({
      bus,
      port,
      says: [ids(device), device.manufacturer, device.product].filter((part) => part !== null).join(' '),
      profile: claimed ? profile.name : null,
      ...(claimed ? await askReader(port) : UNCLAIMED),
    })
  }
  return { devices, fault: null }
}

async function askReader(port: string): Promise<Pick<SeenDevice, 'answers' | 'verdict'>> {
  const opened = await openReader({ port, timeoutMs: TRY_MS })
  if (!opened.ok) return { answers: false, verdict: `${opened.fault.code} ${opened.fault.message}` }
  const { samId } = opened.value.identity
  await opened.value.close()
  return {
    answers: true,
    verdict: samId === null ? 'answers, without a SAM number' : `answers, SAM ${samId}`,
  }
}

const UNCLAIMED = {
  answers: false,
  verdict: 'no profile claims these ids; a known family can be named by --profile',
} as const

function ids({ vendorId, productId }: Pick<AttachedDevice, 'vendorId' | 'productId'>): string {
  return [vendorId, productId].map((id) => id.toString(16).padStart(4, '0')).join(':')
}
