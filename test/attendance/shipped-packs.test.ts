import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { packSchema } from '../../src/attendance/pack-format.ts'
import { citedValues, type PackFile, parsePackFile } from '../../src/attendance/rule-pack.ts'
import { firstDefaultPack, shippedPacks } from '../../src/attendance/shipped-packs.ts'

const packs = shippedPacks()
const json = ({ bytes }: PackFile) => JSON.parse(new TextDecoder().decode(bytes))
const named = (id: string) => packs.find((pack) => pack.id === id)!
const valueAt = (id: string, path: string) =>
  citedValues(json(named(id))).find((found) => found.path === path)?.rule

test('the published schema is that of the program ("shidao pack schema")', () => {
  expect(JSON.parse(readFileSync('docs/rule-pack.schema.json', 'utf8'))).toEqual(
    JSON.parse(JSON.stringify(packSchema())),
  )
})

test('the five notices and the local variants ship, each under its own name', () => {
  const ids = packs.map(({ id }) => id)
  expect(new Set(ids).size).toBe(ids.length)
  const notices = ['tianshui-2019', 'yongan-2021', 'tibet-2018', 'jining-2019', 'hebei-2022']
  expect(ids).toEqual(expect.arrayContaining([...notices, 'nanning-2016', 'jilin-2020', 'zaozhuang-2014']))
})

test.each(packs.filter(({ more }) => more !== null))(
  '$id: every value has an origin, every empty one a reason',
  (pack) => {
    for (const { path, rule } of citedValues(json(pack))) {
      expect(Object.keys(rule), path).toEqual(
        expect.arrayContaining(['document', 'clause', 'date', 'region', 'kind']),
      )
      if (rule.value === null) expect(rule.missing, path).toBeTruthy()
      else if (rule.kind !== 'own-choice') expect(rule.clause, path).toBeTruthy()
      else expect(rule.note, path).toBeTruthy()
    }
  },
)

test.each([
  ['tianshui-2019', 'claims.items.living-allowance.amount', { mode: 'rate', fen: 3_000, bound: 'at-least' }],
  ['tianshui-2019', 'claims.items.living-allowance.uplift', { percent: 20 }],
  [
    'tianshui-2019',
    'claims.items.apprentice-subsidy.amount',
    { mode: 'rate', fen: 400_000, bound: 'at-least' },
  ],
  ['tianshui-2019', 'claims.items.work-based-subsidy.maximumUnits', 6],
  ['yongan-2021', 'claims.items.project-subsidy.amount', { mode: 'rate', fen: 65_000, bound: 'at-most' }],
  ['jining-2019', 'claims.eligibility.yearlyLimit', { count: 3, inPrinciple: false }],
  ['jining-2019', 'procedure.reportDayOfMonth', 5],
  ['changde', 'claims.items.living-allowance.amount', { mode: 'rate', fen: 2_000, bound: 'exact' }],
  ['guangdong', 'claims.items.living-allowance.limit', { count: 1, per: 'year' }],
  ['zaozhuang-2014', 'lessons.classAttendancePercent', { yellowBelow: 90, redBelow: 80 }],
  ['driver-2016', 'lessons.dailyMaximum', { theory: 4, practice: 4, all: null }],
])('%s says %s', (id, path, value) => {
  expect(valueAt(id, path)?.value).toEqual(value)
})

test('no notice sets a lesson’s length, a sign-in policy or a rate of attendance: those stay to be asked', () => {
  for (const id of ['tianshui-2019', 'yongan-2021', 'tibet-2018', 'jining-2019', 'hebei-2022']) {
    expect(named(id).rules).toBeNull()
    for (const path of ['rules.lessonMinutes', 'rules.signPolicy', 'lessons.personAttendancePercent']) {
      expect(named(id).open.map((value) => value.path)).toContain(path)
    }
  }
})

test('a value that is null without a reason is refused', () => {
  const file = json(named('tianshui-2019'))
  delete file.rules.lessonMinutes.missing
  const parsed = parsePackFile(new TextEncoder().encode(JSON.stringify(file)))
  expect(parsed).toMatchObject({ ok: false, fault: { code: 'PACK_INVALID' } })
})

test('the first format is still read, byte for byte as ledgers name it', () => {
  expect(firstDefaultPack()).toMatchObject({ id: 'cn-default-1', more: null })
  expect(firstDefaultPack().sha256).toMatchInlineSnapshot(
    `"1fd3fc60886dbb2a36bf863ff22eacd41f3b8f060cd42fa44d972c2045af2917"`,
  )
})
