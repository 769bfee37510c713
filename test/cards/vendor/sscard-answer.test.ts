import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseBasicsAnswer } from '../../../src/cards/vendor/sscard-answer.ts'
import { sscardFault } from '../../../src/cards/vendor/sscard-fault.ts'
import { unwrap } from '../../../src/common/result.ts'

/** The standard's own specimen (LD/T 33); the device's number is invented. */
const specimen = {
  area: '639900',
  number: '111111198101011110',
  card: 'X00000019',
  code: '639900D15600000500BF7C7A48FB4966',
  // 张三 in GBK.
  name: '\xd5\xc5\xc8\xfd',
  reset: '00814E43238697159900BF7C7A',
  version: '1.00',
  issued: '20101001',
  ends: '20201001',
  terminal: '410100813475',
  device: '000000000001',
}

describe('answer of iReadCardBas', () => {
  it('is read by its columns', () => {
    const { token, record } = unwrap(parseBasicsAnswer(answer()))
    expect(token.cardNumber).toBe('X00000019')
    expect(record).toMatchObject({ name: '张三', birth: '1981-01-01', sex: '1', validTo: '2020-10-01' })
  })

  it('is counted from the identification code where a result column stands before it', () => {
    expect(parseBasicsAnswer(answer({}, '0|'))).toEqual(parseBasicsAnswer(answer()))
  })

  it('is a token alone where the holder has no citizen number', () => {
    const { token, record } = unwrap(parseBasicsAnswer(answer({ number: 'PAK310080010103' })))
    expect(record).toBeNull()
    expect(token.identificationCode).toBe(specimen.code)
  })

  it.each([
    ['area', { area: '990000' }, 'CARD_RECORD_IDENTIFICATION'],
    ['check character', { number: '111111198101011111' }, 'CARD_RECORD_NUMBER'],
    ['card number', { card: 'X-1' }, 'CARD_RECORD_CARD_NUMBER'],
    ['name', { name: '' }, 'CARD_RECORD_NAME'],
    ['version', { version: 'x' }, 'CARD_RECORD_VERSION'],
    ['day of issue', { issued: '20101301' }, 'CARD_RECORD_VALID_FROM'],
    ['last day', { ends: '20091001' }, 'CARD_RECORD_VALID_TO'],
    ['identification code', { code: '639900' }, 'CARD_VENDOR_OUTPUT'],
    ['encoding', { name: '\xff\xff' }, 'CARD_VENDOR_OUTPUT'],
  ])('is refused for its %s, with a sentence that quotes nothing', (_, change, code) => {
    const parsed = parseBasicsAnswer(answer(change))
    expect(parsed.ok ? null : parsed.fault.code).toBe(code)
    expect(parsed.ok ? '' : parsed.fault.message).not.toMatch(/\d{4}|张/)
  })

  it('is refused without an end', () => {
    const parsed = parseBasicsAnswer(answer().filter((byte) => byte !== 0))
    expect(parsed.ok ? null : parsed.fault.code).toBe('CARD_VENDOR_OUTPUT')
  })

  it('never throws, whatever bytes stand there', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(200), (bytes, at) => {
        const mutated = answer()
        mutated.set(
          bytes.subarray(0, mutated.length - Math.min(at, mutated.length)),
          Math.min(at, mutated.length),
        )
        for (const input of [bytes, mutated]) {
          const parsed = parseBasicsAnswer(input)
          if (parsed.ok) expect(parsed.value.token.identificationCode).toMatch(/^[\dA-F]{32}$/)
        }
      }),
      { numRuns: 2_000 },
    )
  })
})

describe('codes of LD/T 33', () => {
  it.each([
    [-1, 'CARD_NOT_SOCIAL_SECURITY'],
    [-2, 'CARD_NONE'],
    [-12, 'PORT_LOST'],
    [-52, 'CARD_SSC_PIN'],
    [-27010, 'CARD_NEEDS_PSAM'],
    [-27266, 'CARD_APDU_NO_FILE'],
    [-27272, 'CARD_NEEDS_PSAM'],
    [-9999, 'CARD_SSC_FAILED'],
    [5, 'CARD_SSC_FAILED'],
  ])('%i is %s', (result, code) => {
    expect(sscardFault(result).code).toBe(code)
  })
})

function answer(change: Partial<typeof specimen> = {}, before = ''): Uint8Array {
  const columns = Object.values({ ...specimen, ...change })
  const text = Buffer.from(`${before}${columns.join('|')}|`, 'latin1')
  return Uint8Array.from([...text, 0, 0, 0])
}
