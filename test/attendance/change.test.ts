import { expect, test } from 'vitest'
import { change, changeCodes } from '../../src/attendance/change.ts'

/** Names of every value that a sentence may ask for, each standing for itself. */
const NAMES = 'rule missing region place placeEn months within year limit least missingMs minutes'.split(' ')
const values = Object.fromEntries(NAMES.map((name) => [name, `<${name}>`]))

test.each(changeCodes)('%s is said in Chinese and in English, with nothing left open', (code) => {
  const { zh, en } = change(code, values)
  expect(zh).toMatch(/\p{Script=Han}/u)
  expect(en).not.toMatch(/\p{Script=Han}/u)
  for (const sentence of [zh, en]) expect(sentence).not.toMatch(/[{}]|undefined|null/)
})

test('a value stands in both languages', () => {
  expect(change('insurance', { months: 12 })).toEqual({
    code: 'insurance',
    zh: '失业保险须累计参保满 12 个月',
    en: '12 months of unemployment insurance',
  })
})

test('a value that nobody gives leaves no bracket', () => {
  expect(change('class-lessons').zh).toBe('班级备案课时须不少于  课时')
})
