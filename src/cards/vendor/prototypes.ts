import { z } from 'zod'
import getbmp from '../../../native-config/vendor/getbmp.json' with { type: 'json' }
import sdtapi from '../../../native-config/vendor/sdtapi.json' with { type: 'json' }
import sscard from '../../../native-config/vendor/sscard.json' with { type: 'json' }
import termb from '../../../native-config/vendor/termb.json' with { type: 'json' }
import unpack from '../../../native-config/vendor/unpack.json' with { type: 'json' }

/*
 * The functions of vendors' libraries as data. Every file in native-config/vendor says of each function where its
 * prototype is published; a library that names its functions otherwise is an edit there.
 */

const identifier = z.string().regex(/^[A-Za-z_]\w*$/)
/** A bare name: it is written into the helper's own working folder and nowhere else. */
const fileName = z.string().regex(/^[a-z0-9]+\.[a-z]{3}$/)
const byteCount = z.int().min(1).max(65_536)

const argument = z.discriminatedUnion('type', [
  /** By value. */
  z.strictObject({ name: identifier, type: z.enum(['int', 'uchar']) }),
  /** A pointer to exactly that many bytes that the caller gives. */
  z.strictObject({ name: identifier, type: z.literal('input'), bytes: byteCount }),
  /** A pointer to room for that many bytes, every one of them `fill` (0) before the call. */
  z.strictObject({
    name: identifier,
    type: z.literal('output'),
    bytes: byteCount,
    fill: z.int().min(0).max(255).optional(),
  }),
  /** A pointer to an unsigned int: the room of the output `of` before the call, the bytes written after it. */
  z.strictObject({ name: identifier, type: z.literal('lengthOf'), of: identifier }),
  /** The name of a file in the working folder that holds the bytes that the caller gives. */
  z.strictObject({ name: identifier, type: z.literal('file'), file: fileName }),
])

const vendorFunction = z
  .strictObject({
    /** Exported names, the first that exists is taken; absent: the function's own name. */
    symbols: z.array(identifier).min(1).optional(),
    arguments: z.array(argument),
    /** A file that the function leaves in the working folder. */
    produces: fileName.optional(),
    /** A library without this function is taken all the same; a call of it gives `CARD_VENDOR_SYMBOL`. */
    optional: z.literal(true).optional(),
    source: z.string().min(1),
  })
  .refine(measuresOutputs, 'lengthOf must name an output of the same function')

/** Every function returns a C `int`: the codes of a `long` (LD/T 33) are its low 32 bits. */
export const vendorPrototypes = z.strictObject({
  name: z.string().regex(/^[a-z0-9-]+$/),
  /** What a technician reads on the box. */
  title: z.string().min(1),
  /** Of 32-bit Windows; elsewhere a platform has one convention. */
  convention: z.enum(['stdcall', 'cdecl']),
  functions: z.record(identifier, vendorFunction),
})
export type VendorPrototypes = z.infer<typeof vendorPrototypes>
export type VendorFunction = z.infer<typeof vendorFunction>

/** The prototypes of native-config/vendor by name. Throws on a file that breaks the schema: it is part of the product. */
export function knownPrototypes(name: KnownLibrary): VendorPrototypes {
  return vendorPrototypes.parse(files[name])
}

const files = { getbmp, sdtapi, sscard, termb, unpack } as const

/** `sdtapi`, `termb`: card readers; `sscard`: social security card (LD/T 33); `unpack`, `getbmp`: portrait decoders. */
export type KnownLibrary = keyof typeof files
export const knownLibraries = Object.keys(files) as readonly KnownLibrary[]

function measuresOutputs({ arguments: all }: { arguments: readonly z.infer<typeof argument>[] }): boolean {
  const outputs = all.filter(({ type }) => type === 'output').map(({ name }) => name)
  return all.every((one) => one.type !== 'lengthOf' || outputs.includes(one.of))
}
