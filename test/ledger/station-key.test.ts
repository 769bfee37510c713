import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { unwrap } from '../../src/common/result.ts'
import { openNote, parseVkey, signNote } from '../../src/ledger/note.ts'
import { createStationKey, loadStationKey } from '../../src/ledger/station-key.ts'
import { temporaryFolder } from './sample-ledger.ts'

let dir: string
let remove: () => void
beforeEach(() => {
  ;({ dir, remove } = temporaryFolder())
})
afterEach(() => remove())

test('a station key is made once and loaded as it was made', () => {
  const made = createStationKey(dir, { simulated: true })
  const loaded = loadStationKey(dir)
  expect(made.origin).toMatch(/^shidao\/station\/[0-9a-f]{16}$/)
  expect({ ...loaded, signer: null }).toEqual({ ...made, signer: null })
  const note = signNote('x\n', [loaded.signer])
  expect(unwrap(openNote(note, [unwrap(parseVkey(made.vkey))])).text).toBe('x\n')
})

test('a station key is never replaced', () => {
  const { vkey } = createStationKey(dir, { simulated: true })
  expect(() => createStationKey(dir, { simulated: false })).toThrow(fault('LEDGER_KEY_EXISTS'))
  expect(loadStationKey(dir).vkey).toBe(vkey)
})

test.skipIf(process.platform === 'win32')('only its owner reads a station key', () => {
  createStationKey(dir, { simulated: false })
  expect(statSync(join(dir, 'station.key')).mode & 0o777).toBe(0o600)
})

test('a missing key and a damaged one have different codes, and neither shows a secret', () => {
  createStationKey(dir, { simulated: false })
  const path = join(dir, 'station.key')
  const text = readFileSync(path, 'utf8')
  const secret = JSON.parse(text).sealingKey as string
  for (const damaged of [
    '',
    text.slice(0, -10),
    text.replace('PRIVATE', 'PUBLIC'),
    text.replace('shidao/station/', 'other/'),
    text.replace(secret, secret.slice(2)),
  ]) {
    writeFileSync(path, damaged)
    const thrown = catchFault(() => loadStationKey(dir))
    expect(thrown.code).toBe('LEDGER_KEY_CORRUPT')
    expect(`${thrown.message}${thrown.cause}${thrown.stack}`).not.toContain(secret.slice(0, 20))
  }
  rmSync(path)
  expect(() => loadStationKey(dir)).toThrow(fault('LEDGER_KEY_MISSING'))
  expect(() => createStationKey(join(dir, 'none'), { simulated: true })).toThrow(fault('LEDGER_NOT_FOUND'))
})

function catchFault(work: () => unknown): Error & { code: string } {
  try {
    work()
  } catch (thrown) {
    return thrown as Error & { code: string }
  }
  throw new Error('nothing was thrown')
}

function fault(code: string) {
  return expect.objectContaining({ code })
}
