import { expect, test } from 'vitest'
import { signStatement } from '../../src/cli/inspect-desk.ts'
import { unwrap } from '../../src/common/result.ts'
import { createInspectorKey } from '../../src/inspect/inspector-key.ts'
import { verifyAct } from '../../src/ledger/act-verification.ts'

const { key } = unwrap(createInspectorKey('inspector pin'))
const inspector = { key, pin: 'inspector pin' }
const expected = { act: 'visit.open', class: 'c1', inspector: { actor: key.actor, publicKey: key.publicKey } }

test('an inspector’s key signs the statement that was asked for, as it stands', () => {
  const { publicKey, actor } = key
  const statement = JSON.stringify({ ...expected, inspector: { publicKey, actor }, at: 1 })
  const proof = signStatement(statement, inspector, expected)
  if (proof.kind !== 'signature') throw new Error('the key stays here')
  const act = { statement, signatures: [{ actor, signature: proof.signature }] }
  expect(verifyAct(act, () => publicKey)).toMatchObject({ ok: true })
})

test.each([
  ['about another class', { ...expected, class: 'c2' }],
  ['under another key', { ...expected, inspector: { ...expected.inspector, actor: '0'.repeat(32) } }],
  ['of another act', { ...expected, act: 'visit.close' }],
  ['that leaves out what it is about', { act: 'visit.open' }],
])('and none %s, which a station that is not honest could ask for', (_what, said) => {
  expect(() => signStatement(JSON.stringify(said), inspector, expected)).toThrow(
    expect.objectContaining({ code: 'INSPECT_STATEMENT' }),
  )
})

test('nor what is no statement at all', () => {
  expect(() => signStatement('{', inspector, expected)).toThrow(
    expect.objectContaining({ code: 'INSPECT_STATEMENT' }),
  )
})
