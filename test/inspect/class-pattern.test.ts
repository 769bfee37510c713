import { describe, expect, test } from 'vitest'
import { classPattern, scorePattern } from '../../src/inspect/class-pattern.ts'
import { ClassStory, MINUTE, MORNING, person } from '../attendance/class-story.ts'
import { patternRates } from './pattern-rates.ts'
import { frauds, fraudulentClass, honestClass } from './simulated-classes.ts'

const features = {
  'fed-one-after-another': 'cards-in-seconds',
  'fixed-intervals': 'even-gaps',
  'same-order': 'same-order',
  'equal-durations': 'equal-durations',
  'all-in-all-out': 'all-in-all-out',
} as const

describe('the empty-class score, on simulated classes', () => {
  test('flags at most 1 % of honest ones and at least 90 % of each fraud', () => {
    const rates = patternRates({ honest: 400, each: 60, seed: 3 })
    expect(rates.falseAlarms.share).toBeLessThanOrEqual(0.01)
    expect(Object.keys(rates.falseAlarmsByKind)).toHaveLength(4)
    for (const fraud of frauds) expect(rates.detection[fraud].share, fraud).toBeGreaterThanOrEqual(0.9)
  })

  test.each(frauds)('explains %s by the feature that it shows in', (fraud) => {
    const scores = Array.from({ length: 20 }, (_, i) => scorePattern(fraudulentClass(fraud, 70 + i)))
    const points = scores.map((score) => score.features.find(({ name }) => name === features[fraud])!.points)
    expect(points.sort((a, b) => a - b)[10]).toBe(1)
  })

  test('is none for few people or few sessions', () => {
    const { sessions } = honestClass(1)
    expect(scorePattern(sessions.slice(0, 2))).toMatchObject({ score: null, worthVisit: null })
    const small = sessions.map((session) => ({ ...session, ins: session.ins.slice(0, 4), outs: [] }))
    const people = new Set(small.flatMap(({ ins }) => ins.map((mark) => mark.person)))
    const few = small.map((session) => ({
      ...session,
      ins: session.ins.filter((m) => [...people].indexOf(m.person) < 7),
    }))
    expect(scorePattern(few).score).toBeNull()
    expect(scorePattern([])).toMatchObject({ score: null })
  })
})

test('the score of a ledger’s class reads its sign-ins and sign-outs, and says its limits first', () => {
  const DAY = 24 * 60 * MINUTE
  const sessions = [0, 1, 2, 3].map((day) => ({
    ...{ id: `d${day}`, start: MORNING + day * DAY, end: MORNING + day * DAY + 180 * MINUTE },
  }))
  const story = new ClassStory({ sessions, people: 12 })
  for (const { id, start, end } of sessions) {
    for (const [direction, from] of [
      ['in', start - 5 * MINUTE],
      ['out', end],
    ] as const) {
      for (let n = 0; n < 12; n++) {
        story.append(
          {
            type: 'attendance',
            data: {
              ...{
                class: 'c1',
                session: id,
                person: person(n),
                direction,
                outcome: 'verified',
                reason: null,
              },
              ...{ portrait: 'chip', face: null, act: null, reader: null, simulated: false },
            },
          },
          { wall: from + n * 2000 },
        )
      }
    }
  }
  const pattern = classPattern(story.events, 'c1')!
  expect(pattern).toMatchObject({ people: 12, sessions: 4, worthVisit: true })
  expect(pattern.features.map(({ points }) => points)).toEqual([1, 1, 1, 0, 1])
  expect(Object.keys(pattern)).not.toContain('verdict')
  expect(pattern.limits[0]).toMatch(/no verdict/)
  expect(classPattern(story.events, 'c9')).toBeNull()
})
