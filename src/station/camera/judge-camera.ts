import type { Result } from '../../common/result.ts'
import { type CameraDevice, usbIds } from './device.ts'
import { type KnownCameras, knownCameras } from './known-cameras.ts'
import { type CameraMatch, matchLabel, readLabel } from './match-label.ts'

export type CameraVerdict = 'real' | 'virtual' | 'unknown'

export interface CameraJudgement {
  readonly verdict: CameraVerdict
  /**
   * `usb-driver`: hardware on USB under the class driver. `virtual-…`, `no-hardware`, `usb-gadget`: what made it
   * virtual. `capture-device`: known to show what an HDMI cable brings. `not-usb`, `no-driver`: nothing to go by.
   * `ambiguous`: two devices fit the label. `not-listed`: the system has no such device. `not-readable`: nor an answer.
   */
  readonly reason:
    | 'usb-driver'
    | 'virtual-name'
    | 'virtual-driver'
    | 'virtual-controller'
    | 'no-hardware'
    | 'usb-gadget'
    | 'capture-device'
    | 'not-usb'
    | 'no-driver'
    | 'ambiguous'
    | 'not-listed'
    | 'not-readable'
  /** The device behind the stream, when there is exactly one. */
  readonly device: CameraDevice | null
}

/**
 * What the system's word makes of a stream with this label. `real` says that a USB device with ids is driven by the
 * class driver, and no more: a box with somebody else's ids, or a kernel that lies, is `real` too.
 */
export function judgeCamera(
  label: string,
  listed: Result<readonly CameraDevice[]>,
  known: KnownCameras = knownCameras,
): CameraJudgement {
  const match: CameraMatch = listed.ok ? matchLabel(label, listed.value) : { kind: 'none' }
  const device = match.kind === 'one' ? match.device : null
  const say = (verdict: CameraVerdict, reason: CameraJudgement['reason']) => ({ verdict, reason, device })

  if (isVirtualName(readLabel(label).name, known)) return say('virtual', 'virtual-name')
  if (match.kind === 'several') return say('unknown', 'ambiguous')
  if (device !== null) return { ...judgeDevice(device, known), device }
  return say('unknown', listed.ok ? 'not-listed' : 'not-readable')
}

/** The same of a device that no stream is known of yet. */
export function judgeDevice(
  device: CameraDevice,
  known: KnownCameras = knownCameras,
): Pick<CameraJudgement, 'verdict' | 'reason'> {
  const { name, alias, driver, controller, path, usb, bus } = device
  const has = (list: readonly { readonly name: string }[], wanted: string | null) =>
    wanted !== null && list.some((one) => one.name === wanted)
  const hasIds = (list: readonly { readonly usb: string }[]) =>
    usb !== null && list.some((one) => one.usb === usbIds(usb))

  if ([name, alias].some((own) => own !== null && isVirtualName(own, known))) {
    return { verdict: 'virtual', reason: 'virtual-name' }
  }
  if (has(known.virtualDrivers, driver)) return { verdict: 'virtual', reason: 'virtual-driver' }
  if (bus === 'virtual' || isVirtualInstance(path, known))
    return { verdict: 'virtual', reason: 'no-hardware' }
  // Linux numbers them: vhci_hcd.0
  if (has(known.virtualControllers, controller?.replace(/\.\d+$/, '') ?? null)) {
    return { verdict: 'virtual', reason: 'virtual-controller' }
  }
  if (hasIds(known.gadgets)) return { verdict: 'virtual', reason: 'usb-gadget' }
  if (hasIds(known.captureDevices)) return { verdict: 'unknown', reason: 'capture-device' }
  if (usb === null) return { verdict: 'unknown', reason: 'not-usb' }
  return has(known.usbDrivers, driver)
    ? { verdict: 'real', reason: 'usb-driver' }
    : { verdict: 'unknown', reason: 'no-driver' }
}

function isVirtualName(name: string, { virtualNames }: KnownCameras): boolean {
  const plain = name.toLowerCase()
  return virtualNames.some(({ text, place }) => {
    if (place === 'start') return plain.startsWith(text)
    return place === 'end' ? plain.endsWith(text) : plain.includes(text)
  })
}

function isVirtualInstance(path: string | null, { virtualInstances }: KnownCameras): boolean {
  return path !== null && virtualInstances.some(({ prefix }) => path.toUpperCase().startsWith(prefix))
}
