import sharp from 'sharp'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { fillerWltBlock, readPhotoBlock } from '../../../src/cards/codec/photo.ts'
import type { CardReader } from '../../../src/cards/reader.ts'
import {
  openPortraitDecoder,
  type PortraitDecoder,
  type PortraitDecoderOptions,
} from '../../../src/cards/vendor/portrait-decoder.ts'
import { BMP_BYTES, pixelsOfBmp, pixelsOfRaw, RAW_BYTES } from '../../../src/cards/vendor/portrait-pixels.ts'
import { withPortraits } from '../../../src/cards/vendor/with-portraits.ts'
import type { Fault } from '../../../src/common/fault.ts'
import { ok, unwrap } from '../../../src/common/result.ts'
import { describeIf } from '../../support/requires.ts'
import { sampleRecord } from '../simulated-people.ts'
import { compileLibrary, compilerAbsence } from './compiled-library.ts'

describeIf(compilerAbsence(), 'portrait decoder', () => {
  let compiled: ReturnType<typeof compileLibrary>
  let decoder: PortraitDecoder | null = null
  beforeAll(() => {
    compiled = compileLibrary('good')
  })
  afterAll(() => compiled.remove())
  afterEach(() => decoder?.close())

  type Kind = PortraitDecoderOptions extends infer O
    ? O extends unknown
      ? Omit<O, 'library'>
      : never
    : never
  function open(kind: Kind, library = compiled.file): PortraitDecoder {
    decoder = openPortraitDecoder({ library, ...kind } as PortraitDecoderOptions)
    return decoder
  }

  it.each<[string, Kind]>([
    ['unpack, bare pixels', { kind: 'unpack' }],
    ['unpack, a build that wants 708 and writes a BMP', { kind: 'unpack', save: 708 }],
    ['unpack, also leaving zp.bmp behind', { kind: 'unpack', save: 1 }],
    ['GetBmp through files', { kind: 'getbmp', interface: 'serial' }],
  ])('gives an upright PNG of 102 × 126: %s', async (_, kind) => {
    const png = unwrap(await open(kind).decode(fillerWltBlock()))
    const { data, info } = await sharp(png).raw().toBuffer({ resolveWithObject: true })
    expect(info).toMatchObject({ format: 'raw', width: 102, height: 126, channels: 3 })
    expect([...data.subarray(0, 3)]).toEqual([200, 10, 0])
    expect([...data.subarray(-3)]).toEqual([0, 10, 200])
  })

  it.each<[string, Kind, string]>([
    ['half a picture', { kind: 'unpack', save: 2 }, 'CARD_PORTRAIT_SIZE'],
    ['one colour', { kind: 'unpack', save: 3 }, 'CARD_PORTRAIT_EMPTY'],
    ['a missing licence', { kind: 'getbmp', interface: 'usb' }, 'CARD_PORTRAIT_LICENCE'],
  ])('refuses %s', async (_, kind, code) => {
    const decoded = await open(kind).decode(fillerWltBlock())
    expect(decoded.ok ? null : decoded.fault.code).toBe(code)
  })

  it.each<[string, Kind]>([
    ['unpack', { kind: 'unpack' }],
    ['GetBmp', { kind: 'getbmp', interface: 'serial' }],
  ])('hands on that %s refused the block', async (_, kind) => {
    const decoded = await open(kind).decode(new Uint8Array(1024))
    expect(decoded.ok ? null : decoded.fault.code).toBe('CARD_PORTRAIT_REFUSED')
  })

  it('refuses a block that is not 1,024 bytes without troubling the library', async () => {
    const decoded = await open({ kind: 'unpack' }, '/nowhere/unpack.dll').decode(new Uint8Array(1023))
    expect(decoded.ok ? null : decoded.fault.code).toBe('CARD_PORTRAIT_SIZE')
  })

  it('adds the portrait to what a reader reads', async () => {
    const reader = withPortraits(readerOf(fillerWltBlock()), open({ kind: 'unpack' }))
    const { photo, record } = unwrap(await reader.read({ timeoutMs: 1 }))
    expect(record).toEqual(sampleRecord)
    expect((await sharp(photo.image!).metadata()).format).toBe('png')
    expect(photo.block).toEqual(fillerWltBlock())
  })

  it('still gives the card when the portrait can’t be decoded, and says why once', async () => {
    const faults: Fault[] = []
    const missing = open({ kind: 'unpack' }, '/nowhere/unpack.dll')
    const reader = withPortraits(readerOf(fillerWltBlock()), missing, (fault) => faults.push(fault))
    const { photo, record } = unwrap(await reader.read({ timeoutMs: 1 }))
    expect(record).toEqual(sampleRecord)
    expect(photo.image).toBeNull()
    expect(faults.map(({ code }) => code)).toEqual(['CARD_VENDOR_MISSING'])
  })
})

describe('portrait pixels', () => {
  const raw = new Uint8Array(RAW_BYTES).map((_, i) => i % 251)

  it('leaves pixels alone that are RGB from the top already', () => {
    expect(unwrap(pixelsOfRaw(raw, { order: 'rgb', rows: 'top-down' }))).toEqual(raw)
  })

  it('turns rows and colours of a bottom-up BGR picture', () => {
    const turned = unwrap(pixelsOfRaw(raw, { order: 'bgr', rows: 'bottom-up' }))
    const lastRow = raw.subarray(-306)
    expect([...turned.subarray(0, 3)]).toEqual([lastRow[2], lastRow[1], lastRow[0]])
  })

  it.each([0, 1, RAW_BYTES - 1, RAW_BYTES + 1, BMP_BYTES])('refuses %i bytes as bare pixels', (bytes) => {
    const read = pixelsOfRaw(new Uint8Array(bytes), { order: 'rgb', rows: 'top-down' })
    expect(read.ok ? null : read.fault.code).toBe('CARD_PORTRAIT_SIZE')
  })

  it.each([
    ['the mark', 0],
    ['the start of its pixels', 10],
    ['its width', 18],
    ['its height', 22],
    ['its depth', 28],
    ['its compression', 30],
  ])('refuses a BMP whose head is wrong in %s', (_, at) => {
    const bmp = bmpHead()
    bmp[at] = (bmp[at] ?? 0) + 1
    const read = pixelsOfBmp(bmp)
    expect(read.ok ? null : read.fault.code).toBe('CARD_PORTRAIT_FORMAT')
  })
})

function bmpHead(): Uint8Array {
  const bmp = new Uint8Array(BMP_BYTES)
  const view = new DataView(bmp.buffer)
  bmp.set([0x42, 0x4d])
  view.setUint32(10, 54, true)
  view.setInt32(18, 102, true)
  view.setInt32(22, 126, true)
  view.setUint16(28, 24, true)
  return bmp
}

function readerOf(block: Uint8Array): CardReader {
  const identity = { profile: 'sam-serial', port: '/dev/ttyS0', samId: null }
  const photo = readPhotoBlock(block)
  return {
    identity,
    read: async () =>
      ok({
        record: sampleRecord,
        token: null,
        photo,
        simulated: false,
        reader: identity,
        skippedBytes: 0,
        ms: 1,
      }),
    cardPresent: async () => false,
    close: async () => {},
  }
}
