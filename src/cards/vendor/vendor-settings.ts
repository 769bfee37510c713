import { z } from 'zod'
import type { Result } from '../../common/result.ts'
import type { CardReader } from '../reader.ts'
import { openPortraitDecoder, type PortraitDecoder } from './portrait-decoder.ts'
import { openSdtapiReader } from './sdtapi-reader.ts'
import { openSscardReader } from './sscard-reader.ts'
import { openTermbReader } from './termb-reader.ts'

/*
 * What an institution configures of the libraries that its vendors licensed to it. Nothing is configured by default,
 * and no vendor's library comes with the product.
 */

const loading = {
  /** File of the library. */
  library: z.string().min(1),
  /** The Node that runs it, for a 32-bit library on Windows; absent: the station's own. */
  execPath: z.string().min(1).optional(),
}
/** 1–16 serial ports, 1001–1016 USB. */
const port = z.int().min(1).max(9_999)

export const vendorReaderSettings = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('sdtapi'), ...loading, port }),
  z.strictObject({ kind: z.literal('termb'), ...loading, port }),
  z.strictObject({
    kind: z.literal('sscard'),
    ...loading,
    slot: z.enum(['contact', 'contactless', 'contact-first', 'contactless-first']).optional(),
  }),
])
export type VendorReaderSettings = z.infer<typeof vendorReaderSettings>

export const portraitDecoderSettings = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('unpack'),
    ...loading,
    save: z.int().min(0).max(65_535).optional(),
    layout: z
      .strictObject({ order: z.enum(['bgr', 'rgb']), rows: z.enum(['bottom-up', 'top-down']) })
      .optional(),
  }),
  z.strictObject({ kind: z.literal('getbmp'), ...loading, interface: z.enum(['serial', 'usb']) }),
])
export type PortraitDecoderSettings = z.infer<typeof portraitDecoderSettings>

/** The reader that is configured. Faults: `PORT_OPEN`, `CARD_VENDOR_…`. */
export function openVendorReader(settings: VendorReaderSettings): Promise<Result<CardReader>> {
  switch (settings.kind) {
    case 'sdtapi':
      return openSdtapiReader(settings)
    case 'termb':
      return openTermbReader(settings)
    case 'sscard':
      return openSscardReader(settings)
  }
}

/** The decoder that is configured, null if there is none. */
export function openConfiguredDecoder(settings: PortraitDecoderSettings | undefined): PortraitDecoder | null {
  return settings === undefined ? null : openPortraitDecoder(settings)
}
