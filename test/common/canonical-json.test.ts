import fc from 'fast-check'
import { expect, test } from 'vitest'
import { canonicalJson } from '../../src/common/canonical-json.ts'

test('the example of RFC 8785 §3.2.2 is written as the standard writes it', () => {
  const value = {
    numbers: JSON.parse('[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001]'),
    string: '\u20ac$\u000F\u000aA\'\u0042\u0022\u005c\\"/',
    literals: [null, true, false],
  }
  expect(canonicalJson(value)).toBe(
    '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],' +
      '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
  )
})

test('members are sorted as RFC 8785 §3.2.3 sorts them, by UTF-16', () => {
  const value = { '\u20ac': 1, '\r': 2, '\ufb33': 3, '1': 4, '\u{1f600}': 5, '\u0080': 6, ö: 7 }
  expect(Object.values(JSON.parse(canonicalJson(value)))).toHaveLength(7)
  const order = [...canonicalJson(value).matchAll(/:(\d)/g)].map(([, digit]) => digit).join('')
  expect(order).toBe('2467153')
})

test('the order in which an object was made changes nothing, and nothing is lost', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = canonicalJson(value)
      const again = JSON.parse(text)
      expect(canonicalJson(again)).toBe(text)
      expect(again).toEqual(JSON.parse(JSON.stringify(value)))
    }),
  )
})
