import { describe, expect, it } from 'vitest'
import {
  deriveFormerNumber,
  formerCheckDigit,
  isFormerForeignerNumber,
  parseForeignerNumber,
} from '../../src/cards/codec/foreigner-number.ts'
import { decodeTextRecord, encodeTextRecord } from '../../src/cards/codec/text-record.ts'
import type { CardRecord } from '../../src/cards/reader.ts'
import { unwrap } from '../../src/common/result.ts'
import { sampleForeigner2017, sampleForeigner2023, sampleResidencePermit } from './simulated-people.ts'

type Changes = Partial<CardRecord>
const permit = (changes: Changes = {}) => unwrap(encodeTextRecord({ ...sampleResidencePermit, ...changes }))
const of2017 = (changes: Changes = {}) => unwrap(encodeTextRecord({ ...sampleForeigner2017, ...changes }))
const of2023 = (changes: Changes = {}) => unwrap(encodeTextRecord({ ...sampleForeigner2023, ...changes }))

function with16(text: Uint8Array, at: number, raw: string): Uint8Array {
  const changed = Uint8Array.from(text)
  changed.set(Buffer.from(raw, 'utf16le'), at)
  return changed
}

function text16(text: Uint8Array, at: number, bytes: number): string {
  return Buffer.from(text.subarray(at, at + bytes)).toString('utf16le')
}

function faultOf(text: Uint8Array): string | null {
  const decoded = decodeTextRecord(text)
  return decoded.ok ? null : decoded.fault.code
}

describe('numbers of foreign permanent residents', () => {
  it('of 15 characters end in the ICAO 7-3-1 digit', () => {
    expect(formerCheckDigit('PAK31008001010')).toBe('3')
    expect(isFormerForeignerNumber('PAK310080010103')).toBe(true)
  })

  it('find every change of one digit', () => {
    for (let at = 3; at < 15; at++)
      for (const digit of '0123456789') {
        const changed = `PAK310080010103`.slice(0, at) + digit + `PAK310080010103`.slice(at + 1)
        if (changed !== 'PAK310080010103') expect(isFormerForeignerNumber(changed)).toBe(false)
      }
  })

  it.each(['PAK310080023102', 'pak310080010103', 'PA1310080010103', 'PAK31008001010', ''])(
    'of 15 characters are refused: %j',
    (text) => {
      expect(isFormerForeignerNumber(text)).toBe(false)
    },
  )

  // Two numbers published by the immigration administration and the specimen of the card.
  it.each(['932682198501010017', '911124198108030024', '931586198001010028'])(
    'of 18 characters obey MOD 11-2: %s',
    (number) => {
      expect(parseForeignerNumber(number)).toBe(number)
    },
  )

  it('of 18 characters begin with 9', () => {
    expect(parseForeignerNumber('11010519491231002X')).toBeNull()
  })

  it('lead back to the former one by nationality and link', () => {
    const number = parseForeignerNumber('931586198001010028')
    expect(number && deriveFormerNumber(number, 'PAK', '000')).toBe('PAK310080010103')
    expect(number && deriveFormerNumber(number, 'PAK', null)).toBeNull()
  })
})

describe('text record of a residence permit', () => {
  it('reads back every field, which lie where the layout says', () => {
    const text = permit()
    expect(decodeTextRecord(text)).toEqual({ ok: true, value: sampleResidencePermit })
    expect([text16(text, 220, 18), text16(text, 238, 4), text16(text, 248, 2)]).toEqual([
      'H00000000',
      '01',
      'J',
    ])
  })

  it('needs neither ethnicity nor pass number', () => {
    const decoded = decodeTextRecord(with16(permit({ passNumber: null }), 32, '\0\0'))
    expect(decoded.ok && decoded.value).toMatchObject({ kind: 'hmt', ethnicity: null, passNumber: null })
  })

  it.each([
    ['a check character', permit({ number: '810000199001011231' }), 'CARD_RECORD_NUMBER'],
    ['sex against number', permit({ sex: '2' }), 'CARD_RECORD_SEX'],
    ['birth against number', permit({ birth: '1990-01-02' }), 'CARD_RECORD_BIRTH'],
    ['the pass number', with16(permit(), 220, 'H0000/000'), 'CARD_RECORD_PASS_NUMBER'],
    ['the issue count', with16(permit(), 238, '0x'), 'CARD_RECORD_ISSUE_COUNT'],
    ['the last day', permit({ validTo: '2019-01-01' }), 'CARD_RECORD_VALID_TO'],
  ])('names the field when it is wrong: %s', (_, text, code) => {
    expect(faultOf(text)).toBe(code)
  })
})

describe('text record of a foreigner, 2017', () => {
  it('reads back every field, which lie where the layout says', () => {
    const text = of2017()
    expect(decodeTextRecord(text)).toEqual({ ok: true, value: sampleForeigner2017 })
    expect(text16(text, 122, 36)).toBe('PAK310080010103PAK')
    expect(text16(text, 220, 30)).toBe('19800101011500I')
  })

  it('takes the English name where there is no Chinese one', () => {
    const { nameEn } = sampleForeigner2017
    const decoded = decodeTextRecord(of2017({ name: nameEn ?? '' }))
    expect(decoded.ok && decoded.value).toMatchObject({ name: nameEn, nameEn })
  })

  it.each([
    ['the check digit', of2017({ number: 'PAK310080010104' }), 'CARD_RECORD_NUMBER'],
    ['a number of 18 characters', of2017({ number: '9315861980010100'.slice(0, 15) }), 'CARD_RECORD_NUMBER'],
    ['the sex code', of2017({ sex: '5' as '1' }), 'CARD_RECORD_SEX'],
    ['the English name', of2017({ nameEn: 'ZHENG\u0007' }), 'CARD_RECORD_NAME_EN'],
    ['both names', of2017({ name: '', nameEn: '' }), 'CARD_RECORD_NAME'],
    ['a NUL in the Chinese name', of2017({ name: '证\0件' }), 'CARD_RECORD_NAME'],
    ['the nationality', of2017({ nationality: 'P4K' }), 'CARD_RECORD_NATIONALITY'],
    ['nationality against number', of2017({ nationality: 'USA' }), 'CARD_RECORD_NATIONALITY'],
    ['birth against number', of2017({ birth: '1980-01-02' }), 'CARD_RECORD_BIRTH'],
    ['the version', with16(of2017(), 236, '?1'), 'CARD_RECORD_VERSION'],
    ['the authority', of2017({ issuer: '15·0' }), 'CARD_RECORD_ISSUER'],
    ['the first day', of2017({ validFrom: '1979-12-31' }), 'CARD_RECORD_VALID_FROM'],
    ['the last day', of2017({ validTo: '0000-00-00' }), 'CARD_RECORD_VALID_TO'],
  ])('names the field when it is wrong: %s', (_, text, code) => {
    expect(faultOf(text)).toBe(code)
  })
})

describe('text record of a foreigner, 2023', () => {
  it('gives the letters of a nationality that is stored in digits, and the former number from them', () => {
    const decoded = decodeTextRecord(of2023({ nationality: '586' }))
    expect(decoded).toEqual({ ok: true, value: sampleForeigner2023 })
  })

  it('refuses digits that no country has', () => {
    const decoded = decodeTextRecord(of2023({ nationality: '000' }))
    expect(decoded.ok ? null : decoded.fault.code).toBe('CARD_RECORD_NATIONALITY')
  })

  it('reads back every field, which lie where the layout says, with the former number', () => {
    const text = of2023()
    expect(decodeTextRecord(text)).toEqual({ ok: true, value: sampleForeigner2023 })
    expect(text16(text, 122, 36)).toBe('931586198001010028')
    expect(text16(text, 242, 14)).toBe('PAKY000')
  })

  it('has no former number where the link is blank', () => {
    const decoded = decodeTextRecord(of2023({ formerNumber: null }))
    expect(decoded.ok && decoded.value.formerNumber).toBeNull()
    const zeros = decodeTextRecord(with16(of2023(), 250, '\0\0\0'))
    expect(zeros.ok && zeros.value.formerNumber).toBeNull()
  })

  it.each([
    ['inside a word', 'ZHENGJIAN, YANGBEN ZHENG JIAN YANGBEN Y'],
    ['at the space between two words', 'ZHENGJIAN, YANGBEN ZHENG JIAN YANG BEN ZHENGJI'],
    ['before the space', 'ZHENGJIAN, YANGBEN ZHENG JIAN YANGB EN'],
  ])('joins an English name of two parts cut %s', (_, nameEn) => {
    const text = of2023({ nameEn })
    expect(text16(text, 52, 70)).toBe(nameEn.slice(0, 35))
    const decoded = decodeTextRecord(text)
    expect(decoded.ok && decoded.value.nameEn).toBe(nameEn)
  })

  it('takes the English name where there is no Chinese one', () => {
    const decoded = decodeTextRecord(with16(of2023(), 0, ' '.repeat(15)))
    expect(decoded.ok && decoded.value.name).toBe(sampleForeigner2023.nameEn)
  })

  it('does not fit an English name of more than 46 characters', () => {
    const encoded = encodeTextRecord({ ...sampleForeigner2023, nameEn: 'A'.repeat(47) })
    expect(encoded.ok ? null : encoded.fault.code).toBe('CARD_RECORD_NAME_EN')
  })

  it.each([
    ['a check character', of2023({ number: '931586198001010029' }), 'CARD_RECORD_NUMBER'],
    ["a citizen's number", of2023({ number: '11010519491231002X' }), 'CARD_RECORD_NUMBER'],
    ['sex against number', of2023({ sex: '1' }), 'CARD_RECORD_SEX'],
    ['birth against number', of2023({ birth: '1980-01-02' }), 'CARD_RECORD_BIRTH'],
    ['the count of renewals', with16(of2023(), 32, 'x0'), 'CARD_RECORD_ISSUE_COUNT'],
    ['the nationality', of2023({ nationality: 'Pa' }), 'CARD_RECORD_NATIONALITY'],
    ['the link', with16(of2023(), 250, '0 1'), 'CARD_RECORD_LINK'],
    ['the English name', with16(of2023(), 220, '\u0001'), 'CARD_RECORD_NAME_EN'],
    ['the first day', of2023({ validFrom: '2023-02-30' }), 'CARD_RECORD_VALID_FROM'],
    ['the last day', of2023({ validTo: '2023-08-07' }), 'CARD_RECORD_VALID_TO'],
  ])('names the field when it is wrong: %s', (_, text, code) => {
    expect(faultOf(text)).toBe(code)
  })
})

it('a social security card has no text record', () => {
  const encoded = encodeTextRecord({ ...sampleForeigner2023, kind: 'ssc' })
  expect(encoded.ok ? null : encoded.fault.code).toBe('CARD_TYPE_UNSUPPORTED')
})
