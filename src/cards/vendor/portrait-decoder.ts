import sharp from 'sharp'
import { Fault } from '../../common/fault.ts'
import { failed, ok, type Result } from '../../common/result.ts'
import { PHOTO_BYTES } from '../codec/read-answer.ts'
import { openVendorBridge, type VendorBridge } from './bridge.ts'
import {
  BMP_BYTES,
  isBmp,
  PORTRAIT_HEIGHT,
  PORTRAIT_WIDTH,
  pixelsOfBmp,
  pixelsOfRaw,
  RAW_BYTES,
  type RawLayout,
} from './portrait-pixels.ts'
import { knownPrototypes } from './prototypes.ts'

/** Decodes the photo block of a card (WLT) through a library that its owner has licensed. */
export interface PortraitDecoder {
  /**
   * 1,024 bytes of WLT → a PNG of 102 × 126. `CARD_PORTRAIT_SIZE`, `…_FORMAT`, `…_EMPTY` (the library wrote something
   * else), `…_REFUSED` (it said no), `…_LICENCE`, `CARD_VENDOR_…`.
   */
  decode(block: Uint8Array): Promise<Result<Uint8Array>>
  close(): Promise<void>
}

/** Which library decodes portraits and how it was built. There is no default: no decoder comes with the product. */
export type PortraitDecoderOptions = {
  readonly library: string
  readonly execPath?: string | undefined
} & (
  | {
      readonly kind: 'unpack'
      /** Third argument: 0 in memory; some builds want 708 or 752. */
      readonly save?: number | undefined
      readonly layout?: RawLayout | undefined
    }
  | { readonly kind: 'getbmp'; readonly interface: 'serial' | 'usb' }
)

/** Nothing starts before the first portrait. */
export function openPortraitDecoder(options: PortraitDecoderOptions): PortraitDecoder {
  const { library, execPath } = options
  const bridge = openVendorBridge({ library, prototypes: knownPrototypes(options.kind), execPath })
  return {
    async decode(block) {
      if (block.length !== PHOTO_BYTES)
        return failed(
          new Fault('CARD_PORTRAIT_SIZE', `a photo block has ${PHOTO_BYTES} bytes, not ${block.length}`),
        )
      const pixels =
        options.kind === 'unpack'
          ? await unpack(bridge, block, options.save ?? 0, options.layout ?? PUBLISHED_LAYOUT)
          : await getBmp(bridge, block, options.interface === 'serial' ? 1 : 2)
      return pixels.ok ? ok(await encode(pixels.value)) : pixels
    },
    close: () => bridge.close(),
  }
}

const PUBLISHED_LAYOUT: RawLayout = { order: 'bgr', rows: 'bottom-up' }

async function unpack(
  bridge: VendorBridge,
  block: Uint8Array,
  save: number,
  layout: RawLayout,
): Promise<Result<Uint8Array>> {
  const answer = await bridge.call('unpack', { block, save })
  if (!answer.ok) return answer
  const { result, outputs } = answer.value
  if (result !== 1) return failed(new Fault('CARD_PORTRAIT_REFUSED', `the decoder answered ${result}`))
  const picture = outputs.picture ?? new Uint8Array()
  const written = writtenBytes(picture)
  if (isBmp(picture) && written > RAW_BYTES) return pixelsOfBmp(picture)
  return pixelsOfRaw(picture.subarray(0, written), layout)
}

/** The room was filled with this before the call (native-config/vendor/unpack.json). */
const UNTOUCHED = 0xa5

/** Where the untouched rest begins. A picture may end in a few bytes that look untouched; a whole row of them can't. */
function writtenBytes(picture: Uint8Array): number {
  let end = picture.length
  while (end > 0 && picture[end - 1] === UNTOUCHED) end--
  for (const size of [RAW_BYTES, BMP_BYTES]) if (end <= size && end > size - PORTRAIT_WIDTH * 3) return size
  return end
}

async function getBmp(bridge: VendorBridge, block: Uint8Array, reader: 1 | 2): Promise<Result<Uint8Array>> {
  const answer = await bridge.call('GetBmp', { block, interface: reader })
  if (!answer.ok) return answer
  const { result, file } = answer.value
  if (result !== 1) return failed(getBmpFault(result))
  return pixelsOfBmp(file ?? new Uint8Array())
}

/** github.com waitingsong/node-idcard-reader: results of GetBmp. */
function getBmpFault(result: number): Fault {
  if (result === -5)
    return new Fault('CARD_PORTRAIT_LICENCE', 'the decoder has no licence, or not for this reader (-5)')
  const meaning =
    {
      0: 'a call of sdtapi failed',
      [-1]: 'the photo could not be decoded',
      [-2]: 'the file name does not end in wlt',
      [-3]: 'the file could not be opened',
      [-4]: 'the file has a wrong format',
      [-6]: 'the reader is not connected',
    }[result] ?? 'an answer that no table explains'
  return new Fault('CARD_PORTRAIT_REFUSED', `the decoder: ${meaning} (${result})`)
}

async function encode(rgb: Uint8Array): Promise<Uint8Array> {
  const raw = { width: PORTRAIT_WIDTH, height: PORTRAIT_HEIGHT, channels: 3 } as const
  return new Uint8Array(await sharp(rgb, { raw }).png().toBuffer())
}
