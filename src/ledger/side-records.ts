import { createHmac, hash, randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Fault } from '../common/fault.ts'
import { seal, unseal } from './sealing.ts'
import { KEYS_FILE, keysFile, RECORDS_FILE, type RecordKind, recordsFile } from './side-files.ts'
import {
  type Connection,
  type FileKind,
  openForReading,
  openForWriting,
  type ReadingConnection,
  storeFault,
} from './sqlite.ts'

export { type NumberLink, readSealed, restoreSealed, type SealedRecord } from './side-backup.ts'
export type { RecordKind } from './side-files.ts'

/**
 * What must be deletable: names, numbers, portraits, beside the ledger and sealed. Records lie in `DIR/side.db`, the
 * wrapped keys in `DIR/keys.db`, apart, so that a backup can leave the keys out. The ledger only commits to records.
 * Every method throws the faults of `storeFault`, and `LEDGER_SEAL` where bytes don't open under their key.
 */
export class SideRecords {
  readonly #records: Connection
  readonly #keys: Connection
  readonly #sealingKey: Uint8Array
  readonly #lookupKey: Uint8Array
  readonly #close: () => void

  /** Opens a folder's side records for writing, or makes them. `LEDGER_NOT_FOUND` if the folder is missing. */
  static open(
    dir: string,
    keys: { readonly sealingKey: Uint8Array; readonly lookupKey: Uint8Array },
  ): SideRecords {
    if (!existsSync(dir)) throw new Fault('LEDGER_NOT_FOUND', `no data folder at ${dir}`)
    return SideRecords.#openBoth((name, kind) => writing(openForWriting(join(dir, name), kind)), keys)
  }

  /**
   * Opens a folder's side records for reading only, also beside the station that writes them. Whatever would change
   * them is `LEDGER_READ_ONLY`; `LEDGER_NOT_FOUND` if there are none.
   */
  static openForReading(
    dir: string,
    keys: { readonly sealingKey: Uint8Array; readonly lookupKey: Uint8Array },
  ): SideRecords {
    return SideRecords.#openBoth((name) => openForReading(join(dir, name)), keys)
  }

  static #openBoth(
    open: (name: string, kind: FileKind) => ReadingConnection,
    keys: { readonly sealingKey: Uint8Array; readonly lookupKey: Uint8Array },
  ): SideRecords {
    const records = open(RECORDS_FILE, recordsFile)
    try {
      return new SideRecords(records, open(KEYS_FILE, keysFile), keys)
    } catch (thrown) {
      records.close()
      throw thrown
    }
  }

  private constructor(
    records: ReadingConnection,
    keyring: ReadingConnection,
    keys: { readonly sealingKey: Uint8Array; readonly lookupKey: Uint8Array },
  ) {
    this.#records = records.db
    this.#keys = keyring.db
    this.#sealingKey = keys.sealingKey
    this.#lookupKey = keys.lookupKey
    this.#close = () => {
      records.close()
      keyring.close()
    }
  }

  /**
   * Seals a record of a person under a name; replaces one of that name. `person` is a random id, `name` no secret.
   * `LEDGER_QUOTA` where a person's pictures would take more than 8 MiB.
   */
  put(person: string, kind: RecordKind, name: string, bytes: Uint8Array): void {
    if (kind === 'biometric') this.#assertRoom(person, name, bytes.length)
    this.#ask(() => {
      const key = this.#personKey(person, kind) ?? this.#createPersonKey(person, kind)
      const salted = Buffer.concat([randomBytes(SALT_BYTES), bytes])
      this.#records
        .prepare(
          `INSERT INTO record (person, kind, name, sealed) VALUES (?, ?, ?, ?)
           ON CONFLICT (person, kind, name) DO UPDATE SET sealed = excluded.sealed`,
        )
        .run(person, kind, name, seal(key, salted, recordContext(person, kind, name)))
    })
  }

  /** The record's bytes, or null if there is none or its key was destroyed. */
  get(person: string, kind: RecordKind, name: string): Uint8Array | null {
    return this.#salted(person, kind, name)?.slice(SALT_BYTES) ?? null
  }

  list(person: string): { kind: RecordKind; name: string }[] {
    return this.#ask(() =>
      this.#records
        .prepare<[string], { kind: RecordKind; name: string }>(
          'SELECT kind, name FROM record WHERE person = ? ORDER BY kind, name',
        )
        .all(person),
    )
  }

  /** Records of every person whose names begin so, with the size of each, by name. */
  sizes(prefix: string): { person: string; kind: RecordKind; name: string; bytes: number }[] {
    return this.#ask(() =>
      this.#records
        .prepare<[string, string], { person: string; kind: RecordKind; name: string; bytes: number }>(
          `SELECT person, kind, name, length(sealed) AS bytes FROM record
           WHERE name >= ? AND name < ? ORDER BY name, person`,
        )
        .all(prefix, `${prefix}\u{10ffff}`),
    )
  }

  /** Removes one record whose time has come; nothing happens if there is none. The person's key stays. */
  remove(person: string, kind: RecordKind, name: string): void {
    this.#ask(() => {
      this.#records
        .prepare('DELETE FROM record WHERE person = ? AND kind = ? AND name = ?')
        .run(person, kind, name)
    })
  }

  /** Who has this number (of a card, say), or null. The file holds only HMAC-SHA256(look-up key, number). */
  personByNumber(number: string): string | null {
    return this.#ask(() => {
      const find = this.#records
        .prepare<[Buffer], string>('SELECT person FROM number WHERE digest = ?')
        .pluck()
      return find.get(this.#numberDigest(number)) ?? null
    })
  }

  /** Links a number to a person; a number links to the person that it was linked to last. */
  linkNumber(person: string, number: string): void {
    this.#ask(() => {
      this.#records
        .prepare(
          `INSERT INTO number (digest, person) VALUES (?, ?)
           ON CONFLICT (digest) DO UPDATE SET person = excluded.person`,
        )
        .run(this.#numberDigest(number), person)
    })
  }

  /**
   * Destroys a person's key of this kind, then the records that it sealed, and with the identity also the links from
   * numbers. Every copy of the records, in a backup too, is unreadable from then on; the ledger stays provable.
   * The bytes are overwritten in the database files; a solid-state disk may keep an old block out of reach.
   */
  destroy(person: string, kind: RecordKind): void {
    this.#ask(() => {
      this.#keys.prepare('DELETE FROM person_key WHERE person = ? AND kind = ?').run(person, kind)
      emptyWriteAheadLog(this.#keys)
      const erase = () => {
        this.#records.prepare('DELETE FROM record WHERE person = ? AND kind = ?').run(person, kind)
        if (kind === 'identity') this.#records.prepare('DELETE FROM number WHERE person = ?').run(person)
      }
      this.#records.transaction(erase).immediate()
      emptyWriteAheadLog(this.#records)
    })
  }

  /** What an event says of a record: SHA-256(salt || bytes), hex; the salt lies in the sealed record. `LEDGER_SIDE_MISSING`. */
  commitment(person: string, kind: RecordKind, name: string): string {
    const salted = this.#salted(person, kind, name)
    if (salted === null)
      throw new Fault('LEDGER_SIDE_MISSING', `there is no ${kind} record "${name}" to commit to`)
    return hash('sha256', salted)
  }

  /** What opens a commitment: the salt and the bytes; null if there is no such record or its key was destroyed. */
  opening(
    person: string,
    kind: RecordKind,
    name: string,
  ): { readonly salt: Uint8Array; readonly bytes: Uint8Array } | null {
    const salted = this.#salted(person, kind, name)
    return salted === null ? null : { salt: salted.slice(0, SALT_BYTES), bytes: salted.slice(SALT_BYTES) }
  }

  close(): void {
    this.#close()
  }

  #assertRoom(person: string, name: string, bytes: number): void {
    const others = this.#ask(() =>
      this.#records
        .prepare<[string, string], number>(
          `SELECT coalesce(sum(length(sealed)), 0) FROM record WHERE person = ? AND kind = 'biometric' AND name <> ?`,
        )
        .pluck()
        .get(person, name),
    )
    if ((others ?? 0) + bytes <= PICTURE_QUOTA_BYTES) return
    throw new Fault('LEDGER_QUOTA', 'the pictures of one person take at most 8 MiB')
  }

  #salted(person: string, kind: RecordKind, name: string): Uint8Array | null {
    return this.#ask(() => {
      const find = this.#records
        .prepare<[string, string, string], Uint8Array>(
          'SELECT sealed FROM record WHERE person = ? AND kind = ? AND name = ?',
        )
        .pluck()
      const sealed = find.get(person, kind, name)
      const key = sealed === undefined ? null : this.#personKey(person, kind)
      if (sealed === undefined || key === null) return null
      return opened(unseal(key, sealed, recordContext(person, kind, name)))
    })
  }

  #personKey(person: string, kind: RecordKind): Uint8Array | null {
    const find = this.#keys
      .prepare<[string, string], Uint8Array>('SELECT wrapped FROM person_key WHERE person = ? AND kind = ?')
      .pluck()
    const wrapped = find.get(person, kind)
    return wrapped === undefined ? null : opened(unseal(this.#sealingKey, wrapped, keyContext(person, kind)))
  }

  #createPersonKey(person: string, kind: RecordKind): Uint8Array {
    const key = randomBytes(32)
    const wrapped = seal(this.#sealingKey, key, keyContext(person, kind))
    this.#keys
      .prepare('INSERT INTO person_key (person, kind, wrapped) VALUES (?, ?, ?)')
      .run(person, kind, wrapped)
    return key
  }

  #numberDigest(number: string): Buffer {
    return createHmac('sha256', this.#lookupKey).update(number).digest()
  }

  #ask<T>(question: () => T): T {
    try {
      return question()
    } catch (thrown) {
      throw storeFault(thrown)
    }
  }
}

const SALT_BYTES = 16
/** A few dozen portraits: more of one person is a mistake, or somebody who fills the disk. */
const PICTURE_QUOTA_BYTES = 8 * 1024 * 1024

function writing(db: Connection): ReadingConnection {
  return { db, close: () => db.close() }
}

function recordContext(person: string, kind: RecordKind, name: string): string[] {
  return ['shidao-side-record/v1', person, kind, name]
}

function keyContext(person: string, kind: RecordKind): string[] {
  return ['shidao-person-key/v1', person, kind]
}

function opened(plain: Uint8Array | null): Uint8Array {
  if (plain !== null) return plain
  throw new Fault('LEDGER_SEAL', 'a side record does not open with this station’s key')
}

/** Old pages wait in the log until a checkpoint; `secure_delete` has zeroed only their successors. */
function emptyWriteAheadLog(db: Connection): void {
  const [outcome] = db.pragma('wal_checkpoint(TRUNCATE)') as { busy: number }[]
  if (outcome?.busy === 0) return
  throw new Fault(
    'LEDGER_LOCKED',
    'destroyed, but another process keeps the old pages; close it and do it again',
  )
}
