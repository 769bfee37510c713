import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type FileKind, openForReading, openForWriting, storeFault } from '../../src/ledger/sqlite.ts'
import { temporaryFolder } from './sample-ledger.ts'

const kind: FileKind = {
  applicationId: 1,
  migrations: [
    'CREATE TABLE opening (id INTEGER PRIMARY KEY, count INTEGER NOT NULL); CREATE TABLE thing (x)',
    'ALTER TABLE thing ADD COLUMN y',
  ],
}

let dir: string
let remove: () => void
let path: string
beforeEach(() => {
  ;({ dir, remove } = temporaryFolder())
  path = join(dir, 'a.db')
})
afterEach(() => remove())

test('a store syncs every commit, at the first opening and at each later one', () => {
  for (let opening = 1; opening <= 2; opening++) {
    const db = openForWriting(path, kind)
    db.prepare('INSERT INTO thing (x) VALUES (1)').run()
    expect(db.pragma('synchronous', { simple: true })).toBe(2)
    expect(db.pragma('journal_mode', { simple: true })).toBe('wal')
    db.close()
  }
  // What the library does by itself on the same file, and why the ledger sets and checks its own.
  const byDefault = new Database(path)
  byDefault.prepare('INSERT INTO thing (x) VALUES (1)').run()
  expect(byDefault.pragma('synchronous', { simple: true })).toBe(1)
  byDefault.close()
})

test('an older file is migrated and keeps its rows', () => {
  const old = openForWriting(path, { ...kind, migrations: kind.migrations.slice(0, 1) })
  old.prepare('INSERT INTO thing (x) VALUES (7)').run()
  old.close()
  const db = openForWriting(path, kind)
  expect(db.prepare('SELECT x, y FROM thing').all()).toEqual([{ x: 7, y: null }])
  db.close()
})

test('a migration that fails leaves the file as it was', () => {
  openForWriting(path, kind).close()
  const broken = { ...kind, migrations: [...kind.migrations, 'CREATE TABLE later (x); nonsense'] }
  expect(() => openForWriting(path, broken)).toThrow()
  const db = openForWriting(path, kind)
  expect(db.pragma('user_version', { simple: true })).toBe(2)
  expect(db.prepare(`SELECT count(*) FROM sqlite_schema WHERE name = 'later'`).pluck().get()).toBe(0)
  db.close()
})

test('reading changes no file and leaves none behind, and nothing can be written through it', () => {
  openForWriting(path, kind).close()
  const { db, close } = openForReading(path)
  expect(() => db.prepare('DELETE FROM opening').run()).toThrow(
    /readonly|read-only|readonly database|attempt to write/,
  )
  expect(db.prepare('SELECT count FROM opening').pluck().get()).toBe(1)
  close()
  expect(readdirSync(dir)).toEqual(['a.db'])
})

test('reading sees what a writer has committed and not yet moved out of its log', () => {
  const writer = openForWriting(path, kind)
  writer.prepare('INSERT INTO thing (x) VALUES (7)').run()
  const { db, close } = openForReading(path)
  expect(db.prepare('SELECT x FROM thing').pluck().get()).toBe(7)
  close()
  writer.close()
})

test('a full store is a fault with its own code, and the next smaller write goes through', () => {
  const db = openForWriting(path, kind)
  const pages = db.pragma('page_count', { simple: true }) as number
  db.pragma(`max_page_count = ${pages + 1}`)
  const insert = db.prepare('INSERT INTO thing (x) VALUES (?)')
  expect(codeOf(() => insert.run(Buffer.alloc(100_000)))).toBe('LEDGER_DISK_FULL')
  insert.run(Buffer.alloc(100))
  db.close()
})

test.each([
  ['SQLITE_BUSY', 'LEDGER_LOCKED'],
  ['SQLITE_FULL', 'LEDGER_DISK_FULL'],
  ['ENOSPC', 'LEDGER_DISK_FULL'],
  ['SQLITE_READONLY_DBMOVED', 'LEDGER_READ_ONLY'],
  ['SQLITE_CANTOPEN', 'LEDGER_READ_ONLY'],
  ['EROFS', 'LEDGER_READ_ONLY'],
  ['SQLITE_CORRUPT_VTAB', 'LEDGER_CORRUPT'],
  ['SQLITE_NOTADB', 'LEDGER_CORRUPT'],
  ['SQLITE_IOERR_FSYNC', 'LEDGER_DISK'],
])('%s of the system is %s to a station', (system, code) => {
  expect(storeFault(Object.assign(new Error('x'), { code: system })).code).toBe(code)
})

function codeOf(work: () => unknown): string {
  try {
    work()
    return 'nothing'
  } catch (thrown) {
    return storeFault(thrown).code
  }
}
