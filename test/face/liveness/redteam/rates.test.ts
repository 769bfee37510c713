import { describe, expect, test } from 'vitest'
import { wilsonInterval } from '../../../../src/common/proportion.ts'
import { unwrap } from '../../../../src/common/result.ts'
import { LEAST_PRESENTATIONS, redteamRates, sumLogs } from '../../../../src/face/liveness/redteam/rates.ts'
import { presentation, redteamLogOf } from './presentations.ts'

const of = (count: number, make: () => ReturnType<typeof presentation>) => Array.from({ length: count }, make)

describe('the rates of a red-team test', () => {
  const rates = redteamRates(
    redteamLogOf([
      ...of(6, () => presentation('bona-fide', 'bonaFide')),
      ...of(2, () => presentation('bona-fide', 'unsure')),
      presentation('bona-fide', 'attack'),
      presentation('bona-fide', 'no-face'),
      ...of(9, () => presentation('print', 'attack')),
      presentation('print', 'bonaFide'),
      presentation('phone', 'no-face'),
      ...of(4, () => presentation('phone', 'unsure', { device: 'old', score: 0.6 })),
      ...of(3, () => presentation('phone', 'bonaFide', { device: 'new' })),
      presentation('phone', 'unsure', { device: 'new' }),
    ]),
  )

  test('count a verdict of bona fide as a pass, by instrument, with its Wilson interval', () => {
    expect(rates.instruments.map(({ instrument }) => instrument)).toEqual(['print', 'phone'])
    const [print] = rates.instruments
    expect(print!.passes).toEqual({ hits: 1, of: 10, share: 0.1, interval95: wilsonInterval(1, 10) })
    expect(print!.calledAttack.hits).toBe(9)
  })

  test('leave out presentations without a face, and say how many those were', () => {
    const phone = rates.instruments[1]!
    expect(phone).toMatchObject({ presentations: 9, noFace: 1, passes: { hits: 3, of: 8 } })
    expect(rates.bonaFide).toMatchObject({ presentations: 10, noFace: 1, calledAttack: { hits: 1, of: 9 } })
  })

  test('take whom a doubt kept from passing as passed at the threshold', () => {
    expect(rates.instruments[1]!.atThreshold).toMatchObject({ hits: 7, of: 8 })
  })

  test('name the worst device of all instruments, not a mean', () => {
    expect(rates.worst).toMatchObject({ instrument: 'phone', device: 'new', passes: { hits: 3, of: 4 } })
  })

  test('warn of everything that was presented too seldom to show five per cent', () => {
    expect(LEAST_PRESENTATIONS).toBe(73)
    expect(wilsonInterval(0, 73)[1]).toBeLessThanOrEqual(0.05)
    expect(wilsonInterval(0, 72)[1]).toBeGreaterThan(0.05)
    expect(rates.warnings).toEqual([
      { code: 'few', presented: 'bona-fide', of: 9 },
      { code: 'few', presented: 'print', of: 10 },
      { code: 'few', presented: 'phone', of: 8 },
      { code: 'few-people', people: 1 },
    ])
  })

  test('of equal rates the one with fewer presentations is the worst', () => {
    const { worst } = redteamRates(
      redteamLogOf([...of(5, () => presentation('print', 'attack')), presentation('tablet', 'attack')]),
    )
    expect(worst).toMatchObject({ instrument: 'tablet', passes: { hits: 0, of: 1 } })
  })

  test('of nothing are no rates, and say so', () => {
    const { bonaFide, instruments, worst, warnings } = redteamRates(redteamLogOf([]))
    expect({ share: bonaFide.calledAttack.share, instruments, worst }).toEqual({
      ...{ share: null, instruments: [], worst: null },
    })
    expect(warnings[0]).toEqual({ code: 'none', presented: 'bona-fide' })
  })
})

describe('logs of several sites', () => {
  const first = redteamLogOf([presentation('print', 'attack'), presentation('bona-fide', 'bonaFide')])
  const second = redteamLogOf([presentation('print', 'bonaFide')])

  test('are counted together', () => {
    const { instruments } = redteamRates(unwrap(sumLogs([first, second])))
    expect(instruments[0]!.passes).toMatchObject({ hits: 1, of: 2 })
  })

  test('that other weights, thresholds or programs judged are never: FACE_REDTEAM_MIXED', () => {
    const { judgedBy } = second
    for (const other of [
      { ...judgedBy, software: 'shidao next' },
      { ...judgedBy, liveness: { ...judgedBy.liveness, sha256: '9'.repeat(64) } },
      { ...judgedBy, calibration: { ...judgedBy.calibration, sha256: '9'.repeat(64) } },
    ]) {
      const result = sumLogs([first, { ...second, judgedBy: other }])
      expect(result).toMatchObject({ ok: false, fault: { code: 'FACE_REDTEAM_MIXED' } })
    }
  })

  test('that hold one film twice are refused: FACE_REDTEAM_TWICE', () => {
    expect(sumLogs([first, first])).toMatchObject({ ok: false, fault: { code: 'FACE_REDTEAM_TWICE' } })
  })
})
