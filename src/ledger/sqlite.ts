import { chmodSync, copyFileSync, existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import Database from 'better-sqlite3'
import { asFault, Fault } from '../common/fault.ts'

/* How this folder opens SQLite files, and what SQLite's error codes mean to a station. */

export type Connection = Database.Database
export type Statement<Bound extends unknown[], Row> = Database.Statement<Bound, Row>

/** One kind of file: its mark in the header and, in order, the SQL that takes it from each version to the next. */
export interface FileKind {
  /** `PRAGMA application_id`. */
  readonly applicationId: number
  readonly migrations: readonly string[]
}

/** Versions of a file's tables, from 1 on. */
export interface Migration {
  readonly from: number
  readonly to: number
}

/**
 * Opens a file for writing, creates or migrates its tables, and proves that a commit is durable.
 * better-sqlite3 is compiled so that a WAL database falls back to `synchronous=NORMAL` at the first page access, which
 * loses acknowledged commits at a power cut: FULL is set on every open, then a row is written, then the pragma is read.
 * Faults: `LEDGER_NOT_DURABLE`, `LEDGER_VERSION`, and those of `storeFault`.
 */
export function openForWriting(
  path: string,
  kind: FileKind,
  onMigrated: (change: Migration) => void = () => {},
): Connection {
  const db = connect(path, { timeout: 2_000 })
  try {
    db.pragma('trusted_schema = OFF')
    db.pragma('cell_size_check = ON')
    // A deleted key or name must not survive in a free page.
    db.pragma('secure_delete = ON')
    db.pragma('journal_mode = WAL')
    db.pragma('synchronous = FULL')
    // Without these two, macOS leaves the data in the drive's cache.
    db.pragma('fullfsync = ON')
    db.pragma('checkpoint_fullfsync = ON')
    const migration = migrate(db, kind)
    if (migration !== null) onMigrated(migration)
    assertDurable(db)
    return db
  } catch (thrown) {
    db.close()
    throw storeFault(thrown)
  }
}

export interface ReadingConnection {
  readonly db: Connection
  close(): void
}

/**
 * Opens a file for reading and leaves nothing beside it. A file that was closed in order is opened in place: SQLite
 * then clears its shared memory away itself. One with a write-ahead log (in use, or after a crash) is read with it and
 * not touched. On read-only media, where SQLite has no place for its shared memory, a temporary copy is read.
 * All that is read is of one moment: what a writer commits meanwhile isn't seen.
 * Throws the faults of `storeFault`.
 */
export function openForReading(path: string): ReadingConnection {
  if (!existsSync(path)) throw new Fault('LEDGER_NOT_FOUND', `there is no ${basename(path)}`)
  try {
    // A read-only connection would leave its -shm and -wal behind.
    const db = openQueryOnly(path, { readonly: hasBytes(`${path}-wal`), fileMustExist: true })
    return { db, close: () => db.close() }
  } catch (thrown) {
    if (!/^SQLITE_(CANTOPEN|READONLY)/.test(sqliteCode(thrown))) throw storeFault(thrown)
    return openCopy(path)
  }
}

/**
 * Copies a database as it is at one moment, also while another process writes, into a new file without free pages, so
 * that nothing deleted comes along. The copy is a plain database without a write-ahead log, not yet synced.
 * Throws the faults of `storeFault`.
 */
export function snapshotInto(path: string, copy: string): void {
  if (!existsSync(path)) throw new Fault('LEDGER_NOT_FOUND', `there is no ${basename(path)}`)
  let db: Connection | null = null
  try {
    db = new Database(path, { readonly: hasBytes(`${path}-wal`), fileMustExist: true })
    db.pragma('trusted_schema = OFF')
    db.prepare('VACUUM INTO ?').run(copy)
  } catch (thrown) {
    throw storeFault(thrown)
  } finally {
    db?.close()
  }
}

/** What an error of SQLite or the file system means; any other thrown value keeps its own code. */
export function storeFault(thrown: unknown): Fault {
  if (thrown instanceof Fault) return thrown
  const code = sqliteCode(thrown)
  const options = { cause: thrown }
  if (/^SQLITE_(BUSY|LOCKED)/.test(code)) {
    return new Fault('LEDGER_LOCKED', 'another process has the store open; close it and try again', options)
  }
  if (/^SQLITE_FULL|^ENOSPC|^EDQUOT/.test(code)) {
    return new Fault('LEDGER_DISK_FULL', 'the disk is full; nothing was recorded; free some space', options)
  }
  if (/^SQLITE_(READONLY|CANTOPEN|PERM)|^E(ROFS|ACCES|PERM)$/.test(code)) {
    return new Fault('LEDGER_READ_ONLY', 'the data folder cannot be written; nothing was recorded', options)
  }
  if (/^SQLITE_(CORRUPT|NOTADB)/.test(code)) {
    return new Fault(
      'LEDGER_CORRUPT',
      'the store is damaged; keep it as it is and run "shidao log verify"',
      options,
    )
  }
  if (/^SQLITE_IOERR|^EIO$/.test(code)) {
    return new Fault('LEDGER_DISK', `the disk reports an error (${code}); nothing more is recorded`, options)
  }
  return asFault(thrown)
}

function connect(path: string, options: Database.Options): Connection {
  try {
    return new Database(path, options)
  } catch (thrown) {
    // better-sqlite3 itself refuses a path in a folder that isn't there, with a TypeError.
    if (thrown instanceof TypeError) throw new Fault('LEDGER_NOT_FOUND', 'the data folder does not exist')
    throw storeFault(thrown)
  }
}

/** What was migrated; null where nothing was, or the file is new. */
function migrate(db: Connection, kind: FileKind): Migration | null {
  const version = db.pragma('user_version', { simple: true }) as number
  const mark = db.pragma('application_id', { simple: true }) as number
  const tables = db.prepare('SELECT count(*) FROM sqlite_schema').pluck().get() as number
  if (mark !== kind.applicationId && tables > 0) {
    throw new Fault('LEDGER_CORRUPT', 'the file is a database of something else')
  }
  if (version > kind.migrations.length) {
    throw new Fault('LEDGER_VERSION', 'the store was written by a newer version of this program')
  }
  if (version === kind.migrations.length) return null
  db.transaction(() => {
    for (const sql of kind.migrations.slice(version)) db.exec(sql)
    db.pragma(`application_id = ${kind.applicationId}`)
    db.pragma(`user_version = ${kind.migrations.length}`)
  }).immediate()
  return version === 0 ? null : { from: version, to: kind.migrations.length }
}

function assertDurable(db: Connection): void {
  db.prepare(
    'INSERT INTO opening (id, count) VALUES (1, 1) ON CONFLICT (id) DO UPDATE SET count = count + 1',
  ).run()
  const FULL = 2
  if (
    db.pragma('synchronous', { simple: true }) === FULL &&
    db.pragma('journal_mode', { simple: true }) === 'wal'
  ) {
    return
  }
  throw new Fault(
    'LEDGER_NOT_DURABLE',
    'the store does not keep commits through a power cut; nothing is recorded',
  )
}

function openQueryOnly(path: string, options: Database.Options): Connection {
  const db = new Database(path, options)
  try {
    db.pragma('trusted_schema = OFF')
    db.pragma('query_only = ON')
    db.exec('BEGIN')
    db.prepare('SELECT count(*) FROM sqlite_schema').get()
    return db
  } catch (thrown) {
    db.close()
    throw thrown
  }
}

function openCopy(path: string): ReadingConnection {
  const folder = mkdtempSync(join(tmpdir(), 'shidao-read-'))
  const remove = () => rmSync(folder, { recursive: true, force: true })
  try {
    const copy = join(folder, basename(path))
    copyFileSync(path, copy)
    if (hasBytes(`${path}-wal`)) copyFileSync(`${path}-wal`, `${copy}-wal`)
    // A copy of a read-only file is one too.
    for (const file of readdirSync(folder)) chmodSync(join(folder, file), 0o600)
    const db = openQueryOnly(copy, {})
    return {
      db,
      close: () => {
        db.close()
        remove()
      },
    }
  } catch (thrown) {
    remove()
    throw storeFault(thrown)
  }
}

function hasBytes(path: string): boolean {
  return existsSync(path) && statSync(path).size > 0
}

function sqliteCode(thrown: unknown): string {
  const code = (thrown as { code?: unknown } | null)?.code
  return typeof code === 'string' ? code : ''
}
