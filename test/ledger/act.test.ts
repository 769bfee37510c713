import { expect, test } from 'vitest'
import { createActorKey, requireTwoSigners, signAct, verifyAct } from '../../src/ledger/act.ts'
import type { SignedAct } from '../../src/ledger/event.ts'
import { samplePeople, signedBy } from './sample-ledger.ts'

const [operator, supervisor] = samplePeople()
const publicKeyOf = (actor: string) =>
  [operator, supervisor].find((person) => person.actor === actor)?.publicKey ?? null
const statement = {
  act: 'class.open',
  origin: 'shidao/station/0123456789abcdef',
  at: 1_772_409_600_000,
  class: '一班',
}
const act = signedBy(statement, [operator, supervisor])

test('an act verifies with the keys of the people who signed it', () => {
  expect(verifyAct(act, publicKeyOf)).toEqual({ ok: true, value: true })
  expect(requireTwoSigners(act, publicKeyOf).ok).toBe(true)
})

test('a wrong PIN signs nothing', () => {
  const signed = signAct('{"act":"x"}', { actor: operator.actor, wrapped: operator.wrapped, pin: '135790' })
  expect(codeOf(signed)).toBe('LEDGER_PIN')
})

test('a damaged wrapped key signs nothing and asks for no more memory than any other', () => {
  const { wrapped, actor } = operator
  const damaged = {
    ...wrapped,
    sealed: wrapped.sealed.replace(/^../, (byte) => (byte === '00' ? '01' : '00')),
  }
  const greedy = { ...wrapped, kdf: { ...wrapped.kdf, logN: 30 } }
  for (const key of [damaged, greedy]) {
    expect(codeOf(signAct('{"act":"x"}', { actor, wrapped: key, pin: '246810' }))).toBe('LEDGER_PIN')
  }
})

test('two people with one PIN have different keys', () => {
  const [a, b] = [createActorKey('246810'), createActorKey('246810')]
  expect(a.publicKey).not.toBe(b.publicKey)
  expect(a.wrapped.salt).not.toBe(b.wrapped.salt)
  expect(JSON.stringify(a.wrapped)).not.toContain('246810')
})

const one = act.signatures[0]!
test.each<[string, string, SignedAct]>([
  [
    'changed after it was signed',
    'LEDGER_ACT_SIGNATURE',
    { ...act, statement: act.statement.replace('一', '二') },
  ],
  [
    'signed by somebody who isn’t enrolled',
    'LEDGER_ACT_SIGNER',
    { ...act, signatures: [{ ...one, actor: '00'.repeat(16) }] },
  ],
  [
    'with one person’s signature under another’s name',
    'LEDGER_ACT_SIGNATURE',
    { ...act, signatures: [{ ...one, actor: supervisor.actor }] },
  ],
  ['signed twice by one person', 'LEDGER_ACT_SAME_SIGNER', { ...act, signatures: [one, one] }],
  ['with nobody’s signature', 'LEDGER_ACT_FORMAT', { ...act, signatures: [] }],
  ['that is no act', 'LEDGER_ACT_FORMAT', { ...act, statement: 'null' }],
  ['that is no JSON', 'LEDGER_ACT_FORMAT', { ...act, statement: '{"act":' }],
])('an act %s is refused', (_, code, forged) => {
  expect(codeOf(verifyAct(forged, publicKeyOf))).toBe(code)
  expect(codeOf(requireTwoSigners(forged, publicKeyOf))).toBe(code)
})

test('one signer is not two', () => {
  const alone = { ...act, signatures: [one] }
  expect(verifyAct(alone, publicKeyOf).ok).toBe(true)
  expect(codeOf(requireTwoSigners(alone, publicKeyOf))).toBe('LEDGER_ACT_ONE_SIGNER')
})

test('the signed message has a prefix of its own: a signature over the bare statement is false', () => {
  // What another protocol made this key sign must never count as an act.
  const bare = signedBy({ act: 'x' }, [operator])
  expect(verifyAct({ ...bare, statement: `shidao-act/v1\n${bare.statement}` }, publicKeyOf).ok).toBe(false)
})

function codeOf(result: { ok: boolean; fault?: { code: string } }): string | undefined {
  return result.fault?.code
}
