import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { clauseOf, parseRulePack, type Rules } from '../../src/attendance/rule-pack.ts'
import { defaultPack, findPack } from '../../src/attendance/shipped-packs.ts'
import { packWith } from './class-story.ts'

interface RawPack {
  rules: Record<string, { document: string | null }>
}

function parseChanged(change: (file: RawPack) => void) {
  const file = JSON.parse(new TextDecoder().decode(defaultPack().bytes))
  change(file)
  return parseRulePack(new TextEncoder().encode(JSON.stringify(file)))
}

test('a pack is known by the sha256 of its exact bytes', () => {
  const pack = defaultPack()
  expect(pack.sha256).toBe(createHash('sha256').update(pack.bytes).digest('hex'))
})

test('every value of the shipped pack names a document or says that it is an own choice', () => {
  const pack = defaultPack()
  for (const [name, { kind, document }] of Object.entries(pack.rules)) {
    expect(document === null, name).toBe(kind === 'own-choice')
    expect(clauseOf(pack, name as keyof Rules)).toContain(document ?? 'own choice of cn-default-2')
  }
})

test('a convention without a document is refused', () => {
  const parsed = parseChanged((file) => {
    file.rules.lessonMinutes!.document = null
  })
  expect(parsed).toMatchObject({ ok: false, fault: { code: 'PACK_INVALID' } })
})

test('a rule that the engine does not know is refused, not passed over', () => {
  const parsed = parseChanged((file) => {
    file.rules.maximumLessonsPerDay = file.rules.lessonMinutes!
  })
  expect(parsed).toMatchObject({ ok: false, fault: { code: 'PACK_INVALID' } })
})

test.each([
  ['not JSON', '{'],
  ['not UTF-8', Uint8Array.of(0xff)],
  ['another format', '{"format":"x"}'],
])('%s is no pack', (_name, content) => {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content
  expect(parseRulePack(bytes)).toMatchObject({ ok: false, fault: { code: 'PACK_INVALID' } })
})

test('a class’s pack is found by its bytes in a folder, among files that are no packs', () => {
  const folder = mkdtempSync(join(tmpdir(), 'shidao-packs-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const own = packWith({ lessonMinutes: 50 })
  writeFileSync(join(folder, 'notes.json'), 'not a pack')
  writeFileSync(join(folder, 'own.json'), own.bytes)
  expect(findPack(own.sha256, [folder])).toMatchObject({ ok: true, value: { sha256: own.sha256 } })
  expect(findPack(own.sha256, [])).toMatchObject({ ok: false, fault: { code: 'PACK_NOT_FOUND' } })
})
