import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { Fault } from '../../common/fault.ts'
import { failed, ok, type Result } from '../../common/result.ts'
import { type CameraDevice, deviceText, type UsbIdentity } from './device.ts'

/**
 * The cameras that the Linux kernel knows, from sysfs (kernel documentation, ABI/testing/sysfs-class-video4linux and
 * sysfs-bus-usb). udev's /dev/v4l/by-id is made of the same attributes. Fault `STATION_CAMERA_SYSTEM` without a sysfs; no
 * camera is an empty list. A device that disappears while it is read is left out.
 */
export function readLinuxCameras(sysfs = '/sys'): Result<readonly CameraDevice[]> {
  const folder = join(sysfs, 'class/video4linux')
  if (!existsSync(join(sysfs, 'class'))) {
    return failed(
      new Fault('STATION_CAMERA_SYSTEM', `no ${join(sysfs, 'class')}: the cameras cannot be looked at`),
    )
  }
  const devices = list(folder)
    .map((node) => readCamera(join(folder, node), sysfs))
    .filter((device) => device !== null)
  return ok(devices)
}

function readCamera(node: string, sysfs: string): CameraDevice | null {
  const place = resolved(node)
  const name = deviceText(attribute(node, 'name'))
  if (place === null || name === null) return null
  // One USB camera has several nodes; the first carries the picture, the others its metadata.
  if ((attribute(node, 'index') ?? '0') !== '0') return null
  const device = resolved(join(node, 'device'))
  const driver = device && resolved(join(device, 'driver'))
  const usbDevice = device === null ? null : dirname(device)
  const usb = usbDevice === null ? null : readUsb(usbDevice)
  const controller = usb && usbDevice ? controllerOf(usbDevice) : null
  const port = usbDevice === null ? null : attribute(usbDevice, 'devpath')
  return {
    name,
    alias: device === null ? null : deviceText(attribute(device, 'interface')),
    bus: usb ? 'usb' : busOf(place, sysfs),
    driver: driver && deviceText(basename(driver)),
    usb,
    controller,
    // As V4L2's bus_info; the bus number is left out, because it changes with the order of controllers.
    path: controller === null || port === null ? null : deviceText(`usb-${controller}-${port}`),
  }
}

function readUsb(folder: string): UsbIdentity | null {
  const vendorId = attribute(folder, 'idVendor')
  const productId = attribute(folder, 'idProduct')
  if (!isUsbId(vendorId) || !isUsbId(productId)) return null
  return { vendorId, productId, serial: deviceText(attribute(folder, 'serial')) }
}

function isUsbId(text: string | null): text is string {
  return text !== null && /^[0-9a-f]{4}$/.test(text)
}

/** The folder above `usbN`, the root hub. */
function controllerOf(usbDevice: string): string | null {
  const parts = usbDevice.split('/')
  const hub = parts.findIndex((part) => /^usb\d+$/.test(part))
  return hub > 0 ? deviceText(parts[hub - 1]) : null
}

function busOf(place: string, sysfs: string): CameraDevice['bus'] {
  const root = join(resolved(sysfs) ?? sysfs, 'devices')
  const [first = ''] = place.slice(root.length + 1).split('/')
  if (first === 'virtual') return 'virtual'
  if (first.startsWith('pci')) return 'pci'
  return first === 'platform' ? 'platform' : 'other'
}

function attribute(folder: string, name: string): string | null {
  try {
    return readFileSync(join(folder, name), 'utf8').trim()
  } catch {
    return null
  }
}

function resolved(path: string): string | null {
  try {
    return realpathSync(path)
  } catch {
    return null
  }
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder).sort()
  } catch {
    return []
  }
}
