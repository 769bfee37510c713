import type { Fault } from '../../common/fault.ts'
import type { CardPhoto, CardReader } from '../reader.ts'
import type { PortraitDecoder } from './portrait-decoder.ts'

/**
 * The same reader whose readings carry the decoded portrait (PNG) of a real card. A photo that can't be decoded is
 * no reason to refuse a card: the reading comes without an image, and `onFault` hears why.
 * The decoder stays its owner's: closing the reader leaves it open.
 */
export function withPortraits(
  reader: CardReader,
  decoder: PortraitDecoder,
  onFault: (fault: Fault) => void = () => {},
): CardReader {
  return {
    get identity() {
      return reader.identity
    },
    async read(options) {
      const reading = await reader.read(options)
      if (!reading.ok) return reading
      const photo = await decodePhoto(reading.value.photo, decoder, onFault)
      return { ok: true, value: { ...reading.value, photo } }
    },
    cardPresent: () => reader.cardPresent(),
    onSign: (listener) => reader.onSign?.(listener),
    close: () => reader.close(),
  }
}

async function decodePhoto(
  photo: CardPhoto,
  decoder: PortraitDecoder,
  onFault: (fault: Fault) => void,
): Promise<CardPhoto> {
  if (photo.format !== 'wlt') return photo
  const image = await decoder.decode(photo.block)
  if (!image.ok) onFault(image.fault)
  return image.ok ? { ...photo, image: image.value } : photo
}
