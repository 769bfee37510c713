import { expect, test } from 'vitest'
import { wilsonInterval } from '../../src/common/proportion.ts'
import { fairnessReport } from '../../src/inspect/fairness.ts'
import { fairnessDocument } from '../../src/inspect/fairness-document.ts'
import { type PersonAttributes, portraitGroup, yearsBetween } from '../../src/inspect/fairness-groups.ts'
import type { EventData, EventType, FaceEvidence, LedgerEvent } from '../../src/ledger/event.ts'

/* Simulated people 模拟: 12 men and 15 women, and what a door might have said of them. */

const DAY = 24 * 3600_000
const START = Date.parse('2026-03-02T08:30:00+08:00')
const model = { name: 'm', sha256: '1'.repeat(64) }
const act = { statement: '{"act":"x"}', signatures: [{ actor: 'a'.repeat(32), signature: 'b'.repeat(128) }] }
const man = (i: number) => `a${String(i).padStart(31, '0')}`
const woman = (i: number) => `b${String(i).padStart(31, '0')}`
const men = Array.from({ length: 12 }, (_, i) => man(i))
const women = Array.from({ length: 15 }, (_, i) => woman(i))

function attributesOf(person: string): PersonAttributes {
  const sex = person.startsWith('a') ? 'male' : 'female'
  return { birth: '1990-03-02', sex, ethnicity: null, cardIssued: '2014-03-01' }
}

class Story {
  readonly events: LedgerEvent[] = []

  add<T extends EventType>(type: T, data: EventData[T]): this {
    const index = this.events.length
    const time = { wall: START + index, boot: 'b', boottime: index, trust: 'unconfirmed' }
    this.events.push({ v: 1, origin: 'o', index, salt: '', time, type, data } as unknown as LedgerEvent)
    return this
  }

  attend(
    person: string,
    outcome: 'verified' | 'doubtful' | 'witnessed',
    change: Partial<EventData['attendance']> = {},
  ) {
    const reason = outcome === 'verified' ? null : outcome === 'doubtful' ? 'face-unsure' : 'face-mismatch'
    return this.add('attendance', {
      class: 'c',
      session: 's',
      person,
      direction: 'in',
      outcome,
      reason,
      portrait: 'chip',
      face: outcome === 'witnessed' ? null : face(outcome === 'verified' ? 'verified' : 'doubtful'),
      act: outcome === 'witnessed' ? act : null,
      reader: null,
      simulated: false,
      ...change,
    })
  }

  refuse(person: string, verdict: 'refused' | 'nobody' | 'cancelled' = 'refused') {
    return this.add('refusal', {
      class: 'c',
      session: 's',
      person,
      reason: 'face-mismatch',
      face: face(verdict),
      reader: null,
      simulated: false,
    })
  }

  report(comparisons: Parameters<typeof fairnessReport>[0]['comparisons'] = []) {
    return fairnessReport({ events: this.events, attributesOf, comparisons })
  }
}

function face(verdict: NonNullable<FaceEvidence['decision']>['verdict']): FaceEvidence {
  return {
    engine: 'e',
    model,
    accept: 0.5,
    reject: 0.3,
    portrait: '2'.repeat(64),
    score: verdict === 'nobody' ? null : 0.4,
    frames: [],
    decision: { verdict, impostorTail: 1, visitSpread: 0.1, noFace: 0, software: 's' },
    liveness: null,
  }
}

/** Everybody passes once; two men are refused and witnessed, one woman is refused and never established. */
function morning(): Story {
  const story = new Story()
  for (const person of [...men, ...women]) story.attend(person, 'verified')
  for (const person of men.slice(0, 2)) story.refuse(person).attend(person, 'witnessed')
  return story.refuse(woman(0))
}

const groupsOf = (report: ReturnType<Story['report']>, dimension: string) =>
  Object.fromEntries(
    report.dimensions.find((one) => one.dimension === dimension)!.groups.map((group) => [group.group, group]),
  )

test('a refusal counts as false only where a supervisor signed for the person afterwards', () => {
  const { male, female } = groupsOf(morning().report(), 'sex')
  expect(male!.nonMatch).toMatchObject({ people: 12, checks: 14, falseNonMatches: 2, unresolved: 0 })
  expect(male!.nonMatch!.rate).toBeCloseTo(2 / 14)
  expect(female!.nonMatch).toMatchObject({ people: 15, checks: 15, falseNonMatches: 0, unresolved: 1 })
  expect(female!.nonMatch!.atMost).toBeCloseTo(1 / 16)
})

test('a signature from before the refusal establishes nothing', () => {
  const story = morning().attend(woman(1), 'witnessed').refuse(woman(1))
  expect(groupsOf(story.report(), 'sex').female!.nonMatch).toMatchObject({
    falseNonMatches: 0,
    unresolved: 2,
  })
})

test('the interval is Wilson’s over checks by the design effect', () => {
  const { male } = groupsOf(morning().report(), 'sex')
  const { interval95, designEffect } = male!.nonMatch!
  expect(designEffect).toBeGreaterThanOrEqual(1)
  expect(interval95).toEqual(wilsonInterval(2, 14, designEffect))
})

test('looks without a comparison are in no rate', () => {
  const report = morning().refuse(man(3), 'nobody').refuse(man(4), 'cancelled').report()
  expect(report.uncompared).toBe(2)
  expect(report.overall.nonMatch).toMatchObject({ checks: 29, unresolved: 1 })
})

test('a field that the site doesn’t hold is unknown, and its share is said', () => {
  const report = morning().report()
  expect(Object.keys(groupsOf(report, 'ethnicity'))).toEqual(['unknown'])
  expect(report.dimensions.find(({ dimension }) => dimension === 'ethnicity')!.known).toBe(0)
  expect(report.dimensions.find(({ dimension }) => dimension === 'sex')!.known).toBe(1)
})

test('nine people are not shown, nor the total of a site with nine', () => {
  const story = new Story()
  for (const person of men.slice(0, 9)) story.attend(person, 'verified')
  const report = story.report()
  expect(report.overall.nonMatch).toBeNull()
  expect(groupsOf(report, 'sex').male!.nonMatch).toBeNull()
  expect(report.dimensions[0]!.known).toBeNull()
})

test('false matches are counted inside a group, open and confirmed reviews left out', () => {
  const pair = (one: string, other: string, score: number) => ({
    people: [one, other] as const,
    score,
    model: model.sha256,
  })
  const all = men.flatMap((one, i) => men.slice(i + 1).map((other) => pair(one, other, 0.1)))
  const [, second, third, ...rest] = all
  const story = morning()
  const review = (people: readonly [string, string]) =>
    story.add('identity.review', {
      class: 'c',
      people: [...people],
      score: 0.7,
      threshold: 0.66,
      targetFmr: 1e-5,
      extrapolated: true,
      model,
      simulated: false,
    })
  review(second!.people)
  review(third!.people)
  story.add('identity.resolved', {
    review: 0,
    class: 'c',
    people: [...third!.people],
    decision: 'different-people',
    act,
  })
  const comparisons = [
    pair(man(0), man(1), 0.5),
    { ...second!, score: 0.7 },
    { ...third!, score: 0.7 },
    ...rest,
    pair(man(0), woman(0), 0.9),
    { ...pair(man(3), man(4), 0.9), model: '9'.repeat(64) },
  ]
  const report = story.report(comparisons)
  expect(groupsOf(report, 'sex').male!.match).toMatchObject({ people: 12, pairs: 65, falseMatches: 2 })
  expect(report.overall.match).toMatchObject({ pairs: 66, falseMatches: 3 })
  expect(report.excludedPairs).toBe(2)
})

test('people found to be one person are in no rate', () => {
  const story = morning().add('identity.resolved', {
    review: 0,
    class: 'c',
    people: [man(0), man(2)],
    decision: 'same-person',
    act,
  })
  expect(groupsOf(story.report(), 'sex').male!.nonMatch).toMatchObject({ people: 10, falseNonMatches: 1 })
})

test('simulated records of a real station count for nothing', () => {
  expect(morning().attend(man(0), 'verified', { simulated: true }).report().overall.nonMatch!.checks).toBe(29)
})

test('age changes on the birthday, in China’s time', () => {
  expect(yearsBetween('1990-03-02', Date.parse('2026-03-01T23:59:59+08:00'))).toBe(35)
  expect(yearsBetween('1990-03-02', Date.parse('2026-03-02T00:00:00+08:00'))).toBe(36)
})

test.each([
  ['chip', null, '2014-03-01', '10–14'],
  ['chip', null, null, 'unknown'],
  ['official', null, '2014-03-01', 'unknown'],
  ['enrolled', START - 6 * 365.25 * DAY, '2014-03-01', '5–9'],
  ['chip', null, '2030-01-01', 'unknown'],
] as const)(
  'a portrait from %s, taken %s, card of %s is %s years old',
  (portrait, portraitTaken, cardIssued, group) => {
    expect(portraitGroup({ portrait, portraitTaken, at: START }, { cardIssued })).toBe(group)
  },
)

test('the document says what is hidden and what is unknown, and marks a simulation', () => {
  const story = new Story().add('station.key', { vkey: 'v', simulated: true, software: 's' })
  for (const person of men) story.attend(person, 'verified', { simulated: true })
  for (const person of women.slice(0, 3)) story.attend(person, 'verified', { simulated: true })
  const text = fairnessDocument(story.report(), { origin: 'o', sha256: '0'.repeat(64) })
  expect(text).toContain('模拟')
  expect(text).toContain('| male | – |')
  expect(text).toContain('| all | 15 | 15 | 0 | 0 %')
  expect(text).not.toContain('b000')
})
