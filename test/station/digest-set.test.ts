import { hash } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { DigestSet } from '../../src/station/digest-set.ts'

test('a set of digests has those that were put in, once each, and no others', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(4_000), { maxLength: 3_000 }), (numbers) => {
      const digests = new DigestSet()
      for (const number of numbers) digests.add(digestOf(number))
      expect(digests.size).toBe(new Set(numbers).size)
      for (const number of numbers) expect(digests.has(digestOf(number))).toBe(true)
      for (let other = 4_001; other < 4_200; other++) expect(digests.has(digestOf(other))).toBe(false)
    }),
    { numRuns: 10 },
  )
})

function digestOf(number: number): string {
  return hash('sha256', String(number), 'hex')
}
