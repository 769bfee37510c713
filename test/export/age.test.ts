import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { unwrap } from '../../src/common/result.ts'
import { openAge, sealAge } from '../../src/export/sealed/age.ts'
import {
  createAuditorKey,
  formatKeyFile,
  parseKeyFile,
  parseRecipient,
} from '../../src/export/sealed/age-keys.ts'

/** Made by the npm package age-encryption 0.3.1 (FiloSottile/typage), for its own key and its own passphrase. */
const theirs = {
  identity: 'AGE-SECRET-KEY-1C04L57QZD3T5HSEWP7G0XJ30LYYGRGUG9XGQEPTTMZH3JSZFEVYSWNFH9Y',
  content: 'sealed by age-encryption 0.3.1',
  toKey:
    'YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IFgyNTUxOSBjaXZYalNmWEZWbHg3YWFHTjdIVmh0aWZqSlRibXdmMm0vU0tIZHVxS0ZrCldsaFJCUVpqdzNLdmpKMWRTMVpWZjRaeW1mbGwvVVE2V1pDTlJkTEg5UVkKLS0tIHNyVGtjS1A0R2IyS2xpRWpsaml4VUNGU0hyb24wSG5ZanA5TWtSa0tPRHMKYBdifA/QNkL/mQsDf5SRAGdEtw968Yb0NXkBOidMGnsZKomxgxCDSZPgASirSk6ZSd33+7V3R8k+/Dy+050=',
  passphrase: 'pass phrase',
  toPassphrase:
    'YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IHNjcnlwdCBiaDY0cWVnQ0tDdHdDQU9kcFNZTlpBIDEwCnRpVW4zeGpvNmlwdkpNSjM0OTVxc013bG1BbU1YbFZVUVZFQzYwMks5ZFUKLS0tIEczN2NFS0VsZUl3cnowK0ozMWtxQnN0L2N1a1ZycDY5RlRqdzQvcmc1d0UKvT3869109DCR8hE3AtsiVfGyJ9uDWJYxQzWPUmmdn1jSm9rAwYZEwQdsnxRCipcRWfhu8CQv/j2HwcwyLgQ=',
}

const secret = new Uint8Array(32).fill(1)
const mine = createAuditorKey(new Uint8Array(32).fill(2))
const recipient = unwrap(parseRecipient(mine.recipient))
const opener = { keys: unwrap(parseKeyFile(mine.identity)) }
const decode = (base64: string) => new Uint8Array(Buffer.from(base64, 'base64'))

describe('an age file', () => {
  test('of another program opens here, by key and by passphrase', () => {
    const keys = unwrap(parseKeyFile(theirs.identity))
    const { passphrase } = theirs
    for (const opened of [
      openAge(decode(theirs.toKey), { keys }),
      openAge(decode(theirs.toPassphrase), { passphrase }),
    ])
      expect(new TextDecoder().decode(unwrap(opened))).toBe(theirs.content)
  })

  test.each([0, 1, 65_535, 65_536, 65_537, 131_072, 200_001])('of %i bytes comes back whole', (size) => {
    const content = Uint8Array.from({ length: size }, (_, at) => at * 7)
    const sealed = sealAge(content, { keys: [recipient] }, secret)
    expect(Buffer.compare(unwrap(openAge(sealed, opener)), content)).toBe(0)
  })

  test('is the same bytes for the same content and secret, and others for another secret', () => {
    const content = new Uint8Array(100)
    const make = (by: Uint8Array) => Buffer.from(sealAge(content, { keys: [recipient] }, by))
    expect(make(secret).equals(make(secret))).toBe(true)
    expect(make(secret).equals(make(new Uint8Array(32)))).toBe(false)
  })

  test('opens for each of several auditors and for nobody else', () => {
    const other = createAuditorKey()
    const keys = [recipient, unwrap(parseRecipient(other.recipient))]
    const sealed = sealAge(new Uint8Array(3), { keys }, secret)
    for (const { identity } of [mine, other])
      expect(openAge(sealed, { keys: unwrap(parseKeyFile(identity)) }).ok).toBe(true)
    const stranger = { keys: unwrap(parseKeyFile(createAuditorKey().identity)) }
    expect(openAge(sealed, stranger)).toMatchObject({ ok: false, fault: { code: 'PROOF_OPENING_KEY' } })
    expect(openAge(sealed, { passphrase: 'x' })).toMatchObject({
      ok: false,
      fault: { code: 'PROOF_OPENING_KEY' },
    })
  })

  test('that asks for more work than an honest one is not worked on', () => {
    const sealed = Buffer.from(sealAge(new Uint8Array(3), { passphrase: 'x', logN: 10 }, secret))
    const greedy = Buffer.from(sealed.toString('latin1').replace(' 10\n', ' 30\n'), 'latin1')
    expect(openAge(greedy, { passphrase: 'x' })).toMatchObject({ ok: false })
  })

  test('never opens after any damage, and never throws', () => {
    const sealed = sealAge(
      Uint8Array.from({ length: 300 }, (_, at) => at),
      { keys: [recipient] },
      secret,
    )
    const hit = fc.tuple(fc.nat(sealed.length - 1), fc.integer({ min: 1, max: 255 }))
    fc.assert(
      fc.property(hit, ([at, flip]) => !openAge(sealed.with(at, sealed[at]! ^ flip), opener).ok),
      { numRuns: 500 },
    )
    for (let size = 0; size < sealed.length; size++)
      expect(openAge(sealed.subarray(0, size), opener).ok).toBe(false)
  })
})

describe('an auditor’s key', () => {
  test('is a file that age’s own programs read, with its public half beside', () => {
    const file = formatKeyFile(mine, '2026-03-02T00:00:00.000Z')
    expect(file.split('\n').slice(0, 2)).toEqual([
      '# created: 2026-03-02T00:00:00.000Z',
      `# public key: ${mine.recipient}`,
    ])
    expect(unwrap(parseKeyFile(file))).toHaveLength(1)
  })

  test.each([
    ['', 'nothing'],
    ['age1', 'a prefix alone'],
    [mine.identity, 'a secret half'],
    [`${mine.recipient.slice(0, -1)}q`, 'a false checksum'],
    [mine.recipient.replace('a', 'A'), 'mixed case'],
  ])('%s is no public half: %s', (text) => {
    expect(parseRecipient(text)).toMatchObject({ ok: false, fault: { code: 'EXPORT_AUDITOR_KEY' } })
  })

  test('a file without a secret half, or with another line, is refused', () => {
    for (const text of ['', '# nothing\n', `${mine.identity}\nmore\n`, mine.recipient])
      expect(parseKeyFile(text)).toMatchObject({ ok: false, fault: { code: 'PROOF_OPENING_KEY' } })
  })
})
