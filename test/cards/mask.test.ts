import { expect, it } from 'vitest'
import { maskName, maskNumber } from '../../src/cards/mask.ts'

it.each([
  ['张三', '张*'],
  ['模拟学员甲', '模****'],
  ['\u{20bb7}野', '\u{20bb7}*'],
  ['甲', '甲*'],
  ['', '*'],
])('masks the name %s as %s', (name, masked) => {
  expect(maskName(name)).toBe(masked)
})

it.each([
  ['11010519491231002X', '110**************X'],
  ['PAK310080010103', 'PAK***********3'],
  ['123', '123*'],
])('masks the number %s as %s', (number, masked) => {
  expect(maskNumber(number)).toBe(masked)
})
