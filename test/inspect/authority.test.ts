import { describe, expect, test } from 'vitest'
import { unwrap } from '../../src/common/result.ts'
import { authoritySigner, createAuthorityKey, parseAuthorityKey } from '../../src/inspect/authority-key.ts'
import { openInspectorList, signInspectorList, standingOf } from '../../src/inspect/inspector-list.ts'
import { nextInspectorList, readInspectorTable } from '../../src/inspect/inspector-table.ts'
import { parseVkey } from '../../src/ledger/note.ts'

const PIN = 'a long enough pin'
const [A, B, C] = ['a', 'b', 'c'].map((digit) => digit.repeat(64)) as [string, string, string]
const utf8 = (text: string) => new TextEncoder().encode(text)
const TABLE = `公钥,自,至,撤销,姓名
${A},2026-01-01,2026-12-31,,甲
${B},2026-01-01,2026-12-31,2026-02-10,乙
`
const ISSUED = Date.parse('2026-03-01T09:00:00+08:00')
const terms = { number: 2, issued: ISSUED, validTo: '2026-05-31', previous: null }

describe('an authority’s key', () => {
  const made = unwrap(createAuthorityKey('hrss.example/inspectors', PIN))

  test('signs a list that opens with its public half and holds no names', () => {
    const key = unwrap(parseAuthorityKey(made.text))
    const entries = unwrap(readInspectorTable(utf8(TABLE)))
    const note = signInspectorList(
      unwrap(nextInspectorList(entries, terms)),
      unwrap(authoritySigner(key, PIN)),
    )
    expect(note).not.toMatch(/甲|乙/)
    const list = unwrap(openInspectorList(note, unwrap(parseVkey(made.key.vkey))))
    expect(list).toMatchObject({ number: 2, issued: ISSUED })
    const standing = (publicKey: string, at: string) => standingOf(list, publicKey, Date.parse(at))
    expect(standing(A, '2026-05-31T23:00:00+08:00')).toMatchObject({ standing: 'listed' })
    expect(standing(A, '2026-06-01T00:00:00+08:00')).toMatchObject({ standing: 'list-expired' })
    expect(standing(A, '2027-01-01T00:00:00+08:00')).toMatchObject({ reason: 'lapsed' })
    expect(standing(B, '2026-03-02T09:00:00+08:00')).toMatchObject({ reason: 'revoked' })
    expect(standing(C, '2026-03-02T09:00:00+08:00')).toMatchObject({ reason: 'unknown' })
  })

  test('doesn’t open with another PIN, as a damaged file, or as one that names another key', () => {
    const key = unwrap(parseAuthorityKey(made.text))
    expect(authoritySigner(key, 'another long pin')).toMatchObject({ fault: { code: 'LEDGER_PIN' } })
    expect(parseAuthorityKey(made.text.slice(0, -20))).toMatchObject({
      fault: { code: 'INSPECT_KEY_FORMAT' },
    })
    const { vkey } = unwrap(createAuthorityKey('hrss.example/inspectors', PIN)).key
    expect(authoritySigner({ ...key, vkey }, PIN)).toMatchObject({ fault: { code: 'INSPECT_KEY_FORMAT' } })
  })

  test('has a name without spaces and a PIN of twelve characters', () => {
    expect(createAuthorityKey('hrss example', PIN)).toMatchObject({
      fault: { code: 'INSPECT_AUTHORITY_NAME' },
    })
    expect(createAuthorityKey('hrss.example', 'short')).toMatchObject({
      fault: { code: 'INSPECT_PIN_SHORT' },
    })
  })
})

describe('the next list', () => {
  const entries = unwrap(readInspectorTable(utf8(TABLE)))
  const previous = unwrap(nextInspectorList(entries, terms))
  const code = (given: Partial<Parameters<typeof nextInspectorList>[1]>, table = entries) => {
    const next = nextInspectorList(table, { ...terms, number: 3, previous, ...given })
    return next.ok ? null : next.fault.code
  }

  test('has a higher number, a term that is still to come, and forgets no revocation', () => {
    expect(code({})).toBeNull()
    expect(code({ number: 2 })).toBe('INSPECT_LIST_OLDER')
    expect(code({ validTo: '2026-02-28' })).toBe('INSPECT_LIST_TERM')
    expect(code({ validTo: 'next year' })).toBe('INSPECT_LIST_TERM')
    expect(code({}, { ...entries, revoked: [] })).toBe('INSPECT_LIST_UNREVOKED')
  })

  test.each([
    ['a key that is none', `key,from,until\nabc,2026-01-01,2026-12-31`, /line 2: a key is 64 hex digits/],
    [
      'a key twice',
      `key,from,until\n${A},2026-01-01,2026-12-31\n${A},2026-01-01,2026-12-31`,
      /line 3: this key/,
    ],
    ['a day that is none', `key,from,until\n${A},2026-02-30,2026-12-31`, /days are written/],
    ['days the wrong way round', `key,from,until\n${A},2026-12-31,2026-01-01`, /before the first/],
    [
      'a revocation without a day',
      `key,from,until,revoked\n${A},2026-01-01,2026-12-31,yes`,
      /of a revocation/,
    ],
  ])('is not made from a table with %s', (_name, table, why) => {
    const read = readInspectorTable(utf8(table))
    expect(read).toMatchObject({ ok: false, fault: { code: 'INSPECT_TABLE' } })
    if (!read.ok) expect(read.fault.message).toMatch(why)
  })
})
