import { expect, test } from 'vitest'
import { languages } from '../../src/ui/i18n/languages.ts'
import { officeAdvice, rosterLineCode } from '../../src/ui/office/office-advice.ts'
import { dailySessions, instantNear } from '../../src/ui/office/timetable-plan.ts'

const at = (text: string) => Date.parse(`${text}:00+08:00`)
const morning = { start: '08:30', end: '11:30' }

test('a class on weekdays has no session on Saturday and Sunday, one on every day has', () => {
  const days = (which: 'weekdays' | 'everyDay') =>
    dailySessions('2026-03-06', '2026-03-09', which, [morning]).map(({ id }) => id.slice(0, 10))
  expect(days('weekdays')).toEqual(['2026-03-06', '2026-03-09'])
  expect(days('everyDay')).toEqual(['2026-03-06', '2026-03-07', '2026-03-08', '2026-03-09'])
})

test('a session that ends before it starts ends on the next day', () => {
  const [night] = dailySessions('2026-03-06', '2026-03-06', 'weekdays', [{ start: '22:00', end: '01:00' }])
  expect(night).toEqual({
    ...{ id: '2026-03-06T22:00', start: at('2026-03-06T22:00'), end: at('2026-03-07T01:00') },
  })
})

test('what is no date or no time gives no sessions, and never more than an opening takes', () => {
  expect(dailySessions('2026-02-30', '2026-03-06', 'everyDay', [morning])).toEqual([])
  expect(dailySessions('2026-03-06', '2026-03-06', 'everyDay', [{ start: '25:00', end: '26:00' }])).toEqual(
    [],
  )
  expect(dailySessions('2020-01-01', '2029-12-31', 'everyDay', [morning])).toHaveLength(2000)
})

test('a time after midnight belongs to the night in which the session runs', () => {
  const night = { start: at('2026-03-06T22:00'), end: at('2026-03-07T01:00') }
  expect(instantNear(night, '21:55')).toBe(at('2026-03-06T21:55'))
  expect(instantNear(night, '00:40')).toBe(at('2026-03-07T00:40'))
  expect(instantNear(night, '')).toBeNull()
})

test.each([
  ['CLASS_MANUAL_CAP', 'manual-cap'],
  ['CLASS_SOMETHING_NEW', 'not-understood'],
  ['ROSTER_PERSON_UNKNOWN', 'person-unknown'],
  ['ROSTER_NUMBER', 'roster-file'],
  ['STATION_LOST', 'connection'],
] as const)('%s is told as %s', (code, advice) => {
  const { texts } = languages['zh-CN']
  expect(officeAdvice(code, texts)).toEqual({ advice: texts.office.advice[advice], shownCode: code })
})

test('a wrong PIN is told as at the door, and a bad line of a roster by what is wrong with it', () => {
  const { texts } = languages['zh-CN']
  expect(officeAdvice('LEDGER_PIN', texts)).toEqual({ advice: texts.advice['pin-wrong'], shownCode: null })
  expect(rosterLineCode('ROSTER_NUMBER_TWICE')).toBe('twice')
  expect(rosterLineCode('ROSTER_NUMBER_ROUNDED')).toBe('number')
  expect(rosterLineCode('ROSTER_WORKBOOK')).toBe('file')
})
