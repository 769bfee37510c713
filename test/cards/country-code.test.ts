import { expect, test } from 'vitest'
import { alpha3OfNumeric } from '../../src/cards/codec/country-code.ts'

const all = Array.from({ length: 1000 }, (_, code) => String(code).padStart(3, '0'))

test.each([
  ['156', 'CHN'],
  ['344', 'HKG'],
  ['446', 'MAC'],
  ['158', 'TWN'],
  ['586', 'PAK'],
  ['840', 'USA'],
  ['826', 'GBR'],
  ['410', 'KOR'],
  ['004', 'AFG'],
  ['894', 'ZMB'],
])('%s is %s', (digits, letters) => expect(alpha3OfNumeric(digits)).toBe(letters))

test('every code of ISO 3166-1 is there once, and its digits are a region that Unicode knows by them too', () => {
  const known = all.filter((digits) => alpha3OfNumeric(digits) !== null)
  expect(known).toHaveLength(249)
  expect(new Set(known.map(alpha3OfNumeric)).size).toBe(249)
  for (const digits of known) {
    expect(alpha3OfNumeric(digits)).toMatch(/^[A-Z]{3}$/)
    // CLDR writes a numeric region that is a country by its two letters.
    expect(Intl.getCanonicalLocales(`und-${digits}`)[0]).toMatch(/^und-[A-Z]{2}$/)
  }
})

test('what are no three digits of a country are none', () => {
  for (const text of ['', '84', '0840', '000', '999', 'USA', '８４０'])
    expect(alpha3OfNumeric(text)).toBe(null)
})
