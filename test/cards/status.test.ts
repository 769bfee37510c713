import { describe, expect, it } from 'vitest'
import {
  formatSamNumber,
  isSimulatorSamNumber,
  parseSamNumber,
  SIMULATOR_SAM_NUMBER,
} from '../../src/cards/codec/sam-number.ts'
import { documentedRefusals, RefusalFault, statusMeaning } from '../../src/cards/codec/status.ts'
import { bytes } from './simulated-people.ts'

describe('status byte', () => {
  it('gives each documented refusal a code of its own', () => {
    const codes = documentedRefusals().map((status) => statusMeaning(status).code)
    expect(documentedRefusals()).toHaveLength(18)
    expect(new Set(codes).size).toBe(18)
    for (const code of codes) expect(code).toMatch(/^CARD_[A-Z_]+$/)
  })

  it.each([
    [0x10, 'CARD_SAM_CHECKSUM', 'retry'],
    [0x11, 'CARD_SAM_LENGTH', 'retry'],
    [0x21, 'CARD_SAM_COMMAND', 'reset'],
    [0x23, 'CARD_SAM_NOT_PERMITTED', 'reset'],
    [0x24, 'CARD_SAM_UNKNOWN', 'reset'],
    [0x31, 'CARD_AUTH_READER', 'place-again'],
    [0x32, 'CARD_AUTH_CARD', 'place-again'],
    [0x33, 'CARD_VERIFY', 'place-again'],
    [0x37, 'CARD_VERIFY_FINGERPRINT', 'place-again'],
    [0x3f, 'CARD_INFORMATION_LENGTH', 'retry'],
    [0x40, 'CARD_TYPE_UNKNOWN', 'service'],
    [0x41, 'CARD_READ_FAILED', 'place-again'],
    [0x47, 'CARD_SAM_RANDOM', 'reset'],
    [0x60, 'CARD_SAM_SELF_TEST', 'reset'],
    [0x66, 'CARD_SAM_NOT_AUTHORISED', 'service'],
    [0x80, 'CARD_NONE', 'place-again'],
    [0x81, 'CARD_SELECT_FAILED', 'place-again'],
    [0x91, 'CARD_NOTHING_STORED', 'retry'],
  ])('status %i is %s: %s', (status, code, advice) => {
    expect(new RefusalFault(status)).toMatchObject({ code, advice, status })
  })

  it('names an undocumented byte in hex', () => {
    const fault = new RefusalFault(0x0e)
    expect(fault.code).toBe('CARD_STATUS')
    expect(fault.message).toContain('0E')
  })
})

describe('SAM number', () => {
  // Fields as in vendors' own printing: %02d.%02d-%08d-%010d-%010d over little-endian integers.
  const raw = bytes('05 00 01 00 2B 8B 32 01 39 30 00 00 D2 02 96 49')

  it('prints as vendors print it, and reads back', () => {
    expect(formatSamNumber(raw)).toBe('05.01-20089643-0000012345-1234567890')
    expect(parseSamNumber('05.01-20089643-0000012345-1234567890')).toEqual(raw)
  })

  it.each([
    '',
    '05.01-20089643-0000012345',
    '05.01-20089643-0000012345-9999999999',
    '99999.01-20089643-0000012345-0000000001',
  ])('refuses %j', (text) => {
    expect(parseSamNumber(text)).toBeNull()
  })

  it('tells the simulator from readers', () => {
    expect(isSimulatorSamNumber(SIMULATOR_SAM_NUMBER)).toBe(true)
    expect(isSimulatorSamNumber('05.01-20089643-0000012345-1234567890')).toBe(false)
    expect(isSimulatorSamNumber(null)).toBe(false)
  })
})
