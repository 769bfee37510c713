import { chmodSync, existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { Fault } from '../common/fault.ts'
import { publishDurably } from './durable-file.ts'
import { LEDGER_FILE } from './ledger-store.ts'
import { type NumberLink, readSealed, type SealedRecord } from './side-records.ts'
import { openForReading, snapshotInto, storeFault } from './sqlite.ts'
import type { LogVerification } from './verification.ts'
import { verifyLog } from './verify.ts'

/*
 * A backup is one file: the ledger's database, which `log verify` reads like any other, with the sealed records of
 * people in two tables of its own. No key is in it, neither the station's nor any person's: a backup can't bring back
 * what was deleted, and can't be used to sign.
 */

export interface BackupAnswer {
  /** Events. */
  readonly size: number
  /** Hex. */
  readonly root: string | null
  /** Sealed records about people. */
  readonly records: number
}

/**
 * Writes a backup of a data folder to a new file; the station may go on recording meanwhile. The file appears only when
 * it is whole, synced and verified. Faults: `LEDGER_NOT_FOUND`, `LEDGER_EXISTS` (the file is there already), the name of
 * what `verifyLog` found in the copy, and those of `storeFault`.
 */
export function backUp(dir: string, file: string): BackupAnswer {
  if (existsSync(file))
    throw new Fault('LEDGER_EXISTS', `${file} is there already; a backup replaces nothing`)
  const draft = `${file}.${process.pid}.part`
  rmSync(draft, { force: true })
  try {
    snapshotInto(join(dir, LEDGER_FILE), draft)
    chmodSync(draft, 0o600)
    // After the ledger: a record is there before the event that commits to it.
    const records = addSealed(draft, readSealed(dir))
    const { size, root } = verifiedOrFault(draft)
    publishDurably(draft, file)
    return { size, root, records }
  } catch (thrown) {
    throw storeFault(thrown)
  } finally {
    rmSync(draft, { force: true })
  }
}

/** What `verifyLog` says of a file that has to be sound; otherwise its finding as a fault. */
export function verifiedOrFault(file: string): LogVerification {
  const answer = verifyLog(file)
  if (answer.problem === null) return answer
  const { code, index, detail } = answer.problem
  throw new Fault(
    `LEDGER_${code.replaceAll('-', '_').toUpperCase()}` as Fault['code'],
    `event ${index ?? '?'}: ${detail}`,
  )
}

/** The sealed records in a backup; none in a plain ledger file. */
export function sealedIn(file: string): { records: SealedRecord[]; numbers: NumberLink[] } {
  const { db, close } = openForReading(file)
  try {
    const tables = db.prepare(`SELECT count(*) FROM sqlite_schema WHERE name IN (?, ?)`).pluck()
    if (tables.get('backup_record', 'backup_number') !== 2) return { records: [], numbers: [] }
    return {
      records: db.prepare<[], SealedRecord>('SELECT person, kind, name, sealed FROM backup_record').all(),
      numbers: db.prepare<[], NumberLink>('SELECT digest, person FROM backup_number').all(),
    }
  } catch (thrown) {
    throw storeFault(thrown)
  } finally {
    close()
  }
}

/** Takes the records out again, so that what is left is a ledger's database. */
export function removeSealed(file: string): void {
  const db = new Database(file)
  try {
    db.pragma('secure_delete = ON')
    db.exec('DROP TABLE IF EXISTS backup_record; DROP TABLE IF EXISTS backup_number')
  } finally {
    db.close()
  }
}

function addSealed(
  file: string,
  {
    records,
    numbers,
  }: { readonly records: readonly SealedRecord[]; readonly numbers: readonly NumberLink[] },
): number {
  const db = new Database(file)
  try {
    db.exec(TABLES)
    const insertRecord = db.prepare('INSERT INTO backup_record VALUES (?, ?, ?, ?)')
    const insertNumber = db.prepare('INSERT INTO backup_number VALUES (?, ?)')
    db.transaction(() => {
      for (const { person, kind, name, sealed } of records) insertRecord.run(person, kind, name, sealed)
      for (const { digest, person } of numbers) insertNumber.run(digest, person)
    })()
    return records.length
  } finally {
    db.close()
  }
}

const TABLES = `
  CREATE TABLE backup_record (person TEXT NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL, sealed BLOB NOT NULL);
  CREATE TABLE backup_number (digest BLOB NOT NULL, person TEXT NOT NULL);
`
