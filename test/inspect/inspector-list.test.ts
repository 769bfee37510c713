import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { unwrap } from '../../src/common/result.ts'
import {
  type InspectorList,
  openInspectorList,
  signInspectorList,
  standingOf,
} from '../../src/inspect/inspector-list.ts'
import { admitInspector, takeList } from '../../src/inspect/visit-opening.ts'
import { ed25519Signer } from '../../src/ledger/note.ts'

const DAY = 86_400_000
const ISSUED = Date.UTC(2026, 2, 1)
const authority = ed25519Signer('hrss.example/inspectors', generateKeyPairSync('ed25519').privateKey)
const [listed, struckOff, stranger, newcomer] = ['a', 'b', 'c', 'd'].map((digit) => digit.repeat(64)) as [
  ...[string, string, string, string],
]
const list: InspectorList = {
  ...{ number: 7, issued: ISSUED, until: ISSUED + 90 * DAY },
  inspectors: [
    { publicKey: listed, from: ISSUED - 30 * DAY, until: ISSUED + 365 * DAY },
    { publicKey: struckOff, from: ISSUED - 30 * DAY, until: ISSUED + 365 * DAY },
    { publicKey: newcomer, from: ISSUED + 10 * DAY, until: ISSUED + 20 * DAY },
  ],
  revoked: [{ publicKey: struckOff, since: ISSUED - DAY }],
}

describe('an inspector list', () => {
  test('says after signing what it said before', () => {
    expect(unwrap(openInspectorList(signInspectorList(list, authority), authority.key))).toMatchObject(list)
  })

  test('that was changed in any character is refused as forged', () => {
    const note = signInspectorList(list, authority)
    const end = note.indexOf('\n\n')
    for (let at = 0; at < end; at++) {
      const other = note[at] === 'e' ? 'f' : 'e'
      const changed = note.slice(0, at) + other + note.slice(at + 1)
      expect(openInspectorList(changed, authority.key)).toMatchObject({
        fault: { code: 'INSPECT_LIST_FORGED' },
      })
    }
  })

  test('that another key signed under the same name is forged', () => {
    const forger = ed25519Signer(authority.key.name, generateKeyPairSync('ed25519').privateKey)
    const note = signInspectorList(list, forger)
    expect(openInspectorList(note, authority.key)).toMatchObject({ fault: { code: 'INSPECT_LIST_FORGED' } })
    const taken = takeList(note, authority.key, null)
    expect(taken).toMatchObject({
      fault: { record: { type: 'visit.refused', data: { reason: 'list-forged' } } },
    })
  })

  test('that is older than the known one is not taken, because it would undo revocations', () => {
    const known = unwrap(openInspectorList(signInspectorList(list, authority), authority.key))
    const older = signInspectorList({ ...list, number: 6, revoked: [] }, authority)
    expect(takeList(older, authority.key, known)).toMatchObject({
      fault: { fault: { code: 'INSPECT_LIST_OLDER' } },
    })
    const newer = signInspectorList({ ...list, number: 8 }, authority)
    expect(takeList(newer, authority.key, known)).toMatchObject({ value: { type: 'inspectors.listed' } })
    expect(takeList(signInspectorList(list, authority), authority.key, known)).toEqual({
      ok: true,
      value: null,
    })
  })

  test('of an authority that this station doesn’t listen to is refused', () => {
    const other = ed25519Signer('elsewhere.example', generateKeyPairSync('ed25519').privateKey)
    const known = unwrap(openInspectorList(signInspectorList(list, authority), authority.key))
    const note = signInspectorList({ ...list, number: 9 }, other)
    expect(takeList(note, other.key, known)).toMatchObject({
      fault: { fault: { code: 'INSPECT_LIST_FORGED' } },
    })
  })
})

describe('the holder of a key', () => {
  const current = ISSUED + DAY
  const late = ISSUED + 91 * DAY

  test.each([
    ['on a first visit, without any list, is admitted and marked', null, stranger, current, 'no-list'],
    ['on the list is admitted', list, listed, current, 'listed'],
    ['on a list that is past its time is admitted and marked', list, listed, late, 'list-expired'],
    ['not on a list that is past its time is admitted and marked', list, stranger, late, 'unlisted'],
    ['not on a current list is refused', list, stranger, current, 'unknown'],
    ['who was revoked is refused', list, struckOff, current, 'revoked'],
    ['who was revoked is refused on a list past its time', list, struckOff, late, 'revoked'],
    ['who was revoked is refused by a station whose clock was set back', list, struckOff, 0, 'revoked'],
    ['whose time is not yet is refused', list, newcomer, current, 'lapsed'],
    ['whose time is over is refused', list, newcomer, ISSUED + 21 * DAY, 'lapsed'],
  ])('%s', (_case, given, publicKey, at, expected) => {
    const standing = standingOf(given, publicKey, at)
    expect(standing.admitted ? standing.standing : standing.reason).toBe(expected)
  })

  test('is refused with a record that names the key and the reason', () => {
    const opened = unwrap(openInspectorList(signInspectorList(list, authority), authority.key))
    expect(admitInspector({ class: 'c1', publicKey: struckOff, at: current }, opened)).toMatchObject({
      fault: {
        fault: { code: 'INSPECT_INSPECTOR_REVOKED' },
        record: { type: 'visit.refused', data: { class: 'c1', publicKey: struckOff, reason: 'revoked' } },
      },
    })
  })
})
