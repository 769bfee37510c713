import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hideSmallGroups } from '../../src/inspect/small-groups.ts'

const shown = (sizes: readonly number[]) => [
  ...hideSmallGroups(new Map(sizes.map((people, i) => [`${i}`, { people }])), 10).keys(),
]

test('a group of nine is hidden, and the smallest other one with it, because all minus the rest is nine', () => {
  expect(shown([30, 9, 12])).toEqual(['0'])
})

test('two small groups hide each other once they are ten people together', () => {
  expect(shown([30, 6, 12, 4]).sort()).toEqual(['0', '2'])
})

test('groups large enough are all shown, groups of nobody never', () => {
  expect(shown([10, 0, 11])).toEqual(['0', '2'])
})

test('whatever the sizes, nothing shown is small and what is hidden is nobody or not few', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 8 }), (sizes) => {
      const left = new Set(shown(sizes).map(Number))
      for (const i of left) expect(sizes[i]).toBeGreaterThanOrEqual(10)
      const hidden = sizes.filter((_, i) => !left.has(i)).reduce((sum, size) => sum + size, 0)
      if (hidden > 0 && left.size > 0) expect(hidden).toBeGreaterThanOrEqual(10)
    }),
  )
})
