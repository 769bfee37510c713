import { describe, expect, it } from 'vitest'
import {
  decodeAdditionalAddresses,
  encodeAdditionalAddresses,
} from '../../src/cards/codec/additional-address.ts'
import { unwrap } from '../../src/common/result.ts'

const addresses = ['模拟省模拟市模拟路1号', '模拟路2号', '\ue863路3号', '模'.repeat(35)]

function faultOf(payload: Uint8Array): string | null {
  const decoded = decodeAdditionalAddresses(payload)
  return decoded.ok ? null : decoded.fault.code
}

describe('additional addresses', () => {
  it.each([0, 1, 2, 3, 4])('reads back %i of them, 70 bytes each', (count) => {
    const payload = unwrap(encodeAdditionalAddresses(addresses.slice(0, count)))
    expect(payload).toHaveLength(70 * count)
    expect(unwrap(decodeAdditionalAddresses(payload))).toEqual(addresses.slice(0, count))
  })

  it('leaves out blank items, spaces and zeros alike', () => {
    const payload = unwrap(encodeAdditionalAddresses(['', '模拟路2号', '', '']))
    payload.fill(0, 140, 210)
    expect(unwrap(decodeAdditionalAddresses(payload))).toEqual(['模拟路2号'])
  })

  it('refuses what is no whole item, too many of them, and unreadable ones', () => {
    expect([69, 71, 350].map((size) => faultOf(new Uint8Array(size)))).toEqual(Array(3).fill('CARD_LAYOUT'))
    const damaged = unwrap(encodeAdditionalAddresses(['模拟路2号']))
    damaged.set([1, 0], 2)
    expect(faultOf(damaged)).toBe('CARD_RECORD_ADDRESS')
  })

  it('does not fit five, or one of 36 characters', () => {
    expect(encodeAdditionalAddresses([...addresses, '模']).ok).toBe(false)
    expect(encodeAdditionalAddresses(['模'.repeat(36)]).ok).toBe(false)
  })
})
