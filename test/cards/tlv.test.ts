import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findBerValue, parseSimpleTlv } from '../../src/cards/codec/tlv.ts'
import { bytes } from './simulated-people.ts'

function codeOf(hex: string): string {
  const parsed = parseSimpleTlv(bytes(hex))
  return parsed.ok ? 'ok' : parsed.fault.code
}

describe('SIMPLE-TLV records', () => {
  it('are split with a short length and with one of two bytes', () => {
    const records = parseSimpleTlv(bytes('07 02 41 42 4E FF 00 01 43'))
    expect(records.ok && [...records.value]).toEqual([
      [0x07, bytes('41 42')],
      [0x4e, bytes('43')],
    ])
  })

  it.each([
    ['a length beyond the end', '07 03 41 42'],
    ['a length that is missing', '07'],
    ['a long length that breaks off', '07 FF 00'],
    ['padding where a tag belongs', '07 01 41 00 00'],
    ['a tag that comes twice', '07 01 41 07 01 42'],
  ])('are refused with %s', (_, hex) => {
    expect(codeOf(hex)).toBe('CARD_RECORD_TLV')
  })

  it('never throw and never give more bytes than came', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (stream) => {
        const records = parseSimpleTlv(stream)
        const total = records.ok
          ? [...records.value.values()].reduce((sum, { length }) => sum + length, 0)
          : 0
        expect(total).toBeLessThanOrEqual(stream.length)
      }),
    )
  })
})

describe('a BER-TLV value', () => {
  // The file control information that a card gave for SSSE: github.com a7082633/HDOS_VC6: apdu.txt.
  const information = bytes('6F 16 84 0F 73 78 31 2E 73 68 2E C9 E7 BB E1 B1 A3 D5 CF A5 03 88 01 1E')

  it('is found by its path', () => {
    expect(findBerValue(information, [0x6f, 0xa5, 0x88])).toEqual(bytes('1E'))
  })

  it('is found behind a tag of two bytes and a length of two', () => {
    expect(findBerValue(bytes('9F 0C 81 02 86 01 84 01 07'), [0x84])).toEqual(bytes('07'))
    expect(findBerValue(bytes('9F 0C 81 02 86 01 84 01 07'), [0x9f0c])).toEqual(bytes('86 01'))
  })

  it('is null where it is missing or the encoding breaks off', () => {
    expect(findBerValue(information, [0x6f, 0x85])).toBeNull()
    for (let length = 0; length < information.length; length++)
      expect(findBerValue(information.subarray(0, length), [0x6f, 0x84])).toBeNull()
  })
})
