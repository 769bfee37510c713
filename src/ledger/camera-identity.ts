import { z } from 'zod'
import { label } from './event-fields.ts'

export const pixels = z.int().min(0).max(100_000)

/** What the operating system knows of a camera. `name` alone is known of one that it doesn't list. */
export const cameraIdentity = z.strictObject({
  name: z.string().max(200),
  /** In the kernel, e.g. `uvcvideo`. */
  driver: label.nullable(),
  bus: z.enum(['usb', 'pci', 'platform', 'virtual', 'other']).nullable(),
  usb: z
    .strictObject({
      vendorId: z.string().regex(/^[0-9a-f]{4}$/),
      productId: z.string().regex(/^[0-9a-f]{4}$/),
      serial: label.nullable(),
    })
    .nullable(),
  /** The socket that it is plugged into. */
  path: label.nullable(),
  /** The most that it gives, by the window's word. */
  most: z
    .strictObject({ width: pixels, height: pixels, frameRate: z.number().min(0).max(10_000) })
    .nullable(),
})
export type CameraIdentity = z.infer<typeof cameraIdentity>

export const cameraVerdict = z.enum(['real', 'virtual', 'unknown'])
