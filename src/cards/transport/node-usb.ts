import { Fault } from '../../common/fault.ts'
import { failed, ok, type Result } from '../../common/result.ts'
import type { Transport } from './transport.ts'
import { type BulkPipe, bulkTransport } from './usb-bulk.ts'

/*
 * The adapter for the `usb` package (3.x), an optional dependency that loads on first use. With a real device it has
 * not been tried: tests drive it through a stand-in for the library, and through the library itself only as far as
 * loading and listing. On Windows the device must be bound to WinUSB, which the maker's own driver is not.
 */

/** What is used of `usb`. */
export interface NodeUsb {
  readonly usb: { getDevices(): Promise<NodeUsbDevice[]> }
}

export interface NodeUsbDevice {
  readonly bus: string
  readonly address: number
  readonly ports: readonly number[]
  readonly vendorId: number
  readonly productId: number
  readonly manufacturerName?: string | null | undefined
  readonly productName?: string | null | undefined
  readonly serialNumber?: string | null | undefined
  readonly configuration?:
    | { readonly interfaces: readonly { readonly alternate: { readonly endpoints: readonly Endpoint[] } }[] }
    | null
    | undefined
  open(): Promise<void>
  close(): Promise<void>
  claimInterface(number: number): Promise<void>
  detachKernelDriver(number: number): Promise<void>
  /** Null when the endpoint is stalled; rejects with "cancelled" when nothing came in time. */
  nativeTransferIn(endpoint: number, timeoutMs: number, bytes: number): Promise<Uint8Array | null>
  nativeTransferOut(endpoint: number, timeoutMs: number, bytes: Uint8Array): Promise<number>
  clearHalt(direction: 'in' | 'out', endpoint: number): Promise<void>
}

interface Endpoint {
  readonly endpointNumber: number
  readonly direction: 'in' | 'out'
  readonly type: string
}

/** The SAM reader that several brands sell, vendor-specific class. */
export const SAM_USB = { vendorId: 0x0400, productId: 0xc35a } as const

export interface UsbAddress {
  readonly vendorId: number
  readonly productId: number
  /** As `usbPath` gives it; without one, the first device of that kind. */
  readonly path?: string
}

/** Every USB device seen; `PORT_USB_UNAVAILABLE` if the package or the system's USB is missing. */
export async function usbDevices(
  load: () => Promise<NodeUsb> = importNodeUsb,
): Promise<Result<readonly NodeUsbDevice[]>> {
  try {
    const { usb } = await load()
    return ok(await usb.getDevices())
  } catch (cause) {
    const said = sentenceOf(cause)
    return failed(
      new Fault('PORT_USB_UNAVAILABLE', `USB devices cannot be used on this machine: ${said}`, { cause }),
    )
  }
}

/** Bus and the chain of ports: the same for a reader that is unplugged and plugged in again at the same place. */
export function usbPath({ bus, ports, address }: NodeUsbDevice): string {
  return `usb:${bus}-${ports.length > 0 ? ports.join('.') : `#${address}`}`
}

/**
 * Opens the bulk pipes of interface 0 as a line.
 * `PORT_USB_UNAVAILABLE`, `PORT_NOT_FOUND`, `PORT_DENIED`, `PORT_BUSY`, or `PORT_OPEN` with what the system says.
 */
export async function openUsbBulk(
  address: UsbAddress = SAM_USB,
  load: () => Promise<NodeUsb> = importNodeUsb,
): Promise<Result<Transport>> {
  const devices = await usbDevices(load)
  if (!devices.ok) return devices
  const device = devices.value.find((candidate) => matches(candidate, address))
  if (device === undefined)
    return failed(new Fault('PORT_NOT_FOUND', `there is no USB device ${describe(address)}`))
  try {
    await device.open()
    await claim(device)
  } catch (cause) {
    await device.close().catch(() => {})
    return failed(openFault(describe(address), cause))
  }
  const endpoints = device.configuration?.interfaces[0]?.alternate.endpoints ?? []
  const [input, output] = (['in', 'out'] as const).map((direction) =>
    endpoints.find((endpoint) => endpoint.type === 'bulk' && endpoint.direction === direction),
  )
  if (input === undefined || output === undefined) {
    await device.close().catch(() => {})
    return failed(new Fault('PORT_OPEN', `${describe(address)} has no bulk pipe each way`))
  }
  return ok(await bulkTransport(new NodeUsbPipe(device, input.endpointNumber, output.endpointNumber)))
}

class NodeUsbPipe implements BulkPipe {
  readonly path: string
  readonly #device: NodeUsbDevice
  readonly #input: number
  readonly #output: number
  #stalls = 0
  #closed = false

  constructor(device: NodeUsbDevice, input: number, output: number) {
    this.path = usbPath(device)
    this.#device = device
    this.#input = input
    this.#output = output
  }

  async send(bytes: Uint8Array): Promise<Result<void>> {
    try {
      await this.#device.nativeTransferOut(this.#output, SEND_MS, bytes)
      return ok(undefined)
    } catch (cause) {
      return failed(lost(this.path, cause))
    }
  }

  async receive(timeoutMs: number): Promise<Result<Uint8Array | null>> {
    try {
      const bytes = await this.#device.nativeTransferIn(this.#input, timeoutMs, LARGEST_TRANSFER)
      if (bytes !== null) {
        this.#stalls = 0
        return ok(bytes.length > 0 ? Uint8Array.from(bytes) : null)
      }
      if (++this.#stalls > STALLS_FORGIVEN) return failed(lost(this.path, new Error('endpoint stalled')))
      await this.#device.clearHalt('in', this.#input)
      return ok(null)
    } catch (cause) {
      // The library words a time-out as a cancelled transfer.
      if (!this.#closed && /cancel|timed? ?out/i.test(sentenceOf(cause))) return ok(null)
      return failed(lost(this.path, cause))
    }
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    await this.#device.close().catch(() => {})
  }
}

const SEND_MS = 1_000
/** In a row; a device that stalls on and on needs to be opened anew. */
const STALLS_FORGIVEN = 3
/** Larger than any answer, so that one is never cut. */
const LARGEST_TRANSFER = 8_192

async function importNodeUsb(): Promise<NodeUsb> {
  return import('usb')
}

/** On Linux a kernel driver may hold the interface; it is asked to let go once. */
async function claim(device: NodeUsbDevice): Promise<void> {
  try {
    await device.claimInterface(0)
  } catch (refusal) {
    await device.detachKernelDriver(0).catch(() => {
      throw refusal
    })
    await device.claimInterface(0)
  }
}

function matches(device: NodeUsbDevice, { vendorId, productId, path }: UsbAddress): boolean {
  if (device.vendorId !== vendorId || device.productId !== productId) return false
  return path === undefined || usbPath(device) === path
}

function describe({ vendorId, productId, path }: UsbAddress): string {
  const ids = [vendorId, productId].map((id) => id.toString(16).toUpperCase().padStart(4, '0')).join(':')
  return path === undefined ? ids : `${ids} at ${path}`
}

function lost(path: string, cause: unknown): Fault {
  return new Fault('PORT_LOST', `${path} went away`, { cause })
}

function openFault(device: string, cause: unknown): Fault {
  const said = sentenceOf(cause)
  if (/permission|access denied/i.test(said))
    return new Fault('PORT_DENIED', `this user may not open ${device} (on Linux: a udev rule is missing)`, {
      cause,
    })
  if (/busy/i.test(said)) return new Fault('PORT_BUSY', `another program has ${device} open`, { cause })
  if (/disconnected|not found|no such/i.test(said))
    return new Fault('PORT_NOT_FOUND', `there is no USB device ${device}`, { cause })
  return new Fault('PORT_OPEN', `${device} cannot be opened: ${said}`, { cause })
}

function sentenceOf(cause: unknown): string {
  const text = cause instanceof Error ? cause.message : String(cause)
  return text.split('\n')[0] ?? ''
}
