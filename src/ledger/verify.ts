import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { asFault, Fault } from '../common/fault.ts'
import { unwrap } from '../common/result.ts'
import { Evidence } from './evidence.ts'
import { examine } from './examination.ts'
import { readHeadMark } from './head-mark.ts'
import { LEDGER_FILE } from './ledger-store.ts'
import { parseVkey } from './note.ts'
import { openForReading, type ReadingConnection } from './sqlite.ts'
import { TimeBounds } from './time-bounds.ts'
import type { LogVerification, OutsideKnowledge, VerifyOptions } from './verification.ts'

export type { LogProblem, LogVerification, ProblemCode, VerifyOptions } from './verification.ts'

/**
 * Verifies a ledger: every body is re-hashed and decoded, every root that was ever signed and kept is computed again.
 * `path` is a data folder or a ledger database; nothing beside it is written. Never throws on what a file contains.
 * Throws `LEDGER_NOT_FOUND` if there is no ledger at the path, `LEDGER_VKEY` for an option that is no verifier key,
 * and the faults of the file system.
 */
export function verifyLog(path: string, options: VerifyOptions = {}): LogVerification {
  const outside: OutsideKnowledge = {
    key: options.key === undefined ? null : unwrap(parseVkey(options.key)),
    witness: options.witness === undefined ? null : unwrap(parseVkey(options.witness)),
    policy: options.policy ?? null,
    checkpoints: options.checkpoints ?? [],
    event: options.event ?? null,
  }
  const file = ledgerFileAt(path)
  return verifyFile(file, outside, file === path ? null : path)
}

/** The ledger database of a data folder, or the path itself if it is a database. `LEDGER_NOT_FOUND` otherwise. */
export function ledgerFileAt(path: string): string {
  const file = existsSync(path) && statSync(path).isDirectory() ? join(path, LEDGER_FILE) : path
  const isLedger =
    existsSync(file) && statSync(file).isFile() && (file.endsWith('.db') || hasDatabaseHeader(file))
  if (!isLedger) throw new Fault('LEDGER_NOT_FOUND', `there is no ledger at ${path}`)
  return file
}

function verifyFile(file: string, outside: OutsideKnowledge, dir: string | null): LogVerification {
  let reading: ReadingConnection | null = null
  try {
    // Before the database: a station that records meanwhile must not look as if it had lost something.
    const mark = basename(file) === LEDGER_FILE ? readHeadMark(dirname(file)) : null
    reading = openForReading(file)
    return examine(new Evidence(reading.db), outside, { dir, mark })
  } catch (thrown) {
    if (!isDamage(thrown)) throw asFault(thrown)
    return unreadable(outside)
  } finally {
    reading?.close()
  }
}

/** Damage of the file itself: below the tables, or to their definitions. */
function isDamage(thrown: unknown): boolean {
  if (thrown instanceof Fault) return thrown.code === 'LEDGER_CORRUPT'
  return /^SQLITE_(CORRUPT|NOTADB|ERROR|FORMAT)/.test(String((thrown as { code?: unknown } | null)?.code))
}

function unreadable(outside: OutsideKnowledge): LogVerification {
  return {
    ok: false,
    size: 0,
    root: null,
    suite: 'std',
    trust: outside.key === null ? 'self' : 'key',
    problem: { code: 'altered', index: null, detail: 'the file cannot be read as a database' },
    bounds: new TimeBounds().bounds(outside.event),
    deleted: 0,
  }
}

function hasDatabaseHeader(file: string): boolean {
  const handle = openSync(file, 'r')
  try {
    const header = Buffer.alloc(16)
    readSync(handle, header, 0, 16, 0)
    return header.toString('latin1') === 'SQLite format 3\0'
  } finally {
    closeSync(handle)
  }
}
