import { describe, expect, test } from 'vitest'
import { classAttendance, personAttendance } from '../../src/attendance/attendance-share.ts'
import { countLessons } from '../../src/attendance/lesson-count.ts'
import { parseRulePack } from '../../src/attendance/rule-pack.ts'
import { defaultPack } from '../../src/attendance/shipped-packs.ts'
import { unwrap } from '../../src/common/result.ts'
import { own } from './claims-story.ts'
import { MINUTE, MORNING } from './class-story.ts'

/** The default pack with some of its rules set. */
function packWithRules(rules: Record<string, unknown>, lessons: Record<string, unknown>) {
  const file = JSON.parse(new TextDecoder().decode(defaultPack().bytes))
  for (const [name, value] of Object.entries(rules)) file.rules[name] = own(value)
  for (const [name, value] of Object.entries(lessons)) file.lessons[name] = own(value)
  return unwrap(parseRulePack(new TextEncoder().encode(JSON.stringify(file))))
}

/** Sessions of so many credited minutes a lesson, each starting at an hour of the first day or later. */
const credited = (...sessions: { id?: string; hour: number; minutes: number[] }[]) =>
  sessions.map(({ id = 's', hour, minutes }) => {
    const start = MORNING + hour * 60 * MINUTE
    const lessonMs = minutes.map((found) => found * MINUTE)
    return { session: { id, start, end: start + 8 * 60 * MINUTE }, credit: { lessonMs } }
  })

describe('lessons', () => {
  test('a day gives no more than the pack allows, and each day has its own', () => {
    const pack = packWithRules({}, { dailyMaximum: { theory: null, practice: null, all: 8 } })
    const long = Array.from({ length: 10 }, () => 45)
    const found = countLessons(credited({ hour: 0, minutes: long }, { hour: 24, minutes: long }), pack, null)
    expect(found.lessons).toBe(16)
    expect(found.days.map(({ countedMs, creditedMs }) => [countedMs, creditedMs])).toEqual([
      [360 * MINUTE, 450 * MINUTE],
      [360 * MINUTE, 450 * MINUTE],
    ])
  })

  test('a session over midnight belongs to the day on which it starts', () => {
    // 15 hours after 08:30: 23:30.
    const found = countLessons(credited({ hour: 15, minutes: [45, 45] }), packWithRules({}, {}), null)
    expect(found.days.map(({ date }) => date)).toEqual(['2026-03-02'])
  })

  test('theory and practice have maxima of their own', () => {
    const pack = packWithRules({}, { dailyMaximum: { theory: 4, practice: 4, all: null } })
    const six = Array.from({ length: 6 }, () => 45)
    const both = credited({ id: 't', hour: 0, minutes: six }, { id: 'p', hour: 6, minutes: six.slice(1) })
    expect(countLessons(both, pack, new Set(['p']))).toMatchObject({
      ...{ lessons: 8, theoryMs: 180 * MINUTE, practiceMs: 180 * MINUTE },
    })
    expect(countLessons(both.slice(0, 1), pack, new Set(['p'])).lessons).toBe(4)
  })

  test('an hour of driving is a lesson from 45 effective minutes on', () => {
    const rules = { lessonMinutes: 60, rounding: { level: 'lesson', mode: 'down' } }
    const pack = packWithRules(rules, { effectiveLessonMinutes: 45 })
    expect(countLessons(credited({ hour: 0, minutes: [45, 44, 60] }), pack, null).lessons).toBe(2)
  })

  test('rounding happens once, at the named level', () => {
    const at = (level: string) => {
      const pack = packWithRules({ rounding: { level, mode: 'down' } }, {})
      return countLessons(credited({ hour: 0, minutes: [40, 30] }, { hour: 24, minutes: [44] }), pack, null)
        .lessons
    }
    expect([at('lesson'), at('session'), at('class')]).toEqual([0, 1, 2])
  })
})

describe('attendance', () => {
  const timetable = [0, 1, 2, 3, 4].map((n) => ({ id: `s${n}`, start: MORNING, end: MORNING + 45 * MINUTE }))
  const attended = (...minutes: number[]) =>
    minutes.map((found, n) => ({
      ...{ id: `s${n}`, creditedMs: found * MINUTE, reasons: [] },
      state: found > 0 ? ('present' as const) : ('absent' as const),
    }))

  test('four fifths are met to the millisecond', () => {
    const all = attended(45, 45, 45, 45, 0)
    expect(personAttendance(all, timetable, defaultPack())).toMatchObject({ met: true, least: 80 })
    const less = all.map((session, n) =>
      n === 0 ? { ...session, creditedMs: session.creditedMs - 1 } : session,
    )
    expect(personAttendance(less, timetable, defaultPack()).met).toBe(false)
  })

  test('nothing is said while nothing is over', () => {
    const pending = attended(0).map((session) => ({ ...session, state: 'pending' as const }))
    expect(personAttendance(pending, timetable, defaultPack()).met).toBeNull()
    expect(classAttendance([{ sessions: pending }], defaultPack()).card).toBeNull()
  })

  test.each([
    [9, 'none'],
    [8, 'yellow'],
    [7, 'red'],
  ])('%i of ten seats are a %s card', (taken, card) => {
    const people = Array.from({ length: 10 }, (_, n) => ({ sessions: attended(n < taken ? 45 : 0) }))
    expect(classAttendance(people, defaultPack())).toMatchObject({ seats: 10, taken, card })
  })
})
