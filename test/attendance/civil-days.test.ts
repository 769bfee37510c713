import { execFileSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { addDays, ageOn, monthsBetween, parseCivilDate, weekday } from '../../src/attendance/civil-date.ts'
import { shippedCalendar } from '../../src/attendance/workdays.ts'

describe('civil dates', () => {
  test.each([
    ['19860504', '1986-05-04'],
    ['19910914', '1991-09-14'],
    ['1988-07-01', '1988-07-01'],
    ['19270101', '1927-01-01'],
    ['20000229', '2000-02-29'],
  ])('%s is %s', (text, date) => {
    expect(parseCivilDate(text)).toBe(date)
  })

  test.each(['19000229', '20261301', '2026-0230', '2026-02-30', '', '199106310'])('%s is no day', (text) => {
    expect(parseCivilDate(text)).toBeNull()
  })

  test('a birth in a year with daylight saving time stays on its day, in every zone of the host', () => {
    const script = `
      import { ageOn, addDays, parseCivilDate } from './src/attendance/civil-date.ts'
      const births = ['19860504', '19880410', '19910414', '19910915', '19400603']
      console.log(JSON.stringify(births.map((text) => {
        const birth = parseCivilDate(text)
        return [birth, addDays(birth, 1), ageOn(birth, '2004-' + birth.slice(5))]
      })))`
    const inZone = (TZ: string) =>
      execFileSync(process.execPath, ['--input-type=module-typescript', '-e', script], {
        encoding: 'utf8',
        env: { ...process.env, TZ },
      })
    const expected = inZone('UTC')
    expect(JSON.parse(expected)[0]).toEqual(['1986-05-04', '1986-05-05', 18])
    for (const zone of ['Asia/Shanghai', 'Asia/Urumqi', 'America/Los_Angeles'])
      expect(inZone(zone)).toBe(expected)
  })

  test('a birthday counts from its first moment', () => {
    expect([ageOn('2012-03-02', '2026-03-01'), ageOn('2012-03-02', '2026-03-02')]).toEqual([13, 14])
    expect([ageOn('2004-02-29', '2018-02-28'), ageOn('2004-02-29', '2018-03-01')]).toEqual([13, 14])
  })

  test('months are whole', () => {
    expect(monthsBetween('2025-07-01', '2026-06-30')).toBe(11)
    expect(monthsBetween('2025-06-30', '2026-06-30')).toBe(12)
    expect(addDays('2024-02-28', 2)).toBe('2024-03-01')
    expect(weekday('2026-03-02')).toBe(1)
  })
})

describe('holidays and shifted workdays', () => {
  const calendar = shippedCalendar()

  test.each([
    ['2026-02-14', 'workday'],
    ['2026-02-15', 'holiday'],
    ['2026-02-23', 'holiday'],
    ['2026-02-28', 'workday'],
    ['2026-03-01', 'weekend'],
    ['2026-10-10', 'workday'],
    ['2025-10-08', 'holiday'],
    ['2027-01-01', null],
  ])('%s is a %s', (date, kind) => {
    expect(calendar.kindOf(date)).toBe(kind)
  })

  test('seven workdays after an exam before the Spring Festival', () => {
    expect(calendar.workdaysAfter('2026-02-12', 7)).toBe('2026-02-28')
    expect(calendar.holidayOn('2026-02-17')).toBe('春节')
  })

  test('a year without an announcement is not guessed', () => {
    expect(calendar.workdaysAfter('2026-12-31', 1)).toBeNull()
  })
})
