import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { KEYS_FILE, RECORDS_FILE, type RecordKind, recordsFile } from './side-files.ts'
import { openForReading, openForWriting, storeFault } from './sqlite.ts'

/* Sealed records on their way into a backup and out of it; their keys never go along. */

/** A sealed record as it lies in `side.db`. */
export interface SealedRecord {
  readonly person: string
  readonly kind: RecordKind
  readonly name: string
  readonly sealed: Uint8Array
}

/** A link from a number's HMAC to a person. */
export interface NumberLink {
  readonly digest: Uint8Array
  readonly person: string
}

/** The sealed content of a folder's `side.db`, of one moment; nothing without the file. Throws the faults of `storeFault`. */
export function readSealed(dir: string): { records: SealedRecord[]; numbers: NumberLink[] } {
  if (!existsSync(join(dir, RECORDS_FILE))) return { records: [], numbers: [] }
  const { db, close } = openForReading(join(dir, RECORDS_FILE))
  try {
    return {
      records: db.prepare<[], SealedRecord>('SELECT person, kind, name, sealed FROM record').all(),
      numbers: db.prepare<[], NumberLink>('SELECT digest, person FROM number').all(),
    }
  } catch (thrown) {
    throw storeFault(thrown)
  } finally {
    close()
  }
}

/**
 * Makes a folder's `side.db` from sealed content, if it has none. Only what a key in the folder's `keys.db` can still
 * open comes back: a person whose key was destroyed stays deleted. Gives the number of records that were written.
 */
export function restoreSealed(
  dir: string,
  {
    records,
    numbers,
  }: { readonly records: readonly SealedRecord[]; readonly numbers: readonly NumberLink[] },
): number {
  if (existsSync(join(dir, RECORDS_FILE)) || !existsSync(join(dir, KEYS_FILE))) return 0
  const keys = peopleWithKeys(dir)
  const db = openForWriting(join(dir, RECORDS_FILE), recordsFile)
  try {
    const insertRecord = db.prepare('INSERT INTO record (person, kind, name, sealed) VALUES (?, ?, ?, ?)')
    const insertNumber = db.prepare('INSERT INTO number (digest, person) VALUES (?, ?)')
    const readable = records.filter(({ person, kind }) => keys.has(`${kind} ${person}`))
    db.transaction(() => {
      for (const { person, kind, name, sealed } of readable) insertRecord.run(person, kind, name, sealed)
      for (const { digest, person } of numbers) {
        if (keys.has(`identity ${person}`)) insertNumber.run(digest, person)
      }
    }).immediate()
    return readable.length
  } catch (thrown) {
    throw storeFault(thrown)
  } finally {
    db.close()
  }
}

function peopleWithKeys(dir: string): Set<string> {
  const { db, close } = openForReading(join(dir, KEYS_FILE))
  try {
    const rows = db.prepare<[], { person: string; kind: string }>('SELECT person, kind FROM person_key').all()
    return new Set(rows.map(({ person, kind }) => `${kind} ${person}`))
  } finally {
    close()
  }
}
