import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { backoff, retryAfter } from '../../src/upload/backoff.ts'

const NOW = Date.UTC(2026, 10, 22)

describe('the wait after a failure', () => {
  it('is drawn from a range that doubles up to five minutes', () => {
    const longest = [1, 2, 3, 9, 50, 10_000].map((failures) => backoff(failures, null, 1))
    expect(longest).toEqual([2000, 4000, 8000, 300_000, 300_000, 300_000])
    expect(backoff(5, null, 0)).toBe(0)
  })

  it('is never shorter than the collector asked', () => {
    fc.assert(
      fc.property(
        fc.nat(100),
        fc.nat(4_000_000),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (n, asked, draw) => {
          expect(backoff(n, asked, draw)).toBeGreaterThanOrEqual(asked)
        },
      ),
    )
  })
})

describe('Retry-After', () => {
  it.each([
    ['120', 120_000],
    ['0', 0],
    ['Sun, 22 Nov 2026 00:01:00 GMT', 60_000],
    ['Sat, 21 Nov 2026 00:00:00 GMT', 0],
    ['999999999', 3_600_000],
    ['soon', null],
    ['-5', null],
    [undefined, null],
  ])('%s is %s ms', (header, expected) => {
    expect(retryAfter(header, NOW)).toBe(expected)
  })
})
