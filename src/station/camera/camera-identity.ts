import { createHash } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import type { CameraIdentity } from '../../ledger/event.ts'
import type { CameraDevice } from './device.ts'
import { readLabel } from './match-label.ts'

/** What is pinned of a camera: the system's word where there is one device behind the label, else the label's name. */
export function identityOf(
  label: string,
  device: CameraDevice | null,
  most: CameraIdentity['most'],
): CameraIdentity {
  if (device === null) {
    return { name: readLabel(label).name, driver: null, bus: null, usb: null, path: null, most }
  }
  const { name, driver, bus, usb, path } = device
  return { name, driver, bus, usb: usb && { ...usb }, path, most }
}

/** What is other now than it was pinned. The most that it gives counts only where both are known. */
export function differences(pinned: CameraIdentity, now: CameraIdentity): readonly string[] {
  const ids = ({ usb }: CameraIdentity) => usb && [usb.vendorId, usb.productId]
  const pairs: readonly (readonly [string, unknown, unknown])[] = [
    ['name', pinned.name, now.name],
    ['driver', pinned.driver, now.driver],
    ['bus', pinned.bus, now.bus],
    ['usb', ids(pinned), ids(now)],
    ['serial', pinned.usb?.serial ?? null, now.usb?.serial ?? null],
    ['path', pinned.path, now.path],
    ['resolutions', now.most && pinned.most, pinned.most && now.most],
  ]
  return pairs.filter(([, before, after]) => !isDeepStrictEqual(before, after)).map(([field]) => field)
}

/** 16 hex digits that stand for a camera between station and window, so that nobody confirms another than was shown. */
export function cameraKey(identity: CameraIdentity): string {
  const { name, driver, bus, usb, path, most } = identity
  const fields = [name, driver, bus, usb && [usb.vendorId, usb.productId, usb.serial], path]
  const limits = most && [most.width, most.height, most.frameRate]
  return createHash('sha256')
    .update(JSON.stringify([fields, limits]))
    .digest('hex')
    .slice(0, 16)
}
