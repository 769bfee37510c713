import { realpathSync } from 'node:fs'
import { basename } from 'node:path'

/**
 * The socket that a device hangs on, by its device file or its `usbPath`: `usb:BUS-PORT.PORT…`, the same for a device that is
 * unplugged and plugged in again in its place, another one in another socket. Linux says it in sysfs; null there for
 * what is no USB device, and on every other system.
 */
export function usbSocketOf(devicePath: string, sysfs = '/sys'): string | null {
  if (devicePath.startsWith('usb:')) return devicePath
  const name = basename(followed(devicePath) ?? devicePath)
  for (const kind of ['tty', 'hidraw']) {
    const place = followed(`${sysfs}/class/${kind}/${name}/device`)
    // The last hub and port in the path are the device's own: …/usb1/1-2/1-2.4/1-2.4:1.0/…
    const ports = place?.match(/\/\d+-\d+(\.\d+)*(?=\/)/g)?.at(-1)
    if (ports !== undefined) return `usb:${ports.slice(1)}`
  }
  return null
}

/** `usbSocketOf` as a part of a reader's identity: nothing where there is none. */
export function pluggedInto(devicePath: string): { readonly usbPath?: string } {
  const usbPath = usbSocketOf(devicePath)
  return usbPath === null ? {} : { usbPath }
}

function followed(link: string): string | null {
  try {
    return realpathSync(link)
  } catch {
    return null
  }
}
