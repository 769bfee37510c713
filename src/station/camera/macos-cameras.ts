import { z } from 'zod'
import { Fault } from '../../common/fault.ts'
import { failed, ok, type Result } from '../../common/result.ts'
import { type CameraDevice, deviceText, type UsbIdentity } from './device.ts'

/*
 * Not tried on a real machine. The system says no driver, so that no camera is called real here: a camera extension
 * may name itself as it likes.
 */

/** Arguments for `system_profiler`: its answer is what `parseMacosCameras` takes. */
export const SYSTEM_PROFILER_ARGUMENTS: readonly string[] = ['SPCameraDataType', '-json']

const answer = z.object({
  SPCameraDataType: z.array(
    z.object({
      _name: z.string(),
      'spcamera_model-id': z.string().optional(),
      'spcamera_unique-id': z.string().optional(),
    }),
  ),
})

/** Reads that answer. Total; `STATION_CAMERA_SYSTEM` for anything else. */
export function parseMacosCameras(text: string): Result<readonly CameraDevice[]> {
  const parsed = answer.safeParse(json(text))
  if (!parsed.success)
    return failed(new Fault('STATION_CAMERA_SYSTEM', 'system_profiler answered something else'))
  const devices = parsed.data.SPCameraDataType.map((entry): CameraDevice | null => {
    const name = deviceText(entry._name)
    const usb = usbOf(entry['spcamera_model-id'] ?? '')
    if (name === null) return null
    return {
      name,
      alias: null,
      bus: usb === null ? 'other' : 'usb',
      driver: null,
      usb,
      controller: null,
      path: deviceText(entry['spcamera_unique-id']),
    }
  })
  return ok(devices.filter((device) => device !== null))
}

/** `UVC Camera VendorID_1133 ProductID_2093`, both decimal. */
function usbOf(model: string): UsbIdentity | null {
  const [, vendor, product] = /VendorID_(\d{1,5}) ProductID_(\d{1,5})/.exec(model) ?? []
  if (vendor === undefined || product === undefined) return null
  return { vendorId: fourHex(vendor), productId: fourHex(product), serial: null }
}

function fourHex(decimal: string): string {
  return (Number(decimal) & 0xffff).toString(16).padStart(4, '0')
}

function json(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
