import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { backUp } from '../../src/ledger/backup.ts'
import type { EventTime } from '../../src/ledger/event.ts'
import { Ledger } from '../../src/ledger/ledger.ts'
import { restore } from '../../src/ledger/restore.ts'
import { SideRecords } from '../../src/ledger/side-records.ts'
import { createStationKey, type StationKey } from '../../src/ledger/station-key.ts'
import { verifyLog } from '../../src/ledger/verify.ts'
import { closing, newLedger, randomId, temporaryFolder } from './sample-ledger.ts'

const [KEPT, DELETED] = [randomId(), randomId()]
const NUMBERS = { [KEPT]: '110101199003070011', [DELETED]: '110101199003070038' }

let dir: string
let other: string
let file: string
let remove: () => void
let key: StationKey
let now: () => EventTime
let ledger: Ledger
let side: SideRecords
beforeEach(() => {
  const place = temporaryFolder()
  remove = place.remove
  ;[dir, other, file] = ['station', 'other', 'backup'].map((name) => join(place.dir, name)) as [
    string,
    string,
    string,
  ]
  mkdirSync(dir)
  ;({ ledger, key, now } = newLedger(dir))
  side = SideRecords.open(dir, key)
  for (const person of [KEPT, DELETED]) {
    side.put(person, 'identity', 'card', Buffer.from(`模拟 ${person}`))
    side.put(person, 'biometric', 'portrait', Buffer.from(`face of ${person}`))
    side.linkNumber(person, NUMBERS[person]!)
  }
  for (let i = 1; i < 80; i++) ledger.append(closing(`session-${i}`))
})
afterEach(() => {
  side.close()
  ledger.close()
  remove()
})

describe('a backup', () => {
  test('is taken while the station records, in one file that verifies by itself', () => {
    expect(backUp(dir, file)).toEqual({ size: 80, root: hexRoot(), records: 4 })
    ledger.append(closing('later'))
    expect(verifyLog(file, { key: key.vkey })).toMatchObject({ ok: true, size: 80, trust: 'key' })
    expect(verifyLog(dir)).toMatchObject({ ok: true, size: 81 })
    expect(readdirSync(join(file, '..')).sort()).toEqual(['backup', 'station'])
  })

  test('holds no key: not the station’s, not a person’s, and no name or number in the clear', () => {
    backUp(dir, file)
    const bytes = readFileSync(file)
    const keyring = new Database(join(dir, 'keys.db'), { readonly: true })
    const wrapped = keyring.prepare<[], Buffer>('SELECT wrapped FROM person_key').pluck().all()
    keyring.close()
    expect(wrapped).toHaveLength(4)
    const { privateKey, sealingKey } = JSON.parse(readFileSync(join(dir, 'station.key'), 'utf8'))
    for (const secret of [
      ...wrapped,
      privateKey,
      sealingKey,
      Buffer.from(sealingKey, 'hex'),
      '模拟 ',
      NUMBERS[KEPT]!,
    ]) {
      expect(bytes.includes(secret)).toBe(false)
    }
  })

  test('replaces no file, and of a damaged ledger none is made', () => {
    writeFileSync(file, 'something')
    expect(() => backUp(dir, file)).toThrow(fault('LEDGER_EXISTS'))
    ledger.close()
    const db = new Database(join(dir, 'ledger.db'))
    db.exec(`DROP TRIGGER event_no_update; UPDATE event SET body = x'00' WHERE idx = 5`)
    db.close()
    const another = `${file}-2`
    expect(() => backUp(dir, another)).toThrow(fault('LEDGER_ALTERED', 'event 5'))
    expect(existsSync(another)).toBe(false)
  })
})

describe('restoring', () => {
  test('brings the ledger back beside the keys that are left, and the station goes on', () => {
    backUp(dir, file)
    const root = hexRoot()
    lose('ledger.db', 'side.db')
    const answer = restore(file, dir)
    expect(answer).toEqual({ size: 80, root, records: 4, recordsInBackup: 4, key: true, newerSize: null })
    open()
    expect(Buffer.from(side.get(KEPT, 'identity', 'card')!).toString()).toBe(`模拟 ${KEPT}`)
    expect(side.personByNumber(NUMBERS[KEPT]!)).toBe(KEPT)
    expect(ledger.append(closing('next')).index).toBe(80)
    expect(verifyLog(dir).ok).toBe(true)
  })

  test('never brings back a person who was deleted after the backup', () => {
    backUp(dir, file)
    side.destroy(DELETED, 'identity')
    side.destroy(DELETED, 'biometric')
    lose('ledger.db', 'side.db')
    expect(restore(file, dir)).toMatchObject({ records: 2, recordsInBackup: 4 })
    open()
    expect(side.list(DELETED)).toEqual([])
    expect(side.get(DELETED, 'identity', 'card')).toBeNull()
    expect(side.personByNumber(NUMBERS[DELETED]!)).toBeNull()
    expect(side.get(KEPT, 'biometric', 'portrait')).not.toBeNull()
  })

  test('in a folder without keys gives a ledger that can be verified and not continued', () => {
    backUp(dir, file)
    expect(restore(file, other)).toMatchObject({ size: 80, records: 0, key: false })
    expect(readdirSync(other).sort()).toEqual(['ledger.db', 'ledger.lock'])
    expect(verifyLog(other, { key: key.vkey })).toMatchObject({ ok: true, size: 80 })
  })

  test('an older copy is seen at once by a station that had signed more', () => {
    backUp(dir, file)
    ledger.append(closing('after the backup'))
    lose('ledger.db', 'side.db')
    expect(restore(file, dir)).toMatchObject({ size: 80, newerSize: 81 })
    expect(() => Ledger.open({ dir, signer: key.signer, now })).toThrow(fault('LEDGER_ROLLED_BACK', '81'))
    expect(verifyLog(dir).problem).toMatchObject({ code: 'rolled-back', index: 80 })
  })

  test('refuses a changed backup, another station’s folder and a folder with a ledger', () => {
    backUp(dir, file)
    expect(() => restore(file, dir), 'the station is running').toThrow(fault('LEDGER_LOCKED'))
    ledger.close()
    expect(() => restore(file, dir)).toThrow(fault('LEDGER_EXISTS'))
    mkdirSync(other)
    createStationKey(other, { simulated: true })
    expect(() => restore(file, other)).toThrow(fault('LEDGER_WRONG_KEY'))
    const changed = `${file}-changed`
    cpSync(file, changed)
    const db = new Database(changed)
    db.exec(`DROP TRIGGER event_no_update; UPDATE event SET body = x'00' WHERE idx = 7`)
    db.close()
    const empty = `${other}-2`
    expect(() => restore(changed, empty)).toThrow(fault('LEDGER_ALTERED', 'event 7'))
    expect(existsSync(empty)).toBe(false)
  })
})

test('log backup and log restore print one JSON document each', () => {
  const project = new URL('../../', import.meta.url).pathname
  const shidao = (...words: string[]) => {
    const { status, stdout } = spawnSync(process.execPath, ['src/cli/shidao.js', 'log', ...words, '--json'], {
      cwd: project,
      encoding: 'utf8',
    })
    return [status, stdout === '' ? null : JSON.parse(stdout)]
  }
  expect(shidao('backup', '--data', dir, '--out', file)).toEqual([
    0,
    { size: 80, root: hexRoot(), records: 4, file },
  ])
  expect(shidao('restore', file, '--data', other)).toEqual([
    0,
    {
      size: 80,
      root: hexRoot(),
      records: 0,
      recordsInBackup: 4,
      key: false,
      newerSize: null,
      data: other,
    },
  ])
  expect(shidao('restore', file)).toEqual([2, null])
})

function hexRoot(): string {
  return Buffer.from(ledger.root).toString('hex')
}

/** What a broken disk took; the keys are left. */
function lose(...files: string[]): void {
  side.close()
  ledger.close()
  for (const name of files) renameSync(join(dir, name), join(dir, `lost-${name}`))
}

function open(): void {
  ledger = Ledger.open({ dir, signer: key.signer, now })
  side = SideRecords.open(dir, key)
}

function fault(code: string, message = '') {
  return expect.objectContaining({ code, message: expect.stringContaining(message) })
}
