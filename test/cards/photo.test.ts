import { describe, expect, it } from 'vitest'
import {
  fillerWltBlock,
  MAX_SIMULATED_PORTRAIT,
  readPhotoBlock,
  wrapSimulatedPortrait,
} from '../../src/cards/codec/photo.ts'
import { unwrap } from '../../src/common/result.ts'
import { bytes, webpOf } from './simulated-people.ts'

describe('photo block', () => {
  it('recognises the head that WLT blocks of real cards begin with', () => {
    const block = new Uint8Array(1024)
    block.set(bytes('57 4C 66 00 7E 00 32 00 00 FF'))
    expect(readPhotoBlock(block)).toEqual({ format: 'wlt', block, image: null })
    expect(readPhotoBlock(fillerWltBlock()).format).toBe('wlt')
  })

  it.each([12, 700, MAX_SIMULATED_PORTRAIT])(
    'gives a simulated portrait of %i bytes back as it was',
    (size) => {
      const image = webpOf(size)
      const block = unwrap(wrapSimulatedPortrait(image))
      expect(block.length).toBe(1024)
      const photo = readPhotoBlock(block)
      expect(photo.format).toBe('simulated')
      expect(photo.image && Buffer.compare(photo.image, image)).toBe(0)
    },
  )

  it('marks a simulated card without a portrait as simulated too', () => {
    expect(readPhotoBlock(unwrap(wrapSimulatedPortrait(null)))).toMatchObject({
      format: 'simulated',
      image: null,
    })
  })

  it.each([
    ['one byte too many', webpOf(MAX_SIMULATED_PORTRAIT + 1)],
    ['no WebP image', new Uint8Array(100)],
    ['an empty image', new Uint8Array()],
  ])('refuses to wrap %s', (_, image) => {
    const wrapped = wrapSimulatedPortrait(image)
    expect(wrapped.ok ? null : wrapped.fault.code).toBe('CARD_PHOTO')
  })

  it('calls an empty block none, and anything else unknown', () => {
    expect(readPhotoBlock(new Uint8Array(1024)).format).toBe('none')
    expect(readPhotoBlock(new Uint8Array()).format).toBe('none')
    expect(readPhotoBlock(new Uint8Array(1024).fill(7)).format).toBe('unknown')
    expect(readPhotoBlock(bytes('57 4C')).format).toBe('unknown')
  })

  it('calls a simulated head unknown when its length or its image is wrong', () => {
    const block = unwrap(wrapSimulatedPortrait(webpOf(500)))
    const tooLong = Uint8Array.from(block)
    tooLong[7] = 0xff
    const noImage = Uint8Array.from(block)
    noImage[8] = 0
    const otherVersion = Uint8Array.from(block)
    otherVersion[4] = 2
    for (const wrong of [tooLong, noImage, otherVersion, block.subarray(0, 300)])
      expect(readPhotoBlock(wrong)).toMatchObject({ format: 'unknown', image: null })
  })
})
