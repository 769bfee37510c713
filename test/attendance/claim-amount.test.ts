import { describe, expect, test } from 'vitest'
import { convertLessons } from '../../src/attendance/claim-amount.ts'
import { claimPack, claimsOf, lineOf, own, settledPack } from './claims-story.ts'

const nanning = claimPack('nanning-2016').more.claims.items['living-allowance']!.amount.value!
if (nanning.mode !== 'converted-days') throw new Error('Nanning converts lessons to days')

/** As Nanning published them, 2016-11-28. */
const published = [
  [100, null, 15, 45_000],
  [200, null, 29, 87_000],
  [300, null, 43, 129_000],
  [60, 'startup', 10, 30_000],
] as const

describe('the published conversion examples', () => {
  test.each(published)('%i lessons (%s) are %i days and %i fen', (lessons, kind, days, fen) => {
    expect(convertLessons(lessons, nanning, kind)).toEqual({ days, fen })
  })

  test.each(published)(
    '%i verified lessons (%s) end as a claim of %i days and %i fen',
    (lessons, kind, days, fen) => {
      const story = {
        pack: settledPack('nanning-2016'),
        lessonsByDay: Array.from({ length: lessons / 5 }, () => 5),
        classFacts: { trainingKind: kind ?? ('employment' as const) },
        prior: { asOf: '2026-06-30', subsidies: [] },
      }
      expect(lineOf(story, 'living-allowance')).toMatchObject({
        ...{ eligible: 'yes', unit: 'day', quantity: days, fen, payee: 'trainee' },
      })
    },
  )

  test('59 lessons of startup training are converted like any others', () => {
    expect(convertLessons(59, nanning, 'startup')).toEqual({ days: 9, fen: 27_000 })
  })
})

describe('the living allowance by verified day', () => {
  const poor = { groups: ['poor-worker' as const] }
  const tianshui = settledPack('tianshui-2019')

  test('pays the floor of 30 yuan for each day', () => {
    const story = { pack: tianshui, facts: poor, classFacts: { uplift: 'not-adopted' as const } }
    expect(lineOf(story, 'living-allowance')).toMatchObject({ quantity: 2, fen: 6_000, payee: 'trainee' })
  })

  test('pays 36 yuan where the county adopted the uplift', () => {
    const story = { pack: tianshui, facts: poor, classFacts: { uplift: 'adopted' as const } }
    expect(lineOf(story, 'living-allowance').fen).toBe(7_200)
  })

  test('does not guess whether the county adopted it', () => {
    const line = lineOf({ pack: tianshui, facts: poor }, 'living-allowance')
    expect(line).toMatchObject({ eligible: 'yes', fen: null, computedFen: null })
    expect(line.reasons.find(({ answer }) => answer === 'unknown')).toMatchObject({
      rule: 'living-allowance.uplift',
      change: {
        code: 'uplift',
        zh: '须登记本县是否执行上浮',
        en: 'say whether the county adopted the uplift',
      },
    })
  })

  test('a county may have set more than the floor, and never less', () => {
    const at = (fen: number) =>
      lineOf(
        {
          pack: tianshui,
          facts: poor,
          classFacts: { uplift: 'not-adopted', agreedFen: { 'living-allowance': fen } },
        },
        'living-allowance',
      )
    expect(at(3_500)).toMatchObject({ eligible: 'yes', fen: 7_000 })
    expect(at(2_999)).toMatchObject({ eligible: 'no', fen: 0 })
  })

  test('a day below the least lessons of a day is no day', () => {
    const pack = claimPack('tianshui-2019', (json) => {
      json.inForce = own({ from: null, until: null })
      json.claims.items['living-allowance']!.basis = own({ lessons: 'verified', dayLeastLessons: 4 })
    })
    const story = {
      pack,
      facts: poor,
      lessonsByDay: [4, 3, 8],
      classFacts: { uplift: 'not-adopted' as const },
    }
    expect(lineOf(story, 'living-allowance')).toMatchObject({ quantity: 2, fen: 6_000 })
  })

  test('the pack as the notice has it asks what makes a day', () => {
    const pack = claimPack('tianshui-2019')
    const line = lineOf({ pack, facts: poor, classFacts: { uplift: 'adopted' } }, 'living-allowance')
    expect(line.fen).toBeNull()
    expect(line.reasons.map(({ rule }) => rule)).toContain('living-allowance.basis')
  })
})

describe('other units', () => {
  test('a head of a public institution is paid what was agreed, up to 650 yuan', () => {
    const at = (institution: 'public' | 'private', fen: number) =>
      lineOf(
        {
          pack: settledPack('yongan-2021'),
          classFacts: { institution, agreedFen: { 'project-subsidy': fen } },
        },
        'project-subsidy',
      )
    expect(at('public', 60_000)).toMatchObject({
      unit: 'head',
      payee: 'institution',
      eligible: 'yes',
      fen: 60_000,
    })
    expect(at('public', 70_000).fen).toBe(65_000)
    expect(at('private', 60_000)).toMatchObject({ eligible: 'no', fen: 0, computedFen: 60_000 })
  })

  test('without an agreed amount a ceiling is no amount', () => {
    const story = { pack: settledPack('yongan-2021'), classFacts: { institution: 'public' as const } }
    expect(lineOf(story, 'project-subsidy').fen).toBeNull()
  })

  test.each([
    [3, 60_000],
    [6, 120_000],
    [9, 120_000],
  ])('%i months of work-based training are %i fen to the employer', (workMonths, fen) => {
    const story = {
      pack: settledPack('tianshui-2019'),
      facts: { groups: ['hard-to-employ' as const], workMonths },
      classFacts: { trainingKind: 'work-based' as const },
    }
    expect(lineOf(story, 'work-based-subsidy')).toMatchObject({ unit: 'month', payee: 'employer', fen })
  })

  test('an apprentice brings the enterprise 4,000 yuan, once a year', () => {
    const story = {
      pack: settledPack('tianshui-2019'),
      facts: { groups: ['apprentice' as const] },
      classFacts: { trainingKind: 'apprenticeship' as const },
    }
    const had = (on: string) => ({
      ...{ asOf: '2026-06-01' },
      subsidies: [{ item: 'apprentice-subsidy', on, occupation: null, level: null, region: null }],
    })
    const line = (on: string) => lineOf({ ...story, prior: had(on) }, 'apprentice-subsidy')
    expect(line('2025-12-31')).toMatchObject({ eligible: 'yes', fen: 400_000, payee: 'employer' })
    expect(line('2026-01-01')).toMatchObject({ eligible: 'no', fen: 0 })
  })

  test.each([
    ['primary', 80_000],
    ['intermediate', 150_000],
    ['advanced', 200_000],
  ] as const)('Jilin pays %s by its level: %i fen', (level, fen) => {
    const story = { pack: settledPack('jilin-2020'), classFacts: { level, filedLessons: 150 } }
    expect(lineOf(story, 'training-subsidy')).toMatchObject({ eligible: 'yes', fen })
  })

  test('a level that takes more lessons than were filed is refused', () => {
    const story = {
      pack: settledPack('jilin-2020'),
      classFacts: { level: 'advanced' as const, filedLessons: 149 },
    }
    expect(lineOf(story, 'training-subsidy')).toMatchObject({ eligible: 'no', fen: 0 })
  })

  test('an hour is a lesson', () => {
    const pack = claimPack('guangdong', (json) => {
      const item = json.claims.items['living-allowance']!
      item.unit = own('hour')
      item.limit = own('none')
      item.basis = own({ lessons: 'verified', dayLeastLessons: null })
      item.amount = own({ mode: 'rate', fen: 501, bound: 'exact' })
    })
    expect(lineOf({ pack, lessonsByDay: [3, 4] }, 'living-allowance')).toMatchObject({
      quantity: 7,
      fen: 3_507,
    })
  })

  test('a voucher pays up to what is printed on it, to the institution', () => {
    const pack = claimPack('guangdong', (json) => {
      const item = json.claims.items['living-allowance']!
      item.settlement = own('voucher')
      item.limit = own('none')
    })
    const line = (voucher: { number: string; fen: number } | false | null) =>
      lineOf({ pack, facts: { voucher } }, 'living-allowance')
    expect(line({ number: 'V1', fen: 30_000 })).toMatchObject({ fen: 30_000, payee: 'institution' })
    expect(line({ number: 'V1', fen: 80_000 }).fen).toBe(50_000)
    expect(line(false)).toMatchObject({ eligible: 'no', fen: 0 })
    expect(line(null).fen).toBeNull()
  })
})

describe('advance and balance', () => {
  const pack = claimPack('tianshui-2019', (json) => {
    json.inForce = own({ from: null, until: null })
    const item = json.claims.items['training-subsidy']!
    item.amount = own({ mode: 'rate', fen: 80_003, bound: 'exact' })
    item.payee = own('institution')
    item.conditions = own(['certificate'])
  })

  test('a fifth may be paid in advance for projects, and both parts are the whole', () => {
    const story = {
      pack,
      certificate: {},
      classFacts: { form: 'project' as const, items: ['training-subsidy'] },
    }
    expect(claimsOf(story)).toMatchObject({ totalFen: 80_003, advanceFen: 16_000, balanceFen: 64_003 })
  })

  test('nothing in advance for an open class, and no guess for one that nobody told the form of', () => {
    const line = (form: 'open' | null) =>
      lineOf({ pack, certificate: {}, classFacts: { form } }, 'training-subsidy')
    expect(line('open')).toMatchObject({ advanceFen: 0, balanceFen: 80_003 })
    expect(line(null)).toMatchObject({ fen: 80_003, advanceFen: null, balanceFen: null })
  })
})
