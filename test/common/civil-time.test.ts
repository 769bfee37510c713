import { expect, test } from 'vitest'
import { civilDate, civilTime, parseCivil } from '../../src/common/civil-time.ts'

test('the date changes at midnight in China, not in UTC', () => {
  const midnight = Date.parse('2026-03-01T16:00:00Z')
  expect(civilDate(midnight - 1)).toBe('2026-03-01')
  expect(civilDate(midnight)).toBe('2026-03-02')
  expect(civilTime(midnight)).toBe('00:00')
})

test('a written time is an instant at +08:00', () => {
  expect(parseCivil('2026-03-02T08:30')).toBe(Date.parse('2026-03-02T00:30:00Z'))
})

test.each(['2026-02-30T08:30', '2026-13-01T08:30', '2026-03-02T24:30', '2026-03-02', '26-03-02T08:30', ''])(
  '%j is no time',
  (text) => {
    expect(parseCivil(text)).toBeNull()
  },
)
