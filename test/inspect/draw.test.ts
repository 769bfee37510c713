import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { pseudoRandom } from '../../src/common/pseudo-random.ts'
import { drawOrder, numberBelow } from '../../src/inspect/draw-order.ts'
import { drawPower, hypergeometricPower } from '../../src/inspect/draw-power.ts'
import { toHex } from '../../src/ledger/bytes.ts'
import { describeIf } from '../support/requires.ts'
import { chiSquareTail } from './chi-square.ts'
import { candidates, randomOf, uniformity } from './draw-uniformity.ts'

describe('a draw', () => {
  test('calls k different people of the roster, and the same ones for the same seed and nonce', () => {
    const roster = candidates(50)
    const order = drawOrder(roster, 5, randomOf(1, 1))
    expect(new Set(order).size).toBe(5)
    expect(order.every((person) => roster.some((one) => one.person === person))).toBe(true)
    expect(drawOrder(roster, 5, randomOf(1, 1))).toEqual(order)
    expect(drawOrder(roster, 5, randomOf(1, 2))).not.toEqual(order)
  })

  test('of everybody calls everybody', () => {
    const roster = candidates(17)
    const order = drawOrder(roster, 17, randomOf(2, 2))
    expect([...order].sort()).toEqual(roster.map(({ person }) => person))
  })

  test('changes with one bit of the nonce and with one bit of the seed', () => {
    const { seed, nonce } = randomOf(3, 3)
    const order = drawOrder(candidates(50), 10, { seed, nonce }).join()
    expect(drawOrder(candidates(50), 10, { seed, nonce: flipped(nonce) }).join()).not.toBe(order)
    expect(drawOrder(candidates(50), 10, { seed: flipped(seed), nonce }).join()).not.toBe(order)
  })

  test('favours nobody: chi-square over 20,000 draws', () => {
    for (const { name, p } of uniformity(20_000, 7)) expect(p, name).toBeGreaterThan(0.001)
  })

  test('calls somebody of weight 3 first three times as often as somebody of weight 1', () => {
    const roster = candidates(10, (i) => (i < 2 ? 3 : 1))
    let heavy = 0
    for (let i = 0; i < 20_000; i++) {
      const [first] = drawOrder(roster, 1, randomOf(9, i))
      if (first === roster[0]!.person || first === roster[1]!.person) heavy++
    }
    // 6 of 14 by weight; four deviations either way.
    expect(Math.abs(heavy / 20_000 - 6 / 14)).toBeLessThan(0.014)
  })
})

describe('a number below a bound', () => {
  test('rejects what is too large and takes the next word', () => {
    const words = [0xffffffff, 0xc0000000, 0x40000000].values() as Iterator<number, never>
    expect(numberBelow(3, words)).toBe(1)
  })

  test('takes no word where only 0 is possible', () => {
    const none: Iterator<number, never> = {
      next: () => {
        throw new Error('a word was taken')
      },
    }
    expect(numberBelow(1, none)).toBe(0)
  })
})

const python = spawnSync('python3', ['--version']).status === 0 ? null : 'python3 is not installed'
describeIf(python, 'a program in another language', () => {
  test('draws the same people in the same order, 10,000 times', () => {
    const chance = pseudoRandom(11)
    const cases = Array.from({ length: 10_000 }, (_, i) => {
      const n = 2 + Math.floor(chance() * 59)
      const weight = 1 + Math.floor(chance() * 16)
      const heavy = chance() < 0.5 ? 0 : Math.floor(chance() * n)
      const roster = candidates(n, (place) => (place < heavy ? weight : 1))
      return { ...randomOf(5, i), k: 1 + Math.floor(chance() * n), roster }
    })
    const lines = cases.map(({ seed, nonce, k, roster }) =>
      JSON.stringify({
        ...{ seed: toHex(seed), nonce: toHex(nonce), k },
        candidates: roster.map(({ person, weight }) => [person, weight]),
      }),
    )
    const script = fileURLToPath(new URL('replay_draws.py', import.meta.url))
    const { stdout, stderr } = spawnSync('python3', [script], {
      ...{ input: lines.join('\n'), encoding: 'utf8', maxBuffer: 1 << 28 },
    })
    expect(stderr).toBe('')
    const theirs = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).join())
    const ours = cases.map(({ seed, nonce, k, roster }) => drawOrder(roster, k, { seed, nonce }).join())
    expect(theirs).toEqual(ours)
  })
})

describe('the power of a draw', () => {
  const whole = (people: number) => [{ name: 'other' as const, weight: 1, people }]

  test('is the hypergeometric one: five of fifty miss five false seats more often than not', () => {
    const rows = [
      [3, [0.28, 0.41, 0.5, 0.67]],
      [5, [0.42, 0.6, 0.69, 0.85]],
      [10, [0.69, 0.86, 0.92, 0.98]],
    ] as const
    for (const [seats, expected] of rows) {
      const found = [5, 8, 10, 15].map((k) => Math.round(drawPower(whole(50), k)[seats]! * 100) / 100)
      expect(found).toEqual(expected)
    }
    expect(drawPower(whole(50), 5)['5']).toBeLessThan(0.5)
  })

  test('is 1 for everybody, and is not shown for more false seats than there are', () => {
    expect(drawPower(whole(4), 4)).toEqual({ '1': 1, '2': 1, '3': 1 })
  })

  test('with weights is the worst case, which many simulated draws come to as well', () => {
    const strata = [
      { name: 'on-site' as const, weight: 4, people: 10 },
      { name: 'other' as const, weight: 1, people: 20 },
    ]
    const stated = drawPower(strata, 5)['3']!
    expect(stated).toBeLessThan(hypergeometricPower(30, 5, 3))
    const roster = candidates(30, (i) => (i < 10 ? 4 : 1))
    const fake = new Set(roster.slice(-3).map(({ person }) => person))
    let found = 0
    for (let i = 0; i < 20_000; i++) {
      if (drawOrder(roster, 5, randomOf(13, i)).some((person) => fake.has(person))) found++
    }
    expect(Math.abs(found / 20_000 - stated)).toBeLessThan(0.014)
  })
})

test('the tail of chi-square is that of the printed tables', () => {
  // Abramowitz and Stegun, table 26.8: 5 % and 0.1 % points.
  expect(chiSquareTail(11.0705, 5)).toBeCloseTo(0.05, 5)
  expect(chiSquareTail(66.339, 49)).toBeCloseTo(0.05, 4)
  expect(chiSquareTail(85.351, 49)).toBeCloseTo(0.001, 5)
})

function flipped(bytes: Uint8Array): Uint8Array {
  const changed = Uint8Array.from(bytes)
  changed[0]! ^= 1
  return changed
}
