import { describe, expect, it } from 'vitest'
import { type CommandApdu, encodeApdu, exchangeApdu, refusal } from '../../src/cards/codec/apdu.ts'
import {
  EF05,
  EF06,
  HOLDER_FIELDS,
  RECORD_MODE,
  readRecord,
  SELECT_SSSE,
  selectFile,
} from '../../src/cards/codec/social-security.ts'
import { ok } from '../../src/common/result.ts'
import { bytes } from './simulated-people.ts'

function hexOf(command: CommandApdu): string {
  return Buffer.from(encodeApdu(command)).toString('hex').toUpperCase()
}

/** Answers in turn, and what was sent. */
function scripted(...answers: string[]) {
  const sent: string[] = []
  const transmit = async (apdu: Uint8Array) => {
    sent.push(Buffer.from(apdu).toString('hex').toUpperCase())
    return ok(bytes(answers.shift() ?? ''))
  }
  return { sent, transmit }
}

describe('a command for a social security card', () => {
  // Requests as logged in github.com a7082633/HDOS_VC6: apdu.txt.
  it.each([
    ['SELECT SSSE', SELECT_SSSE, '00A404000F7378312E73682EC9E7BBE1B1A3D5CF'],
    ['SELECT EF05', selectFile(EF05, 0x00), '00A4000002EF05'],
    ['SELECT EF05 under the application', selectFile(EF05, 0x02), '00A4020002EF05'],
    ['SELECT EF06', selectFile(EF06, 0x00), '00A4000002EF06'],
    ['all of EF05', readRecord(0, RECORD_MODE.allFrom, 1, 0x40), '00B2010540'],
    ['the name extension', readRecord(0, RECORD_MODE.byTag, 0x4e, 22), '00B24E0016'],
    ['the card number by number', readRecord(EF05.sfi, RECORD_MODE.byNumber, 7, 11), '00B2072C0B'],
    ['the date of issue by SFI', readRecord(EF05.sfi, RECORD_MODE.byTag, 5, 6), '00B2052806'],
    ['the number by SFI', readRecord(EF06.sfi, RECORD_MODE.byTag, 8, 20), '00B2083014'],
  ])('is, for %s, byte for byte what terminals send', (_, command, expected) => {
    expect(hexOf(command)).toBe(expected)
  })

  it('asks for each field of EF06 with the length that terminals ask for', () => {
    const requests = Object.values(HOLDER_FIELDS).map(({ tag, bytes: length }) =>
      hexOf(readRecord(0, RECORD_MODE.byTag, tag, length + 2)),
    )
    expect(requests).toEqual([
      '00B2080014',
      '00B2090020',
      '00B24E0016',
      '00B20A0003',
      '00B20B0003',
      '00B20D0006',
    ])
  })
})

describe('an exchange', () => {
  it('fetches what the card says is waiting (61xx)', async () => {
    const channel = scripted('61 03', '6F 01 61 01', '88 90 00')
    const answer = await exchangeApdu(channel, SELECT_SSSE)
    expect(answer).toEqual(ok({ data: bytes('6F 01 88'), status: 0x9000 }))
    expect(channel.sent.slice(1)).toEqual(['00C0000003', '00C0000001'])
  })

  it('asks again with the length that the card wants (6Cxx)', async () => {
    const channel = scripted('6C 02', '07 00 90 00')
    const answer = await exchangeApdu(channel, readRecord(0, RECORD_MODE.allFrom, 1, 0xff))
    expect(answer).toEqual(ok({ data: bytes('07 00'), status: 0x9000 }))
    expect(channel.sent).toEqual(['00B20105FF', '00B2010502'])
  })

  it('puts the wanted length behind the data of a command that had none', async () => {
    const channel = scripted('6C 18', '90 00')
    await exchangeApdu(channel, selectFile(EF05, 0x00))
    expect(channel.sent[1]).toBe('00A4000002EF0518')
  })

  it('ends with a card that never comes to an end', async () => {
    const answer = await exchangeApdu({ transmit: async () => ok(bytes('61 01')) }, SELECT_SSSE)
    expect(!answer.ok && answer.fault.code).toBe('CARD_APDU_ANSWER')
  })

  it('refuses an answer without a status', async () => {
    const answer = await exchangeApdu(scripted('90'), SELECT_SSSE)
    expect(!answer.ok && answer.fault.code).toBe('CARD_APDU_ANSWER')
  })
})

describe('a refusal', () => {
  it.each([
    [0x6982, 'CARD_NEEDS_PSAM'],
    [0x6a82, 'CARD_APDU_NO_FILE'],
    [0x6a83, 'CARD_APDU_NO_RECORD'],
    [0x9303, 'CARD_LOCKED'],
    [0x6e00, 'CARD_APDU_CLASS'],
    [0x6f00, 'CARD_APDU_REFUSED'],
  ])('of %i has a code of its own and names the status', (status, code) => {
    expect(refusal(status).code).toBe(code)
    expect(refusal(status).message).toContain(status.toString(16).toUpperCase())
  })
})
