import { expect, test } from 'vitest'
import { languages } from '../../src/ui/i18n/languages.ts'
import { recognise } from '../../src/ui/visit/brought.ts'
import { flagsOf, signed } from '../../src/ui/visit/fact-flags.ts'
import { nonceOf } from '../../src/ui/visit/nonce.ts'
import { visitAdvice } from '../../src/ui/visit/visit-advice.ts'
import { scriptedVisit } from '../support/scripted-visit.ts'
import { AUTHORITY_LINE, KEY_FILE, LIST_FILE } from './visit-scenes.ts'

const CHECKPOINT = `shidao.example/a\n880\n${'A'.repeat(43)}=\n\n— shidao ${'B'.repeat(96)}\n`

test.each([
  ['key', KEY_FILE],
  ['list', LIST_FILE],
  ['authority', `${AUTHORITY_LINE}\n`],
  ['checkpoint', CHECKPOINT],
  ['checkpoint', JSON.stringify({ format: 'shidao-visit/v1', checkpoint: CHECKPOINT })],
  ['other', ''],
  ['other', '{'],
  ['other', KEY_FILE.replace('key/v1', 'key/v2')],
  ['other', 'x'.repeat(1_000_001)],
])('a brought file is told by its content: %s', (kind, text) => {
  expect(recognise('file', text).kind).toBe(kind)
})

test.each([
  ['INSPECT_LIST_FORGED', 'list-forged'],
  ['INSPECT_LIST_OLDER', 'list-older'],
  ['INSPECT_INSPECTOR_REVOKED', 'revoked'],
  ['INSPECT_INSPECTOR_OTHER', 'other-inspector'],
  ['INSPECT_K_TOO_LARGE', 'k-too-large'],
  ['INSPECT_CLASS_OF_ONE', 'class-of-one'],
  ['INSPECT_COMMITMENT_LOST', 'commitment-lost'],
  ['INSPECT_NONCE_REUSED', 'nonce-reused'],
  ['INSPECT_NONCE', 'nonce'],
  ['INSPECT_VISIT_TWICE', 'visit-open'],
  ['INSPECT_SOMETHING_NEW', 'refused'],
  ['LEDGER_ACT_SIGNATURE', 'signature'],
  ['CARD_NONE', 'no-card'],
  ['STATION_LOST', 'connection'],
] as const)('%s is told with a next step in every language, and keeps its code', (code, advice) => {
  for (const { texts } of Object.values(languages)) {
    expect(visitAdvice(code, texts)).toEqual({ advice: texts.visit.advice[advice], shownCode: code })
    expect(texts.visit.advice[advice].next).not.toBe('')
  }
})

test('a wrong visit PIN is told as any PIN is', () => {
  const { texts } = languages.en
  expect(visitAdvice('LEDGER_PIN', texts).advice).toBe(texts.advice['pin-wrong'])
  expect(visitAdvice('INSPECT_VISIT_PIN', texts).advice).toBe(texts.advice['pin-wrong'])
  expect(visitAdvice('INSPECT_VISIT_PIN_LOCKED', texts).advice).toBe(texts.advice['pin-locked'])
})

test('only claims that need a look are flagged, the worst first', async () => {
  const answered = await scriptedVisit().answer({ act: 'visit.facts', class: 'YL-2026-03' })
  if (!answered.ok) throw answered.fault
  const { facts } = answered.value as { facts: Parameters<typeof flagsOf>[0] }
  const names = flagsOf(facts).map(({ name }) => name)
  expect(names.slice(0, 2)).toEqual(['jumps', 'cameras'])
  expect(names).not.toContain('noReceipt')
  const none = { openDoubts: 0, manualActs: 0, enrolledOnSite: 0, untrustedTimes: 0, clockJumps: 0 }
  const receipt = { witness: 'w', time: 0, size: 1, behind: 0 }
  const findings = { open: 0, overdue: 0 }
  const clean = { ...facts, ...none, findings, cameraChanges: 0, readerChanges: 0, receipt, simulated: false }
  expect(flagsOf(clean)).toEqual([])
  expect([signed(2), signed(0), signed(-3)]).toEqual(['+2', '0', '-3'])
})

test('a number in hex is taken as it stands, anything else by its SHA-256, so that anybody can follow', async () => {
  expect(await nonceOf(` ${'AB'.repeat(16)} `)).toBe('ab'.repeat(16))
  expect(await nonceOf('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
})
