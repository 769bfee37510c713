import { createHmac, hash, randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Fault } from '../common/fault.ts'
import { seal, unseal } from './sealing.ts'
import { type Connection, type FileKind, openForWriting, storeFault } from './sqlite.ts'

/** Each person has one key for each: withdrawing consent to face data must not destroy a name that a claim needs. */
export type RecordKind = 'identity' | 'biometric'

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

  /** Opens a folder's side records for writing, or makes them. `LEDGER_NOT_FOUND` if the folder is missing. */
  static open(
    dir: string,
    keys: { readonly sealingKey: Uint8Array; readonly lookupKey: Uint8Array },
  ): SideRecords {
    if (!existsSync(dir)) throw new Fault('LEDGER_NOT_FOUND', `no data folder at ${dir}`)
    const records = openForWriting(join(dir, 'side.db'), recordsFile)
    try {
      return new SideRecords(records, openForWriting(join(dir, 'keys.db'), keysFile), keys)
    } catch (thrown) {
      records.close()
      throw thrown
    }
  }

  private constructor(
    records: Connection,
    keyring: Connection,
    keys: { readonly sealingKey: Uint8Array; readonly lookupKey: Uint8Array },
  ) {
    this.#records = records
    this.#keys = keyring
    this.#sealingKey = keys.sealingKey
    this.#lookupKey = keys.lookupKey
  }

  /** Seals a record of a person under a name; replaces one of that name. `person` is a random id, `name` no secret. */
  put(person: string, kind: RecordKind, name: string, bytes: Uint8Array): void {
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

  close(): void {
    this.#records.close()
    this.#keys.close()
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

const opening = 'CREATE TABLE opening (id INTEGER PRIMARY KEY CHECK (id = 1), count INTEGER NOT NULL);'

const recordsFile: FileKind = {
  // "SHDS"
  applicationId: 0x53484453,
  migrations: [
    `
    CREATE TABLE record (
      person TEXT NOT NULL,
      kind TEXT NOT NULL CHECK (kind IN ('identity', 'biometric')),
      name TEXT NOT NULL,
      sealed BLOB NOT NULL,
      PRIMARY KEY (person, kind, name)
    );
    CREATE TABLE number (digest BLOB PRIMARY KEY, person TEXT NOT NULL);
    CREATE INDEX number_of_person ON number (person);
    ${opening}
    `,
  ],
}

const keysFile: FileKind = {
  // "SHDK"
  applicationId: 0x5348444b,
  migrations: [
    `
    CREATE TABLE person_key (
      person TEXT NOT NULL,
      kind TEXT NOT NULL CHECK (kind IN ('identity', 'biometric')),
      wrapped BLOB NOT NULL,
      PRIMARY KEY (person, kind)
    );
    ${opening}
    `,
  ],
}
