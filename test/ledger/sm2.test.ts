import { getHashes, hash, randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseVkey } from '../../src/ledger/note.ts'
import { sm2KnowsItsStandard, sm2PrivateKey, sm2PublicKey, sm2Sign, sm2Verify } from '../../src/ledger/sm2.ts'
import { sm3 } from '../../src/ledger/sm3.ts'
import { describeIf } from '../support/requires.ts'
import { noOpenssl, opensslKey, opensslSign, opensslVerify } from './sm2-openssl.ts'
import { gm } from './vector-ledger.ts'

const random = () => new Uint8Array(randomBytes(32))

describe('SM3', () => {
  // GB/T 32905-2016, annex A.
  test.each([
    ['abc', '66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0'],
    ['abcd'.repeat(16), 'debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732'],
  ])('of %s is what the standard prints', (text, digest) => {
    expect(Buffer.from(sm3(Buffer.from(text))).toString('hex')).toBe(digest)
  })
})

describeIf(getHashes().includes('sm3') ? null : 'this Node has no SM3', 'SM3 beside OpenSSL’s', () => {
  test('is the same at every length around a block', () => {
    for (let length = 0; length <= 200; length++) {
      const bytes = randomBytes(length)
      expect(Buffer.from(sm3(bytes)).toString('hex')).toBe(hash('sm3', bytes))
    }
  })
})

describe('SM2', () => {
  test('gives the signature that GB/T 32918.5 prints', () => {
    expect(sm2KnowsItsStandard()).toBe(true)
  })

  test('accepts its own signatures and no other bytes, and never throws', () => {
    const privateKey = sm2PrivateKey(random())!
    const publicKey = sm2PublicKey(privateKey)
    const message = Buffer.from('shidao')
    const signature = sm2Sign(privateKey, message, random)
    expect(sm2Verify(publicKey, message, signature)).toBe(true)
    const places = fc.tuple(fc.nat(63), fc.integer({ min: 1, max: 255 }))
    fc.assert(
      fc.property(places, fc.constantFrom('signature', 'key'), ([at, change], what) => {
        const [key, bytes] = [Uint8Array.from(publicKey), Uint8Array.from(signature)]
        const target = what === 'key' ? key : bytes
        target[at]! ^= change
        expect(sm2Verify(key, message, bytes)).toBe(false)
      }),
      { numRuns: 200 },
    )
    for (const length of [0, 1, 63, 65]) {
      expect(sm2Verify(publicKey, message, new Uint8Array(length))).toBe(false)
      expect(sm2Verify(new Uint8Array(length), message, signature)).toBe(false)
    }
    expect(sm2Verify(publicKey, message, new Uint8Array(64))).toBe(false)
    expect(sm2Verify(new Uint8Array(64), message, signature)).toBe(false)
  })

  test('takes no number that is no private key', () => {
    expect(sm2PrivateKey(new Uint8Array(32))).toBeNull()
    expect(sm2PrivateKey(new Uint8Array(32).fill(0xff))).toBeNull()
  })

  test('keys have a name of their own behind type 0xff, and are read back', () => {
    const { vkey } = gm.key
    const encoded = Buffer.from(vkey.split('+').slice(2).join('+'), 'base64')
    expect(encoded.subarray(0, 8)).toEqual(Buffer.from('\xffsm2-sm3', 'latin1'))
    const parsed = parseVkey(vkey)
    expect(parsed.ok && parsed.value.vkey).toBe(vkey)
  })
})

describeIf(noOpenssl, 'SM2 beside the openssl command', () => {
  test('each accepts what the other signed with one key, and not over another message', () => {
    const key = opensslKey()
    expect(sm2PublicKey(key.privateKey)).toEqual(key.publicKey)
    for (let i = 0; i < 8; i++) {
      const message = new Uint8Array(randomBytes(i * 37 + 1))
      const ours = sm2Sign(key.privateKey, message, random)
      const theirs = opensslSign(key, message)
      expect(opensslVerify(key, message, ours)).toBe(true)
      expect(sm2Verify(key.publicKey, message, theirs)).toBe(true)
      expect(opensslVerify(key, Uint8Array.of(...message, 0), ours)).toBe(false)
      expect(sm2Verify(key.publicKey, Uint8Array.of(...message, 0), theirs)).toBe(false)
    }
  })
})
