import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeHolderData, decodeIssuerData, type IssuerData } from '../../src/cards/codec/social-security.ts'
import { parseSimpleTlv } from '../../src/cards/codec/tlv.ts'
import { encodeGbk } from '../../src/cards/simulator/gbk.ts'
import { unwrap } from '../../src/common/result.ts'
import { bytes } from './simulated-people.ts'

// EF05 of a test card, as logged in github.com a7082633/HDOS_VC6: apdu.txt. Its dates are years in ASCII.
const testCard = bytes(
  '01 10 43 02 99 D1 56 00 00 05 00 00 00 13 3A 05 F2 E3 02 01 33 03 04 32 2E 30 00 04 0C 91 56 00 00 02 43 02 00 43 01 ' +
    '00 D5 05 04 32 30 31 32 06 04 32 30 32 32 07 09 42 30 30 30 30 30 31 33 31',
)

const issuer: IssuerData = {
  identificationCode: '990000D1560000050000000000000001',
  cardNumber: 'A00000001',
  validFrom: '2020-01-01',
  validTo: '2040-01-01',
  generation: 2,
}

function issuerWith(tag: number, hex: string) {
  return decodeIssuerData(new Map([...unwrap(parseSimpleTlv(testCard)), [tag, bytes(hex)]]))
}

function name(text: string): Uint8Array {
  const field = new Uint8Array(30)
  field.set(encodeGbk(text).subarray(0, 30))
  return field
}

function holderWith(...changes: readonly [number, Uint8Array | null][]) {
  const records = new Map<number, Uint8Array>([
    [0x08, Buffer.from('11010519491231002X')],
    [0x09, name('模拟学员甲')],
    [0x0a, bytes('32')],
    [0x0b, bytes('01')],
    [0x0d, bytes('19491231')],
  ])
  for (const [tag, value] of changes) {
    if (value === null) records.delete(tag)
    else records.set(tag, value)
  }
  return decodeHolderData(records, issuer)
}

describe('EF05', () => {
  it('gives token, generation and validity of a test card', () => {
    expect(unwrap(decodeIssuerData(unwrap(parseSimpleTlv(testCard))))).toEqual({
      identificationCode: '430299D15600000500000013 3A05F2E3'.replace(' ', ''),
      cardNumber: 'B00000131',
      validFrom: '2012-01-01',
      validTo: '2022-12-31',
      generation: 2,
    })
  })

  it('reads BCD dates, and ASCII ones of eight digits', () => {
    expect(issuerWith(0x05, '20120229')).toMatchObject({ value: { validFrom: '2012-02-29' } })
    expect(issuerWith(0x06, '3230333230333037')).toMatchObject({ value: { validTo: '2032-03-07' } })
  })

  it.each([
    ['312E3030', 1],
    ['322E3000', 2],
    ['332E3000', 3],
  ])('takes the generation from version %s', (version, generation) => {
    expect(issuerWith(0x03, version)).toMatchObject({ value: { generation } })
  })

  it.each([
    ['an identification code of zeros', 0x01, '00'.repeat(16), 'CARD_RECORD_IDENTIFICATION'],
    ['a short identification code', 0x01, '990000', 'CARD_RECORD_IDENTIFICATION'],
    ['a version that is no number', 0x03, '00000000', 'CARD_RECORD_VERSION'],
    ['an issue date that never was', 0x05, '20120230', 'CARD_RECORD_VALID_FROM'],
    ['an end before its beginning', 0x06, '20111231', 'CARD_RECORD_VALID_TO'],
    ['an empty end', 0x06, 'FFFFFFFF', 'CARD_RECORD_VALID_TO'],
    ['a card number of noise', 0x07, '0102030405060708', 'CARD_RECORD_CARD_NUMBER'],
  ])('is refused with %s', (_, tag, hex, code) => {
    expect(issuerWith(tag, hex)).toMatchObject({ ok: false, fault: { code } })
  })
})

describe('EF06', () => {
  it('gives the record of the holder with the validity of the card', () => {
    expect(unwrap(holderWith())).toEqual({
      kind: 'ssc',
      name: '模拟学员甲',
      nameEn: null,
      number: '11010519491231002X',
      formerNumber: null,
      passNumber: null,
      sex: '2',
      ethnicity: '01',
      nationality: null,
      birth: '1949-12-31',
      address: null,
      issuer: null,
      validFrom: '2020-01-01',
      validTo: '2040-01-01',
    })
  })

  it('joins a long name with its extension', () => {
    const long = '模拟阿卜杜热合曼·模拟买买提艾力江'
    const extension = new Uint8Array(20)
    extension.set(encodeGbk(long).subarray(30))
    expect(holderWith([0x09, name(long)], [0x4e, extension])).toMatchObject({ value: { name: long } })
  })

  it('joins the two halves of a character that the fields cut', () => {
    const long = '模拟A阿卜杜热合曼模拟买买提艾力'
    const extension = new Uint8Array(20)
    extension.set(encodeGbk(long).subarray(30))
    expect(encodeGbk(long)).toHaveLength(31)
    expect(holderWith([0x09, name(long)], [0x4e, extension])).toMatchObject({ value: { name: long } })
  })

  it('takes sex and birth from the number when the card has no record of them', () => {
    expect(holderWith([0x0a, null], [0x0b, null], [0x0d, null])).toMatchObject({
      value: { sex: '2', birth: '1949-12-31', ethnicity: null },
    })
  })

  it.each([
    ['a wrong check character', 0x08, Buffer.from('110105194912310021'), 'CARD_RECORD_NUMBER'],
    ['no number', 0x08, null, 'CARD_RECORD_NUMBER'],
    ['an empty name', 0x09, new Uint8Array(30), 'CARD_RECORD_NAME'],
    ['half a character', 0x09, bytes('C4 A3 C4'), 'CARD_RECORD_NAME'],
    ['the other sex', 0x0a, bytes('31'), 'CARD_RECORD_SEX'],
    ['a sex that is no code', 0x0a, bytes('35'), 'CARD_RECORD_SEX'],
    ['an ethnicity that is no code', 0x0b, bytes('77'), 'CARD_RECORD_ETHNICITY'],
    ['another birthday', 0x0d, bytes('19491230'), 'CARD_RECORD_BIRTH'],
    ['a birthday that never was', 0x0d, bytes('19491331'), 'CARD_RECORD_BIRTH'],
  ])('is refused with %s', (_, tag, value, code) => {
    expect(holderWith([tag, value])).toMatchObject({ ok: false, fault: { code } })
  })

  it('never throws, whatever is in the records', () => {
    const tags = fc.constantFrom(0x08, 0x09, 0x4e, 0x0a, 0x0b, 0x0d)
    fc.assert(
      fc.property(fc.array(fc.tuple(tags, fc.uint8Array({ maxLength: 30 }))), (changes) => {
        const decoded = holderWith(...changes)
        expect(decoded.ok || decoded.fault.code.startsWith('CARD_RECORD_')).toBe(true)
      }),
    )
  })
})
