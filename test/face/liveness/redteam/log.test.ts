import { describe, expect, test } from 'vitest'
import { unwrap } from '../../../../src/common/result.ts'
import { parseInstruments, presentedByPath } from '../../../../src/face/liveness/redteam/instruments.ts'
import {
  encodeRedteamLog,
  missing,
  parseRedteamLog,
  parseRedteamPlan,
  presentationOf,
} from '../../../../src/face/liveness/redteam/log.ts'
import { presentation, redteamLogOf } from './presentations.ts'

const bytes = (json: unknown) => new TextEncoder().encode(JSON.stringify(json))

describe('the log of a red-team test', () => {
  const log = redteamLogOf([presentation('print', 'unsure'), presentation('bona-fide', 'no-face')])

  test('is read as it was written', () => {
    expect(unwrap(parseRedteamLog(encodeRedteamLog(log)))).toEqual(log)
  })

  test.each([
    ['another version', { ...log, format: 'shidao-redteam-2' }],
    ['an unknown field', { ...log, picture: 'AAAA' }],
    [
      'a file name in a presentation',
      { ...log, presentations: [{ ...log.presentations[0], file: 'x.mp4' }] },
    ],
    ['a missing field', { ...log, judgedBy: undefined }],
    ['a score beyond 1', { ...log, presentations: [{ ...log.presentations[0], score: 1.5 }] }],
    ['an unknown instrument', { ...log, presentations: [{ ...log.presentations[0], presented: 'doll' }] }],
  ])('is refused with %s: FACE_REDTEAM_LOG', (_, json) => {
    expect(parseRedteamLog(bytes(json))).toMatchObject({ ok: false, fault: { code: 'FACE_REDTEAM_LOG' } })
  })

  test('that was cut off is refused and never thrown at the caller', () => {
    const whole = encodeRedteamLog(log)
    expect(parseRedteamLog(whole.subarray(0, whole.length - 9)).ok).toBe(false)
    expect(parseRedteamLog(Uint8Array.of(0xff, 0xfe)).ok).toBe(false)
  })

  test('keeps figures to four decimals and every layer’s word', () => {
    const detail = { luma: 12.345678, why: 'no-pattern' }
    const layers = [{ layer: 'texture', verdict: 'unsure', score: null, detail }] as const
    const { score, layers: kept } = presentationOf(presentation('print', 'unsure'), {
      ...{ verdict: 'unsure', score: 0.123456, layers, frames: 3 },
    })
    expect(score).toBe(0.1235)
    expect(kept).toEqual([{ ...layers[0], detail: { luma: 12.3457, why: 'no-pattern' } }])
  })

  test('says what it still lacks, and of an instrument that was not planned nothing', () => {
    expect(missing(log, 'bona-fide')).toBe(1)
    expect(missing(log, 'print')).toBe(2)
    expect(missing(log, 'phone')).toBe(3)
    expect(missing(log, 'monitor')).toBe(0)
  })
})

test('a plan names instruments and files, and says which field is wrong: FACE_REDTEAM_PLAN', () => {
  const good = [{ instrument: 'print', description: 'laser', file: 'a.mp4' }]
  expect(unwrap(parseRedteamPlan(bytes(good)))).toEqual(good)
  const bad = parseRedteamPlan(bytes([{ instrument: 'print' }]))
  expect(bad).toMatchObject({ ok: false, fault: { code: 'FACE_REDTEAM_PLAN' } })
  expect(!bad.ok && bad.fault.message).toContain('0.file')
  expect(parseRedteamPlan(bytes([])).ok).toBe(false)
})

test('instruments are named with commas, each once', () => {
  expect(unwrap(parseInstruments('phone, print'))).toEqual(['phone', 'print'])
  for (const text of ['', 'phone,', 'phone,phone', 'bona-fide', 'doll']) {
    expect(parseInstruments(text), text).toMatchObject({ ok: false, fault: { code: 'USAGE_INSTRUMENT' } })
  }
})

test.each([
  ['phone-01.mp4', { presented: 'phone', device: null, person: null }],
  ['phone/Model X/01.mp4', { presented: 'phone', device: 'Model X', person: null }],
  ['bona-fide/A/01.mp4', { presented: 'bona-fide', device: null, person: 'A' }],
  ['paper-mask\\1.png', { presented: 'paper-mask', device: null, person: null }],
  ['phones/01.mp4', null],
  ['IMG_0001.mov', null],
] as const)('%s is taken for what its name says', (path, said) => {
  expect(presentedByPath(path)).toEqual(said)
})
