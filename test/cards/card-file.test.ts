import { describe, expect, it } from 'vitest'
import { readPhotoBlock } from '../../src/cards/codec/photo.ts'
import { parseCardFile } from '../../src/cards/simulator/card-file.ts'
import { FaultScript, simulatedFault } from '../../src/cards/simulator/line-faults.ts'
import { unwrap } from '../../src/common/result.ts'
import {
  sampleForeigner2017,
  sampleForeigner2023,
  sampleRecord,
  sampleResidencePermit,
  webpOf,
} from './simulated-people.ts'

function file(changes: Record<string, unknown> = {}): string {
  return JSON.stringify({ ...sampleRecord, ...changes })
}

function refusal(json: string): string {
  const parsed = parseCardFile(json)
  return parsed.ok ? 'accepted' : `${parsed.fault.code} ${parsed.fault.message}`
}

describe('card file', () => {
  it('takes the document that card read prints', () => {
    const printed = {
      ...sampleRecord,
      expired: false,
      photo: { bytes: 1024, format: 'simulated' },
      simulated: true,
      reader: { profile: 'sam-serial', samId: '05.01-20240101-0000012345-0000000001' },
      ms: 12,
    }
    const parsed = unwrap(parseCardFile(JSON.stringify(printed)))
    expect(parsed.card.record).toEqual(sampleRecord)
    expect(parsed.samId).toBe('05.01-20240101-0000012345-0000000001')
    expect(parsed.faults).toEqual([])
  })

  it('refuses a field that it does not know, because a script misspelt is a script not played', () => {
    expect(refusal(file({ fauls: ['noise'] }))).toMatch(/^CARD_FILE .*fauls/)
  })

  it('wraps a WebP portrait, and takes a whole photo block as it is', () => {
    const image = webpOf(600)
    const wrapped = unwrap(parseCardFile(file({ photoBase64: Buffer.from(image).toString('base64') })))
    expect(readPhotoBlock(wrapped.card.photoBlock).image).toEqual(image)
    const block = Buffer.from(wrapped.card.photoBlock).toString('base64')
    expect(unwrap(parseCardFile(file({ photoBase64: block }))).card.photoBlock).toEqual(
      wrapped.card.photoBlock,
    )
  })

  it('gives a card without a portrait a block that is marked as simulated, or one that looks real', () => {
    const formatOf = (changes: Record<string, unknown>) =>
      readPhotoBlock(unwrap(parseCardFile(file(changes))).card.photoBlock).format
    expect(formatOf({ photoBase64: null })).toBe('simulated')
    expect(formatOf({ photo: { format: 'wlt' } })).toBe('wlt')
  })

  it.each([sampleResidencePermit, sampleForeigner2017, sampleForeigner2023])(
    'takes a card of kind $kind',
    (record) => {
      const parsed = unwrap(parseCardFile(JSON.stringify({ ...record, additionalAddresses: ['模拟路2号'] })))
      expect(parsed.card).toMatchObject({ record, additionalAddresses: ['模拟路2号'] })
    },
  )

  it('takes a wrong number and a wrong date, because a simulated card may be a wrong one', () => {
    expect(refusal(file({ number: '110105194912310021', birth: '1949-99-99' }))).toBe('accepted')
  })

  it.each([
    ['not JSON', '{', /^CARD_FILE the card file is not JSON/],
    ['a list', '[]', /^CARD_FILE /],
    ['a missing number', file({ number: undefined }), /^CARD_FILE number/],
    ['an unknown fault', file({ faults: ['gremlins'] }), /^CARD_FILE faults/],
    ['a name that does not fit', file({ name: '模'.repeat(16) }), /^CARD_RECORD_NAME /],
    ['a portrait that is no WebP', file({ photoBase64: 'AAECAwQF' }), /^CARD_PHOTO /],
    [
      'a portrait that is too large',
      file({ photoBase64: Buffer.from(webpOf(1_017)).toString('base64') }),
      /^CARD_PHOTO /,
    ],
    ['a kind without a text record', file({ kind: 'ssc' }), /^CARD_FILE kind: /],
    [
      'an additional address that does not fit',
      file({ additionalAddresses: ['模'.repeat(36)] }),
      /^CARD_RECORD_ADDRESS /,
    ],
  ])('refuses %s', (_, json, said) => {
    expect(refusal(json)).toMatch(said)
  })
})

describe('fault script', () => {
  it('reads a bare kind like one with details', () => {
    expect(simulatedFault.parse('noise')).toEqual({ kind: 'noise', bytes: 24 })
    expect(simulatedFault.parse({ kind: 'delay', ms: 900, on: 'find' })).toEqual({
      kind: 'delay',
      ms: 900,
      on: 'find',
    })
  })

  it('damages only reads unless told otherwise, and only so often', () => {
    const script = new FaultScript([
      { kind: 'wrong-checksum', times: 1 },
      { kind: 'truncated', on: 'find' },
    ])
    expect(script.take('wrong-checksum', 'find')).toBeNull()
    expect(script.take('wrong-checksum', 'read')).not.toBeNull()
    expect(script.take('wrong-checksum', 'read')).toBeNull()
    expect(script.take('truncated', 'find')).not.toBeNull()
    script.clear()
    expect(script.take('truncated', 'find')).toBeNull()
  })
})
