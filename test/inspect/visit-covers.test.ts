import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { canonicalJson } from '../../src/common/canonical-json.ts'
import { evidenceDigest } from '../../src/inspect/visit-acts.ts'
import { coversOf } from '../../src/inspect/visit-covers.ts'

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

test('an end covers its records by one line each, number and leaf hash', () => {
  const leaf = (byte: number) => new Uint8Array(32).fill(byte)
  const records = [
    { index: 7, leaf: leaf(0xab) },
    { index: 12, leaf: leaf(1) },
  ]
  expect(coversOf(records)).toEqual({
    events: 2,
    sha256: sha256(`7\t${'ab'.repeat(32)}\n12\t${'01'.repeat(32)}\n`),
  })
  expect(coversOf([...records].reverse())).not.toEqual(coversOf(records))
})

test('evidence is signed by its canonical form, whatever the order of its fields', () => {
  const reader = { samId: null, port: '/dev/ttyUSB0', profile: 'sam-serial' }
  const digest = evidenceDigest({ simulated: true, reader, face: null })
  expect(digest).toBe(
    sha256(
      '{"face":null,"reader":{"port":"/dev/ttyUSB0","profile":"sam-serial","samId":null},"simulated":true}',
    ),
  )
  expect(canonicalJson({ b: undefined, a: 1 })).toBe('{"a":1}')
})
