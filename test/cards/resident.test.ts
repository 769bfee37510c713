import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { birthOf, parseCitizenNumber, sexOf } from '../../src/cards/codec/citizen-number.ts'
import { isExpired } from '../../src/cards/codec/civil-date.ts'
import { ethnicityName } from '../../src/cards/codec/ethnicity.ts'
import { decodeTextRecord } from '../../src/cards/codec/text-record.ts'
import type { CardRecord } from '../../src/cards/reader.ts'
import { bytes, inventedNumber, sampleRecord, textOf } from './simulated-people.ts'

function faultOf(text: Uint8Array): string | null {
  const decoded = decodeTextRecord(text)
  return decoded.ok ? null : decoded.fault.code
}

function with16(text: Uint8Array, at: number, raw: string): Uint8Array {
  const changed = Uint8Array.from(text)
  changed.set(Buffer.from(raw, 'utf16le'), at)
  return changed
}

describe('citizen number', () => {
  // The sample of GB 11643, two numbers published by the immigration administration, one from a card specification.
  it.each(['11010519491231002X', '932682198501010017', '911124198108030024', '111111198101011110'])(
    'accepts the published sample %s',
    (number) => {
      expect(parseCitizenNumber(number)).toBe(number)
    },
  )

  it('upper-cases a small x', () => {
    expect(parseCitizenNumber('11010519491231002x')).toBe('11010519491231002X')
  })

  it('finds every change of one digit', () => {
    const number = '11010519491231002X'
    for (let at = 0; at < 18; at++)
      for (const digit of '0123456789X') {
        const changed = number.slice(0, at) + digit + number.slice(at + 1)
        if (changed !== number) expect(parseCitizenNumber(changed)).toBeNull()
      }
  })

  it.each(['', '11010519491231002', '110105194912310021X', '１1010519491231002X', '110105194902300021'])(
    'refuses %j',
    (text) => {
      expect(parseCitizenNumber(text)).toBeNull()
    },
  )

  it('refuses a right check character over a day that never was', () => {
    expect(parseCitizenNumber(inventedNumber('2001-02-28', 7))).not.toBeNull()
    expect(parseCitizenNumber(inventedNumber('2001-02-29', 7))).toBeNull()
  })

  it('says birth and sex', () => {
    expect([birthOf('11010519491231002X'), sexOf('11010519491231002X')]).toEqual(['1949-12-31', '2'])
    expect([birthOf('932682198501010017'), sexOf('932682198501010017')]).toEqual(['1985-01-01', '1'])
  })
})

describe('text record of a resident card', () => {
  it('reads back every field', () => {
    expect(decodeTextRecord(textOf())).toEqual({ ok: true, value: sampleRecord })
  })

  it('reads 长期, as stored on cards, as no end', () => {
    const text = textOf({ validTo: null })
    expect(text.subarray(204, 220)).toEqual(bytes('7F 95 1F 67 20 00 20 00 20 00 20 00 20 00 20 00'))
    const decoded = decodeTextRecord(text)
    expect(decoded.ok && decoded.value.validTo).toBeNull()
    expect(decoded.ok && isExpired(decoded.value, '2999-01-01')).toBe(false)
  })

  it('reads any person whose fields agree', () => {
    const person = fc
      .record({
        day: fc.date({ min: new Date('1900-01-01'), max: new Date('2019-12-31'), noInvalidDate: true }),
        sequence: fc.integer({ min: 1, max: 999 }),
        ethnicity: fc.integer({ min: 1, max: 56 }).map((code) => String(code).padStart(2, '0')),
      })
      .map(({ day, sequence, ethnicity }): CardRecord => {
        const birth = day.toISOString().slice(0, 10)
        return {
          ...sampleRecord,
          birth,
          ethnicity,
          number: inventedNumber(birth, sequence),
          sex: sequence % 2 ? '1' : '2',
        }
      })
    fc.assert(
      fc.property(person, (record) => {
        expect(decodeTextRecord(textOf(record))).toEqual({ ok: true, value: record })
      }),
    )
  })

  const wrong: [what: string, text: Uint8Array, code: string][] = [
    ['a check character', textOf({ number: '110105194912310021' }), 'CARD_RECORD_NUMBER'],
    ['a name', textOf({ name: '' }), 'CARD_RECORD_NAME'],
    ['half a surrogate pair in the name', textOf({ name: '甲\ud800' }), 'CARD_RECORD_NAME'],
    ['a NUL inside the name', textOf({ name: '甲\0乙' }), 'CARD_RECORD_NAME'],
    ['the sex code', with16(textOf(), 30, '3'), 'CARD_RECORD_SEX'],
    ['sex against number', textOf({ sex: '1' }), 'CARD_RECORD_SEX'],
    ['the ethnicity', textOf({ ethnicity: '57' }), 'CARD_RECORD_ETHNICITY'],
    ['the birth date', textOf({ birth: '1949-13-31' }), 'CARD_RECORD_BIRTH'],
    ['birth against number', textOf({ birth: '1949-12-30' }), 'CARD_RECORD_BIRTH'],
    ['the address', with16(textOf(), 52, '\u0001'), 'CARD_RECORD_ADDRESS'],
    ['the issuer', with16(textOf(), 158, '\uffff'), 'CARD_RECORD_ISSUER'],
    ['a blank address', textOf({ address: null }), 'CARD_RECORD_ADDRESS'],
    ['a blank issuer', textOf({ issuer: null }), 'CARD_RECORD_ISSUER'],
    ['a name that turns the line around', textOf({ name: '\u202e甲乙' }), 'CARD_RECORD_NAME'],
    ['the first day', textOf({ validFrom: '2020-02-30' }), 'CARD_RECORD_VALID_FROM'],
    ['a first day before birth', textOf({ validFrom: '1949-12-30' }), 'CARD_RECORD_VALID_FROM'],
    ['the last day', textOf({ validTo: '2040-00-01' }), 'CARD_RECORD_VALID_TO'],
    ['a last day of zeros', textOf({ validTo: '0000-00-00' }), 'CARD_RECORD_VALID_TO'],
    ['a last day before the first', textOf({ validTo: '2019-12-31' }), 'CARD_RECORD_VALID_TO'],
  ]
  it.each(wrong)('names the field when it is wrong: %s', (_, text, code) => {
    expect(faultOf(text)).toBe(code)
  })

  it.each([
    ['zero bytes', new Uint8Array(256), 'CARD_RECORD_EMPTY'],
    ['spaces', bytes('2000'.repeat(128)), 'CARD_RECORD_EMPTY'],
    ['digits 0', bytes('3000'.repeat(128)), 'CARD_RECORD_EMPTY'],
    ['FF', new Uint8Array(256).fill(0xff), 'CARD_RECORD_EMPTY'],
    ['too few bytes', new Uint8Array(255), 'CARD_RECORD_SIZE'],
    ['an unknown kind', with16(textOf(), 248, 'Q'), 'CARD_RECORD_TYPE'],
  ])('refuses a record of %s', (_, text, code) => {
    expect(faultOf(text)).toBe(code)
  })

  it.each([...'.\u2022\u2027\u2219\u22c5\u30fb\uff0e\uff65'])(
    'writes the separator %j of names as ·',
    (dot) => {
      const decoded = decodeTextRecord(textOf({ name: `模拟${dot}学员` }))
      expect(decoded.ok && decoded.value.name).toBe('模拟·学员')
    },
  )

  it('trims spaces, NUL and ideographic spaces, and keeps private-use and rare characters', () => {
    const name = '\ue863\u{20bb7}㐂'
    const decoded = decodeTextRecord(with16(textOf(), 0, `${name} \0\u3000`.padEnd(15, '\0')))
    expect(decoded.ok && decoded.value.name).toBe(name)
  })

  it('never throws and never accepts a record that breaks a check', () => {
    const hits = fc.array(fc.tuple(fc.nat(255), fc.nat(255)), { minLength: 1, maxLength: 8 })
    fc.assert(
      fc.property(hits, (changes) => {
        const text = textOf()
        for (const [at, value] of changes) text[at] = value
        const decoded = decodeTextRecord(text)
        if (!decoded.ok) return
        const { number, birth, sex, validFrom, validTo } = decoded.value
        expect(parseCitizenNumber(number)).toBe(number)
        expect(birth).toBe(birthOf(number))
        expect(sex === '0' || sex === '9' || sex === sexOf(number)).toBe(true)
        expect(validTo === null || validTo >= validFrom).toBe(true)
      }),
      { numRuns: 2_000 },
    )
  })
})

describe('codes and dates', () => {
  it('knows the ends of the ethnicity table and the codes that were skipped', () => {
    expect(['01', '04', '36', '46', '56', '97', '98'].map(ethnicityName)).toEqual([
      '汉',
      '藏',
      '毛南',
      '德昂',
      '基诺',
      '其他',
      '外国血统中国籍人士',
    ])
    expect(['00', '57', '60', '96', '99', '1', ''].map(ethnicityName)).toEqual(Array(7).fill(undefined))
  })

  it('counts the last day of a card as valid', () => {
    expect(isExpired({ validTo: '2025-06-30' }, '2025-06-30')).toBe(false)
    expect(isExpired({ validTo: '2025-06-30' }, '2025-07-01')).toBe(true)
  })
})
