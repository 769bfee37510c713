import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Fault } from '../common/fault.ts'
import type { Hash } from './merkle.ts'
import { type Connection, type FileKind, openForReading, openForWriting, storeFault } from './sqlite.ts'

/* All SQL of a ledger that is in use. `docs/formats.md` describes the tables. */

export const LEDGER_FILE = 'ledger.db'

export interface EventRow {
  readonly index: number
  readonly body: Uint8Array
  readonly leaf: Hash
}

export interface SignedRow extends EventRow {
  /** The station's signature over the checkpoint text of size index + 1. */
  readonly signature: Uint8Array
}

export type CheckpointKind = 'receipt' | 'export' | 'session'

export interface KeptCheckpoint {
  readonly size: number
  readonly kind: CheckpointKind
  /** Signed note. */
  readonly note: string
  /** Milliseconds since 1970: a witness's time for a receipt, the station's own otherwise. */
  readonly time: number
}

/** A ledger's database file. Every method throws the faults of `storeFault`. */
export class LedgerStore {
  readonly #db: Connection
  readonly #close: () => void

  /** `LEDGER_NOT_FOUND` if the folder is missing, or has no ledger to read. */
  static open(dir: string, { readonly }: { readonly: boolean }): LedgerStore {
    const path = join(dir, LEDGER_FILE)
    if (!existsSync(readonly ? path : dir)) throw new Fault('LEDGER_NOT_FOUND', `no ledger at ${dir}`)
    if (!readonly) {
      const db = openForWriting(path, ledgerFile)
      return new LedgerStore(db, () => db.close())
    }
    const { db, close } = openForReading(path)
    return new LedgerStore(db, close)
  }

  private constructor(db: Connection, close: () => void) {
    this.#db = db
    this.#close = close
  }

  head(): { size: number; note: string } | null {
    return this.#ask(() => {
      const row = this.#db.prepare<[], { size: number; note: string }>('SELECT size, note FROM head').get()
      return row ?? null
    })
  }

  /** Leaf hashes from the first to the last. */
  *leaves(): Generator<Hash> {
    try {
      yield* this.#db.prepare<[], Hash>('SELECT leaf FROM event ORDER BY idx').pluck().iterate()
    } catch (thrown) {
      throw storeFault(thrown)
    }
  }

  /** Rows from ≤ index < to. */
  rows(from: number, to: number): EventRow[] {
    return this.#ask(() =>
      this.#db
        .prepare<[number, number], EventRow>(
          'SELECT idx AS "index", body, leaf FROM event WHERE idx >= ? AND idx < ? ORDER BY idx',
        )
        .all(from, to)
        .map(({ index, body, leaf }) => ({ index, body: plainBytes(body), leaf: plainBytes(leaf) })),
    )
  }

  newestReceipt(): { size: number; time: number } | null {
    return this.#ask(() => {
      const row = this.#db
        .prepare<[], { size: number; time: number }>(
          `SELECT size, time FROM kept_checkpoint WHERE kind = 'receipt' ORDER BY size DESC, time DESC LIMIT 1`,
        )
        .get()
      return row ?? null
    })
  }

  /** Writes events, their head and what is kept of checkpoints in one transaction; durable when it returns. */
  append(
    rows: readonly SignedRow[],
    head: { size: number; note: string },
    kept: readonly KeptCheckpoint[],
  ): void {
    this.#ask(() => {
      const insertEvent = this.#db.prepare('INSERT INTO event (idx, body, leaf) VALUES (?, ?, ?)')
      const insertSignature = this.#db.prepare('INSERT INTO signed_size (size, signature) VALUES (?, ?)')
      const replaceHead = this.#db.prepare(
        `INSERT INTO head (id, size, note) VALUES (1, ?, ?)
         ON CONFLICT (id) DO UPDATE SET size = excluded.size, note = excluded.note`,
      )
      const write = () => {
        for (const { index, body, leaf, signature } of rows) {
          insertEvent.run(index, body, leaf)
          insertSignature.run(index + 1, signature)
        }
        replaceHead.run(head.size, head.note)
        for (const checkpoint of kept) this.#insertKept(checkpoint)
      }
      this.#db.transaction(write).immediate()
    })
  }

  keep(checkpoint: KeptCheckpoint): void {
    this.#ask(() => this.#insertKept(checkpoint))
  }

  close(): void {
    this.#close()
  }

  #insertKept({ size, kind, note, time }: KeptCheckpoint): void {
    this.#db
      .prepare('INSERT OR IGNORE INTO kept_checkpoint (size, kind, note, time) VALUES (?, ?, ?, ?)')
      .run(size, kind, note, time)
  }

  #ask<T>(question: () => T): T {
    try {
      return question()
    } catch (thrown) {
      throw storeFault(thrown)
    }
  }
}

/** Bytes of the ledger are Uint8Arrays everywhere: a Buffer compares and prints differently. */
function plainBytes(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length)
}

/** "SHDL" as a big-endian number. */
const SHDL = 0x5348444c

const ledgerFile: FileKind = {
  applicationId: SHDL,
  migrations: [
    `
    CREATE TABLE event (idx INTEGER PRIMARY KEY, body BLOB NOT NULL, leaf BLOB NOT NULL);
    CREATE TRIGGER event_in_order BEFORE INSERT ON event
      WHEN NEW.idx IS NOT (SELECT coalesce(max(idx) + 1, 0) FROM event)
      BEGIN SELECT raise(ABORT, 'events are appended in order'); END;
    CREATE TRIGGER event_no_update BEFORE UPDATE ON event
      BEGIN SELECT raise(ABORT, 'events are never changed'); END;
    CREATE TRIGGER event_no_delete BEFORE DELETE ON event
      BEGIN SELECT raise(ABORT, 'events are never deleted'); END;

    CREATE TABLE signed_size (size INTEGER PRIMARY KEY, signature BLOB NOT NULL);
    CREATE TRIGGER signed_size_no_update BEFORE UPDATE ON signed_size
      BEGIN SELECT raise(ABORT, 'signatures are never changed'); END;
    CREATE TRIGGER signed_size_no_delete BEFORE DELETE ON signed_size
      BEGIN SELECT raise(ABORT, 'signatures are never deleted'); END;

    CREATE TABLE head (id INTEGER PRIMARY KEY CHECK (id = 1), size INTEGER NOT NULL, note TEXT NOT NULL);
    CREATE TRIGGER head_never_shrinks BEFORE UPDATE ON head WHEN NEW.size <= OLD.size
      BEGIN SELECT raise(ABORT, 'a ledger never shrinks'); END;
    CREATE TRIGGER head_no_delete BEFORE DELETE ON head
      BEGIN SELECT raise(ABORT, 'a ledger keeps its head'); END;

    CREATE TABLE kept_checkpoint (
      size INTEGER NOT NULL,
      kind TEXT NOT NULL CHECK (kind IN ('receipt', 'export', 'session')),
      note TEXT NOT NULL,
      time INTEGER NOT NULL,
      PRIMARY KEY (size, kind, note)
    );
    CREATE TRIGGER kept_checkpoint_no_update BEFORE UPDATE ON kept_checkpoint
      BEGIN SELECT raise(ABORT, 'kept checkpoints are never changed'); END;
    CREATE TRIGGER kept_checkpoint_no_delete BEFORE DELETE ON kept_checkpoint
      BEGIN SELECT raise(ABORT, 'kept checkpoints are never deleted'); END;

    -- Written at every open, to prove that a commit is durable.
    CREATE TABLE opening (id INTEGER PRIMARY KEY CHECK (id = 1), count INTEGER NOT NULL);
    `,
  ],
}
