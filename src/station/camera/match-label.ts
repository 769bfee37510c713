import { type CameraDevice, usbIds } from './device.ts'

/** Which device of the system a stream's label means. */
export type CameraMatch =
  | { readonly kind: 'one'; readonly device: CameraDevice }
  /** Devices that the label doesn't tell apart. */
  | { readonly kind: 'several'; readonly devices: readonly CameraDevice[] }
  | { readonly kind: 'none' }

/**
 * Chromium writes "NAME (vvvv:pppp)", without the ids where a device has none (media/capture/video/
 * video_capture_device_descriptor.cc); NAME is the USB interface's string or the V4L2 card.
 */
export function readLabel(label: string): { readonly name: string; readonly usb: string | null } {
  const [, name, usb] = /^(.*?) \(([0-9a-f]{4}:[0-9a-f]{4})\)$/i.exec(label) ?? []
  return name === undefined || usb === undefined
    ? { name: label, usb: null }
    : { name, usb: usb.toLowerCase() }
}

/** By the ids first, by the name among what is left. Two devices that both fit are `several`, never a guess. */
export function matchLabel(label: string, devices: readonly CameraDevice[]): CameraMatch {
  const { name, usb } = readLabel(label)
  const byIds = usb === null ? devices : devices.filter((device) => device.usb && usbIds(device.usb) === usb)
  const [only] = byIds
  if (usb !== null && byIds.length === 1 && only !== undefined) return { kind: 'one', device: only }
  const byName = byIds.filter((device) => isNamed(device, name))
  const [named] = byName
  if (byName.length === 1 && named !== undefined) return { kind: 'one', device: named }
  const left = byName.length > 0 ? byName : usb === null ? [] : byIds
  return left.length === 0 ? { kind: 'none' } : { kind: 'several', devices: left }
}

function isNamed({ name, alias }: CameraDevice, wanted: string): boolean {
  return [name, alias].some((own) => own !== null && sameName(own, wanted))
}

/** V4L2 cuts a card's name off after 31 bytes. */
function sameName(own: string, wanted: string): boolean {
  const [a, b] = [plain(own), plain(wanted)]
  return (
    a === b || (a.length === CARD_BYTES && b.startsWith(a)) || (b.length === CARD_BYTES && a.startsWith(b))
  )
}

function plain(name: string): string {
  return name.toLowerCase().replace(/\s+/g, ' ').trim()
}

const CARD_BYTES = 31
