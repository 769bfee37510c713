import { Fault } from '../common/fault.ts'
import { failed, ok, type Result } from '../common/result.ts'
import { loadNodeHid, type NodeHid } from './transport/node-hid-port.ts'
import { type NodeUsb, usbDevices, usbPath } from './transport/node-usb.ts'

/** A device that is plugged in, whether or not this product knows it. */
export interface AttachedDevice {
  /** What opens it: `/dev/hidraw0`, a Windows device path, `usb:…`. */
  readonly path: string
  readonly vendorId: number
  readonly productId: number
  /** Null where the device or the system doesn't say. */
  readonly manufacturer: string | null
  readonly product: string | null
  readonly serialNumber: string | null
}

/** Every HID device the system shows, nothing opened. `PORT_HID_UNAVAILABLE` where HID cannot be used at all. */
export async function listHidDevices(
  load?: () => Promise<NodeHid>,
): Promise<Result<readonly AttachedDevice[]>> {
  const nodeHid = await loadNodeHid(load)
  if (!nodeHid.ok) return nodeHid
  try {
    const devices = await nodeHid.value.devicesAsync()
    return ok(
      devices.flatMap(({ path, vendorId, productId, manufacturer, product, serialNumber }) =>
        path === undefined
          ? []
          : [described({ path, vendorId, productId }, { manufacturer, product, serialNumber })],
      ),
    )
  } catch (cause) {
    return failed(new Fault('PORT_HID_UNAVAILABLE', 'the system does not list its HID devices', { cause }))
  }
}

/** Every USB device the system shows, nothing opened. `PORT_USB_UNAVAILABLE` where USB cannot be used at all. */
export async function listUsbDevices(
  load?: () => Promise<NodeUsb>,
): Promise<Result<readonly AttachedDevice[]>> {
  const devices = await usbDevices(load)
  if (!devices.ok) return devices
  return ok(
    devices.value.map((device) =>
      described(
        { path: usbPath(device), vendorId: device.vendorId, productId: device.productId },
        {
          manufacturer: device.manufacturerName,
          product: device.productName,
          serialNumber: device.serialNumber,
        },
      ),
    ),
  )
}

interface Names {
  readonly manufacturer: string | null | undefined
  readonly product: string | null | undefined
  readonly serialNumber: string | null | undefined
}

function described(
  identity: Pick<AttachedDevice, 'path' | 'vendorId' | 'productId'>,
  { manufacturer, product, serialNumber }: Names,
): AttachedDevice {
  return {
    ...identity,
    manufacturer: manufacturer || null,
    product: product || null,
    serialNumber: serialNumber || null,
  }
}
