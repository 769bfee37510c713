import { z } from 'zod'
import cameras from '../../../native-config/cameras.json' with { type: 'json' }

/* What is known of cameras that are none. A list finds what doesn't hide; every line says where it comes from. */

const source = z.string().min(1)
const named = z.array(z.strictObject({ name: z.string().min(1), source }))
const byUsb = z.array(z.strictObject({ usb: z.string().regex(/^[0-9a-f]{4}:[0-9a-f]{4}$/), source }))

const knownCamerasFile = z.strictObject({
  /** Kernel drivers that only bind to hardware on USB. */
  usbDrivers: named,
  virtualDrivers: named,
  /** Host controllers that are programs: whatever hangs on them may be one too. */
  virtualControllers: named,
  /** Beginnings of Windows' device instance paths. */
  virtualInstances: z.array(z.strictObject({ prefix: z.string().min(1), source })),
  /** Computers that play a webcam, with the ids that their kernel brings. */
  gadgets: byUsb,
  /** Boxes that make a camera of whatever is on an HDMI cable, with ids of their own. */
  captureDevices: byUsb,
  /** Words in a label, lower case. */
  virtualNames: z.array(
    z.strictObject({ text: z.string().min(3), place: z.enum(['start', 'any', 'end']), source }),
  ),
})

export type KnownCameras = z.infer<typeof knownCamerasFile>

export const knownCameras: KnownCameras = knownCamerasFile.parse(cameras)
