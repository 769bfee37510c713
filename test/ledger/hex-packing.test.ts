import fc from 'fast-check'
import { expect, test } from 'vitest'
import { unwrap } from '../../src/common/result.ts'
import { packHex, unpackHex } from '../../src/ledger/hex-packing.ts'

const LONGEST = 1_000_000
const hexOf = (bytes: number) =>
  fc.uint8Array({ minLength: bytes, maxLength: bytes }).map((array) => Buffer.from(array).toString('hex'))
const piece = fc.oneof(fc.json(), ...[8, 15, 16, 17, 32, 64, 65].map(hexOf), fc.constantFrom('"', ':', 'g'))

test('any JSON comes back as it was, with whatever hex in it', () => {
  fc.assert(
    fc.property(fc.array(piece), (pieces) => {
      const text = pieces.concat(pieces.slice(0, 2)).join('')
      const packed = packHex(text)
      const unpacked = unwrap(unpackHex(packed, LONGEST))
      expect(unpacked).toEqual({ text, used: packed.values.length })
    }),
  )
})

test('a value that stands twice is kept once', () => {
  const hash = 'ab'.repeat(32)
  const { text, values } = packHex(`["${hash}","${hash}"]`)
  expect(values).toHaveLength(32)
  expect(text).toBe('["\u0002","\u00040;"]')
})

test('a text of a stranger is unpacked or refused, and never throws', () => {
  const marks = fc.array(fc.constantFrom('\u0001', '\u0002', '\u0003', '\u0004', '0;', '7;', '01;', 'x'))
  fc.assert(
    fc.property(marks, fc.uint8Array({ maxLength: 100 }), (parts, values) => {
      const unpacked = unpackHex({ text: parts.join(''), values }, 500)
      if (unpacked.ok) expect(unpacked.value.used).toBeLessThanOrEqual(values.length)
      else expect(unpacked.fault.code).toBe('PROOF_FORMAT')
    }),
  )
})

test.each([
  ['a value that is not there', '\u0002', 31],
  ['a number that was not given yet', '\u0004' + '0;\u0001', 16],
  ['a number without its end', '\u0001\u0004' + '0', 16],
])('%s is refused', (_, text, bytes) => {
  expect(unpackHex({ text, values: new Uint8Array(bytes) }, LONGEST)).toMatchObject({ ok: false })
})

test('a text that would grow beyond its bound is refused', () => {
  const text = `\u0003${'\u00040;'.repeat(100)}`
  expect(unpackHex({ text, values: new Uint8Array(64) }, 1_000)).toMatchObject({ ok: false })
})
