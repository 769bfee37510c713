import { existsSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { Fault } from '../common/fault.ts'
import { storeFault } from './sqlite.ts'

/** Held for as long as a ledger is open for writing. */
export interface WriterLock {
  release(): void
}

/**
 * Takes the one writer's place in a folder, or throws `LEDGER_LOCKED`; `LEDGER_NOT_FOUND` or `LEDGER_READ_ONLY` if the
 * folder is missing or can't be written.
 * The lock is SQLite's own file lock on an empty database beside the ledger: the system drops it when the process dies,
 * on every platform, and the ledger itself stays open to readers.
 */
export function takeWriterLock(dir: string): WriterLock {
  if (!existsSync(dir)) throw new Fault('LEDGER_NOT_FOUND', `no data folder at ${dir}`)
  let db: Database.Database | null = null
  try {
    db = new Database(join(dir, 'ledger.lock'), { timeout: 0 })
    db.pragma('journal_mode = MEMORY')
    db.exec('BEGIN EXCLUSIVE')
    const held = db
    return { release: () => held.close() }
  } catch (thrown) {
    db?.close()
    throw storeFault(thrown)
  }
}
