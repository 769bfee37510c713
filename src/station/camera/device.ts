/** What a camera is, as far as the operating system knows. The window's own word is not in it. */
export interface CameraDevice {
  readonly name: string
  /** Another name of the same device under which a browser may list it, e.g. the USB interface's string. */
  readonly alias: string | null
  /** What it hangs on; `virtual`: on nothing, a program made it. */
  readonly bus: 'usb' | 'pci' | 'platform' | 'virtual' | 'other'
  /** Name of the driver in the kernel; null where the system doesn't say. */
  readonly driver: string | null
  readonly usb: UsbIdentity | null
  /** The host controller's device, e.g. `0000:00:14.0` or `vhci_hcd.0`; null off USB and where the system doesn't say. */
  readonly controller: string | null
  /** The socket that it is plugged into; the same after a restart. Null where the system doesn't say. */
  readonly path: string | null
}

/** Four hex digits each, as `lsusb` prints them; many cameras have no serial number, or all the same. */
export interface UsbIdentity {
  readonly vendorId: string
  readonly productId: string
  readonly serial: string | null
}

/** Text of a device, which may hold anything: without control characters, at most 200 of the rest; null when empty. */
export function deviceText(text: string | null | undefined): string | null {
  const clean = (text ?? '')
    .replace(/\p{C}+/gu, ' ')
    .trim()
    .slice(0, LONGEST)
  return clean === '' ? null : clean
}

export function usbIds({ vendorId, productId }: UsbIdentity): string {
  return `${vendorId}:${productId}`
}

const LONGEST = 200
