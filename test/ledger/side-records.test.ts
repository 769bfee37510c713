import { hash, randomBytes } from 'node:crypto'
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { SideRecords } from '../../src/ledger/side-records.ts'
import { randomId, temporaryFolder } from './sample-ledger.ts'

const keys = { sealingKey: randomBytes(32), lookupKey: randomBytes(32) }
// No citizen's: the area code 000000 is assigned to nobody.
const NUMBER = '000000199001011239'
const NAME = Buffer.from(JSON.stringify({ name: '模拟学员甲', number: NUMBER }))
const portrait = randomBytes(30_000)

let dir: string
let remove: () => void
let side: SideRecords
beforeEach(() => {
  ;({ dir, remove } = temporaryFolder())
  side = SideRecords.open(dir, keys)
})
afterEach(() => {
  side.close()
  remove()
})

test('what one process writes another can read at the same time, and not change', () => {
  const person = randomId()
  side.put(person, 'identity', 'person', NAME)
  side.linkNumber(person, NUMBER)
  const reading = SideRecords.openForReading(dir, keys)
  expect(reading.get(person, 'identity', 'person')).toEqual(new Uint8Array(NAME))
  expect(reading.personByNumber(NUMBER)).toBe(person)
  expect(() => reading.put(person, 'identity', 'other', NAME)).toThrow(
    expect.objectContaining({ code: 'LEDGER_READ_ONLY' }),
  )
  reading.close()
  side.put(person, 'identity', 'later', NAME)
  expect(side.list(person)).toHaveLength(2)
})

test('a record is given back as it was put, after opening again too', () => {
  const person = randomId()
  side.put(person, 'identity', 'person', NAME)
  side.put(person, 'biometric', 'portrait', portrait)
  side.put(person, 'identity', 'empty', new Uint8Array(0))
  side.close()
  side = SideRecords.open(dir, keys)
  expect(side.get(person, 'identity', 'person')).toEqual(new Uint8Array(NAME))
  expect(side.get(person, 'biometric', 'portrait')).toEqual(new Uint8Array(portrait))
  expect(side.get(person, 'identity', 'empty')).toEqual(new Uint8Array(0))
  expect(side.list(person)).toEqual([
    { kind: 'biometric', name: 'portrait' },
    { kind: 'identity', name: 'empty' },
    { kind: 'identity', name: 'person' },
  ])
  expect(side.get(person, 'identity', 'portrait')).toBeNull()
  expect(side.get(randomId(), 'identity', 'person')).toBeNull()
})

test('a number finds its person and stands nowhere in the files', () => {
  const person = randomId()
  side.linkNumber(person, NUMBER)
  side.put(person, 'identity', 'person', NAME)
  expect(side.personByNumber(NUMBER)).toBe(person)
  expect(side.personByNumber('000000199001011230')).toBeNull()
  expect(filesContain(NUMBER)).toBe(false)
  expect(filesContain('模拟学员甲')).toBe(false)
})

test('a commitment is the salted hash of the record, and two records with the same bytes differ', () => {
  const [a, b] = [randomId(), randomId()]
  for (const person of [a, b]) side.put(person, 'identity', 'person', NAME)
  expect(side.commitment(a, 'identity', 'person')).toBe(side.commitment(a, 'identity', 'person'))
  expect(side.commitment(a, 'identity', 'person')).not.toBe(side.commitment(b, 'identity', 'person'))
  expect(side.commitment(a, 'identity', 'person')).not.toBe(hash('sha256', NAME))
  expect(() => side.commitment(a, 'identity', 'none')).toThrow(fault('LEDGER_SIDE_MISSING'))
})

test('withdrawing the face destroys the biometric key and leaves name and number', () => {
  const person = randomId()
  side.linkNumber(person, NUMBER)
  side.put(person, 'identity', 'person', NAME)
  side.put(person, 'biometric', 'portrait', portrait)
  side.destroy(person, 'biometric')
  expect(side.get(person, 'biometric', 'portrait')).toBeNull()
  expect(side.get(person, 'identity', 'person')).toEqual(new Uint8Array(NAME))
  expect(side.personByNumber(NUMBER)).toBe(person)
})

test('after the identity is destroyed neither key, record nor number is anywhere in the files', () => {
  const [person, neighbour] = [randomId(), randomId()]
  side.put(neighbour, 'identity', 'person', NAME)
  side.linkNumber(person, NUMBER)
  side.put(person, 'identity', 'person', NAME)
  const traces = rawBytes(person)
  expect(traces).toHaveLength(3)
  for (const trace of traces) expect(filesContain(trace)).toBe(true)
  side.destroy(person, 'identity')
  expect(side.get(person, 'identity', 'person')).toBeNull()
  expect(side.personByNumber(NUMBER)).toBeNull()
  expect(side.list(person)).toEqual([])
  for (const trace of traces) expect(filesContain(trace)).toBe(false)
  expect(filesContain(person)).toBe(false)
  expect(side.get(neighbour, 'identity', 'person')).toEqual(new Uint8Array(NAME))
})

test('a record that comes back from a backup without its key stays closed', () => {
  const person = randomId()
  side.put(person, 'identity', 'person', NAME)
  const backup = readFileSync(join(dir, 'side.db-wal'))
  expect(backup.length).toBeGreaterThan(0)
  const [sealed] = rawBytes(person)
  side.destroy(person, 'identity')
  const db = new Database(join(dir, 'side.db'))
  db.prepare('INSERT INTO record (person, kind, name, sealed) VALUES (?, ?, ?, ?)').run(
    person,
    'identity',
    'person',
    sealed,
  )
  db.close()
  expect(side.get(person, 'identity', 'person')).toBeNull()
  // A new key of the same person doesn't open what the old one sealed.
  side.put(person, 'identity', 'other', NAME)
  expect(() => side.get(person, 'identity', 'person')).toThrow(fault('LEDGER_SEAL'))
})

test('a record moved to another person, kind or name does not open', () => {
  const [a, b] = [randomId(), randomId()]
  for (const person of [a, b]) side.put(person, 'identity', 'person', NAME)
  const db = new Database(join(dir, 'side.db'))
  db.prepare('UPDATE record SET sealed = (SELECT sealed FROM record WHERE person = ?) WHERE person = ?').run(
    a,
    b,
  )
  db.prepare(`UPDATE record SET name = 'renamed' WHERE person = ?`).run(a)
  db.close()
  expect(() => side.get(b, 'identity', 'person')).toThrow(fault('LEDGER_SEAL'))
  expect(() => side.get(a, 'identity', 'renamed')).toThrow(fault('LEDGER_SEAL'))
})

test('another station’s key opens nothing', () => {
  const person = randomId()
  side.put(person, 'identity', 'person', NAME)
  side.linkNumber(person, NUMBER)
  side.close()
  side = SideRecords.open(dir, { sealingKey: randomBytes(32), lookupKey: randomBytes(32) })
  expect(() => side.get(person, 'identity', 'person')).toThrow(fault('LEDGER_SEAL'))
  expect(side.personByNumber(NUMBER)).toBeNull()
})

test('a folder that isn’t there is a fault with a code', () => {
  const gone = temporaryFolder()
  gone.remove()
  expect(() => SideRecords.open(gone.dir, keys)).toThrow(fault('LEDGER_NOT_FOUND'))
  rmSync(gone.dir, { recursive: true, force: true })
})

/** The bytes that a person has in the tables: sealed record, wrapped key, digest of the number if linked. */
function rawBytes(person: string): Buffer[] {
  const rows: Buffer[] = []
  for (const [file, sql] of [
    ['side.db', 'SELECT sealed FROM record WHERE person = ?'],
    ['keys.db', 'SELECT wrapped FROM person_key WHERE person = ?'],
    ['side.db', 'SELECT digest FROM number WHERE person = ?'],
  ] as const) {
    const db = new Database(join(dir, file), { readonly: true })
    rows.push(...(db.prepare(sql).pluck().all(person) as Buffer[]))
    db.close()
  }
  return rows
}

function filesContain(bytes: string | Buffer): boolean {
  return readdirSync(dir).some((file) => readFileSync(join(dir, file)).includes(bytes))
}

function fault(code: string) {
  return expect.objectContaining({ code })
}

test('the pictures of one person have a quota, and replacing one counts once', () => {
  const person = randomId()
  const large = new Uint8Array(5 * 1024 * 1024)
  side.put(person, 'biometric', 'portrait', large)
  side.put(person, 'biometric', 'portrait', large)
  expect(() => side.put(person, 'biometric', 'another', large)).toThrow(
    expect.objectContaining({ code: 'LEDGER_QUOTA' }),
  )
  expect(side.get(person, 'biometric', 'another')).toBeNull()
  side.put(randomId(), 'biometric', 'portrait', large)
})
