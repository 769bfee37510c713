import { describe, expect, test } from 'vitest'
import type { PersonFacts, PriorSubsidy } from '../../src/attendance/claim-facts.ts'
import { type ClaimStory, claimPack, claimsOf, lineOf, own, settledPack } from './claims-story.ts'

const subsidy = (fields: Partial<PriorSubsidy> = {}): PriorSubsidy => ({
  ...{ item: 'training-subsidy', on: '2026-02-01', occupation: '焊工', level: 'primary', region: null },
  ...fields,
})
const had = (...subsidies: PriorSubsidy[]) => ({ asOf: '2026-06-01', subsidies })

/** Somebody with a certificate, no pension and no history: everything that Tianshui asks. */
const entitled: ClaimStory = {
  pack: settledPack('tianshui-2019'),
  facts: { pension: 'none' },
  certificate: {},
  prior: had(),
}
const tianshui = (story: Partial<ClaimStory>) => lineOf({ ...entitled, ...story }, 'training-subsidy')

/** The pack of Jining with its kinds of training. */
const jining = (facts: Partial<PersonFacts>, classFacts: ClaimStory['classFacts']) =>
  lineOf(
    {
      pack: settledPack('jining-2019'),
      facts: { pension: 'none', groups: [], ...facts },
      classFacts: { trainingKind: 'employment', ...classFacts },
      prior: had(),
    },
    'training-subsidy',
  )

describe('a subsidy for training', () => {
  test('is a yes when every condition is met, also where the notice names no amount', () => {
    expect(tianshui({})).toMatchObject({ eligible: 'yes', fen: null, historyAsOf: '2026-06-01' })
  })

  test('needs the certificate of this class', () => {
    const line = tianshui({ certificate: null })
    expect(line).toMatchObject({ eligible: 'no', fen: 0 })
    expect(line.reasons.find(({ answer }) => answer === 'no')).toMatchObject({
      rule: 'certificates',
      change: {
        code: 'certificate',
        zh: '须导入本人本班的证书',
        en: 'import the certificate of this class',
      },
    })
  })

  test('leaves a certificate that an open list doesn’t name to people', () => {
    expect(tianshui({ certificate: { kind: null } }).eligible).toBe('unknown')
  })

  test('is unknown without a history, and says as of when there is one', () => {
    expect(tianshui({ prior: null })).toMatchObject({ eligible: 'unknown', fen: null, historyAsOf: null })
    expect(tianshui({ prior: { asOf: '2025-12-31', subsidies: [] } })).toMatchObject({
      ...{ eligible: 'unknown', historyAsOf: '2025-12-31' },
    })
  })

  test('three a year is the limit: in principle in Tianshui, without exception in Jining', () => {
    const three = [1, 2, 3].map((month) => subsidy({ on: `2026-0${month}-01` }))
    expect(tianshui({ prior: had(...three.slice(1)) }).eligible).toBe('yes')
    expect(tianshui({ prior: had(...three) }).eligible).toBe('unknown')
    const line = lineOf(
      {
        pack: settledPack('jining-2019'),
        facts: { pension: 'none', groups: [] },
        classFacts: { trainingKind: 'employment' },
        prior: had(...three),
      },
      'training-subsidy',
    )
    expect(line.eligible).toBe('no')
  })

  test('counts a calendar year, and answers for an earlier day as it was then', () => {
    const three = ['2026-02-01', '2026-03-01', '2026-04-01'].map((on) => subsidy({ on }))
    expect(
      tianshui({ prior: had(...three), on: '2026-03-31', certificate: { issuedOn: '2026-03-01' } }).eligible,
    ).toBe('yes')
    expect(tianshui({ prior: had(...three.map((found) => ({ ...found, on: '2025-12-31' }))) }).eligible).toBe(
      'yes',
    )
  })

  test('is refused for the same occupation and level, in any year', () => {
    const line = tianshui({ prior: had(subsidy({ occupation: '电工', on: '2024-01-01' })) })
    expect(line.eligible).toBe('no')
    expect(tianshui({ prior: had(subsidy({ occupation: '电工', level: 'intermediate' })) }).eligible).toBe(
      'yes',
    )
  })

  test('a higher level blocks a lower one only where a pack says so', () => {
    const story = {
      ...entitled,
      prior: had(subsidy({ occupation: '电工', level: 'advanced', on: '2024-01-01' })),
    }
    expect(
      lineOf({ ...story, facts: { groups: [] }, pack: settledPack('henan-digital') }, 'training-subsidy')
        .eligible,
    ).not.toBe('no')
    const henan = claimPack('henan-digital', (json) => {
      json.inForce = own({ from: null, until: null })
      json.claims.eligibility.sameOccupationLevelOnce = own(true)
    })
    const line = lineOf({ ...story, facts: { groups: [] }, pack: henan }, 'training-subsidy')
    expect(line.eligible).toBe('no')
  })

  test('students have a count of their own in Henan’s programme', () => {
    const henan = claimPack('henan-digital', (json) => {
      json.inForce = own({ from: null, until: null })
      json.claims.eligibility.sameOccupationLevelOnce = own(true)
    })
    const line = (groups: PersonFacts['groups']) =>
      lineOf({ ...entitled, pack: henan, facts: { groups }, prior: had(subsidy()) }, 'training-subsidy')
        .eligible
    expect(line(['student'])).toBe('no')
    expect(line(['employee'])).toBe('yes')
    expect(line(null)).toBe('unknown')
  })

  test.each([
    ['none', 'yes', 'yes'],
    ['other', 'no', 'yes'],
    ['employees-basic', 'no', 'no'],
    [null, 'unknown', 'unknown'],
  ] as const)('a monthly pension (%s) is %s in Tianshui and %s in Jining', (pension, there, here) => {
    expect(tianshui({ facts: { pension } }).eligible).toBe(there)
    expect(jining({ pension }, {}).eligible).toBe(here)
  })

  test.each([
    [12, 'yes'],
    [11, 'no'],
    [null, 'unknown'],
  ] as const)(
    '%s months of unemployment insurance are %s for upskilling in Jining',
    (insuranceMonths, answer) => {
      expect(jining({ insuranceMonths }, { trainingKind: 'upskilling' }).eligible).toBe(answer)
    },
  )

  test.each([
    [12, '2025-07-01', 'yes'],
    [11, '2025-07-01', 'no'],
    [12, '2025-06-30', 'no'],
    [null, '2025-07-01', 'unknown'],
    [12, null, 'unknown'],
  ] as const)(
    'a contract of %s months, hired %s, is %s for pre-job training',
    (contractMonths, hiredOn, answer) => {
      expect(jining({ contractMonths, hiredOn }, { trainingKind: 'pre-job' }).eligible).toBe(answer)
    },
  )

  test('veterans need an agreement before the training in Jining', () => {
    const line = (recommendationAgreement: boolean | null) =>
      jining({ groups: ['veteran'], recommendationAgreement }, {}).eligible
    expect([line(true), line(false), line(null)]).toEqual(['yes', 'no', 'unknown'])
  })
})

describe('the living allowance', () => {
  test('is for the groups that the notice names; nobody is put into one by silence', () => {
    const answer = (groups: PersonFacts['groups']) =>
      lineOf({ ...entitled, facts: { groups }, classFacts: { uplift: 'adopted' } }, 'living-allowance')
        .eligible
    expect([answer(['rural-two-leaver']), answer(['employee']), answer(null)]).toEqual([
      'yes',
      'no',
      'unknown',
    ])
  })

  test('needs eighty percent of the timetable under the default pack, and says what is missing', () => {
    const story = {
      pack: claimPack('default-2'),
      facts: { groups: ['poor-worker' as const] },
      classFacts: { uplift: 'not-adopted' as const },
    }
    expect(lineOf({ ...story, there: 80 }, 'living-allowance').eligible).toBe('yes')
    const line = lineOf({ ...story, there: 50 }, 'living-allowance')
    expect(line).toMatchObject({ eligible: 'no', fen: 0, computedFen: 6_000 })
    const missing = line.reasons.find(({ rule }) => rule === 'personAttendancePercent')
    expect(missing?.change?.en).toMatch(/^[0-9]+ ms more of verified attendance$/)
  })
})

describe('every answer', () => {
  test('names rule, clause and inputs, and what would have to change unless it is a yes', () => {
    const { people } = claimsOf({ ...entitled, facts: {}, certificate: null, prior: null })
    const reasons = people.flatMap((line) => line.reasons)
    expect(reasons.length).toBeGreaterThan(8)
    for (const { rule, clause, answer, inputs, change } of reasons) {
      expect(clause).toMatch(new RegExp(`^${rule.replace('.', '\\.')}: .+`))
      expect(Object.keys(inputs).length).toBeGreaterThan(0)
      expect(change === null).toBe(answer === 'yes')
    }
  })

  test('simulated attendance earns nothing and shows what it would have', () => {
    const document = claimsOf({
      ...entitled,
      facts: { groups: ['poor-worker'] },
      classFacts: { uplift: 'adopted' },
      simulated: true,
    })
    expect(document).toMatchObject({ simulated: true, totalFen: 0 })
    expect(document.people.find(({ item }) => item === 'living-allowance')).toMatchObject({
      ...{ eligible: 'no', fen: 0, computedFen: 7_200, weakestEvidence: 'simulated' },
    })
  })

  test('a pack that was not in force when the class began is no answer', () => {
    const line = lineOf({ ...entitled, pack: claimPack('tianshui-2019') }, 'training-subsidy')
    expect(line.eligible).toBe('unknown')
    expect(line.reasons[0]).toMatchObject({ rule: 'inForce', inputs: { until: '2021-12-31' } })
  })
})
