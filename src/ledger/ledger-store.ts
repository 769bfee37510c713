import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Fault } from '../common/fault.ts'
import type { LedgerEvent } from './event.ts'
import { EVENT_INDEX_TABLE, type EventChoice, EventIndex } from './event-index.ts'
import type { GmCheckpoint } from './gm-suite.ts'
import type { Hash } from './merkle.ts'
import {
  type Connection,
  type FileKind,
  type Migration,
  openForReading,
  openForWriting,
  type Statement,
  storeFault,
} from './sqlite.ts'

/* All SQL of a ledger that is in use. `docs/formats.md` describes the tables. */

export const LEDGER_FILE = 'ledger.db'

export interface EventRow {
  readonly index: number
  readonly body: Uint8Array
  readonly leaf: Hash
}

/** A row and, for the index, what the event says; see `event-index.ts`. */
export interface SignedRow extends EventRow {
  readonly type: LedgerEvent['type']
  readonly data: LedgerEvent['data']
  /** The station's signature over the checkpoint text of size index + 1. */
  readonly signature: Uint8Array
}

/** A complete block of leaves, see `merkle-blocks.ts`. */
export interface BlockRow {
  readonly number: number
  readonly root: Hash
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
  readonly #index: EventIndex
  /** Null until it was asked: counting a million entries takes its time. */
  #isIndexed: boolean | null = null
  /** What this opening did to an older file. */
  readonly migration: Migration | null
  #appending: Appending | null = null
  #leaves: Statement<[number, number], Hash> | null = null
  #rows: Statement<[number, number], EventRow> | null = null

  /** `LEDGER_NOT_FOUND` if the folder is missing, or has no ledger to read. */
  static open(dir: string, { readonly }: { readonly: boolean }): LedgerStore {
    const path = join(dir, LEDGER_FILE)
    if (!existsSync(readonly ? path : dir)) throw new Fault('LEDGER_NOT_FOUND', `no ledger at ${dir}`)
    if (!readonly) {
      let migration: Migration | null = null
      const db = openForWriting(path, ledgerFile, (change) => {
        migration = change
      })
      return new LedgerStore(db, () => db.close(), migration)
    }
    const { db, close } = openForReading(path)
    return new LedgerStore(db, close, null)
  }

  private constructor(db: Connection, close: () => void, migration: Migration | null) {
    this.migration = migration
    this.#db = db
    this.#close = close
    this.#index = new EventIndex(db)
  }

  head(): { size: number; note: string } | null {
    return this.#ask(() => {
      const row = this.#db.prepare<[], { size: number; note: string }>('SELECT size, note FROM head').get()
      return row ?? null
    })
  }

  /** One more than the index of the last event. */
  size(): number {
    return this.#ask(
      () => this.#db.prepare('SELECT coalesce(max(idx) + 1, 0) FROM event').pluck().get() as number,
    )
  }

  /** Leaf hashes from ≤ index < to, in order. */
  *leaves(from: number, to: number): Generator<Hash> {
    try {
      const range = this.#db.prepare<[number, number], Hash>(
        'SELECT leaf FROM event WHERE idx >= ? AND idx < ? ORDER BY idx',
      )
      yield* range.pluck().iterate(from, to)
    } catch (thrown) {
      throw storeFault(thrown)
    }
  }

  /** The stored roots of complete blocks of leaves, from the left; none in a file from before they were stored. */
  blockRoots(): Hash[] {
    return this.#ask(() => {
      const stored = this.#db.prepare(`SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'block'`)
      if (stored.get() === undefined) return []
      return this.#db.prepare<[], Hash>('SELECT root FROM block ORDER BY number').pluck().all()
    })
  }

  /** Stores the roots of blocks that a file from before them lacks, the first being block `from`. */
  addBlocks(from: number, roots: readonly Hash[]): void {
    this.#ask(() =>
      this.#db.transaction(() => {
        for (const [i, root] of roots.entries()) this.#insertBlock(from + i, root)
      })(),
    )
  }

  /** The same, all at once. */
  leavesOf(from: number, to: number): Hash[] {
    return this.#ask(() => {
      this.#leaves ??= this.#db
        .prepare<[number, number], Hash>('SELECT leaf FROM event WHERE idx >= ? AND idx < ? ORDER BY idx')
        .pluck()
      return this.#leaves.all(from, to).map(plainBytes)
    })
  }

  /** Rows from ≤ index < to. */
  rows(from: number, to: number): EventRow[] {
    return this.#ask(() => {
      this.#rows ??= this.#db.prepare<[number, number], EventRow>(
        'SELECT idx AS "index", body, leaf FROM event WHERE idx >= ? AND idx < ? ORDER BY idx',
      )
      return this.#rows
        .all(from, to)
        .map(({ index, body, leaf }) => ({ index, body: plainBytes(body), leaf: plainBytes(leaf) }))
    })
  }

  /** Indices of the events of a choice, in order; null in a file that has no index of them. */
  indicesOf(choice: EventChoice): number[] | null {
    return this.#ask(() => {
      this.#isIndexed ??= this.#index.isComplete(this.size())
      return this.#isIndexed ? this.#index.find(choice) : null
    })
  }

  /** Makes the index of events where it isn't whole, as in a file from before there was one. */
  completeIndex(size: number, events: () => Iterable<LedgerEvent>): void {
    this.#ask(() => {
      if (!this.#index.isComplete(size)) this.#index.rebuild(events())
      this.#isIndexed = true
    })
  }

  /** The signature over the checkpoint of a size, null if none was made. */
  signature(size: number): Uint8Array | null {
    return this.#ask(() => {
      const find = this.#db.prepare<[number], Uint8Array>('SELECT signature FROM signed_size WHERE size = ?')
      const signature = find.pluck().get(size)
      return signature === undefined ? null : plainBytes(signature)
    })
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
    blocks: readonly BlockRow[],
    gm: readonly GmCheckpoint[],
  ): void {
    this.#ask(() => {
      this.#appending ??= prepareAppending(this.#db, this.#index)
      const { insertEvent, insertSignature, insertKind, replaceHead } = this.#appending
      const write = () => {
        for (const row of rows) {
          insertEvent.run(row.index, row.body, row.leaf)
          insertSignature.run(row.index + 1, row.signature)
          insertKind(row)
        }
        replaceHead.run(head.size, head.note)
        for (const checkpoint of kept) this.#insertKept(checkpoint)
        for (const { number, root } of blocks) this.#insertBlock(number, root)
        for (const checkpoint of gm) this.#insertGm(checkpoint)
      }
      this.#db.transaction(write).immediate()
    })
  }

  /** Keeps a checkpoint, and the one of the second tree where there is one. */
  keep(checkpoint: KeptCheckpoint, gm?: GmCheckpoint): void {
    const write = () => {
      this.#insertKept(checkpoint)
      if (gm !== undefined) this.#insertGm(gm)
    }
    this.#ask(() => this.#db.transaction(write).immediate())
  }

  /** The newest signed checkpoint of the second tree, or null. */
  newestGmCheckpoint(): GmCheckpoint | null {
    return this.#ask(() => {
      const newest = this.#db.prepare<[], GmCheckpoint>(
        'SELECT size, note, peaks FROM gm_checkpoint ORDER BY size DESC LIMIT 1',
      )
      return newest.get() ?? null
    })
  }

  close(): void {
    this.#close()
  }

  #insertKept({ size, kind, note, time }: KeptCheckpoint): void {
    this.#db
      .prepare('INSERT OR IGNORE INTO kept_checkpoint (size, kind, note, time) VALUES (?, ?, ?, ?)')
      .run(size, kind, note, time)
  }

  #insertGm({ size, note, peaks }: GmCheckpoint): void {
    this.#db
      .prepare('INSERT OR IGNORE INTO gm_checkpoint (size, note, peaks) VALUES (?, ?, ?)')
      .run(size, note, peaks)
  }

  #insertBlock(number: number, root: Hash): void {
    this.#db.prepare('INSERT INTO block (number, root) VALUES (?, ?)').run(number, root)
  }

  #ask<T>(question: () => T): T {
    try {
      return question()
    } catch (thrown) {
      throw storeFault(thrown)
    }
  }
}

type Appending = ReturnType<typeof prepareAppending>

/** What every append runs, prepared once. */
function prepareAppending(db: Connection, index: EventIndex) {
  return {
    insertKind: index.inserting(),
    insertEvent: db.prepare('INSERT INTO event (idx, body, leaf) VALUES (?, ?, ?)'),
    insertSignature: db.prepare('INSERT INTO signed_size (size, signature) VALUES (?, ?)'),
    replaceHead: db.prepare(
      `INSERT INTO head (id, size, note) VALUES (1, ?, ?)
       ON CONFLICT (id) DO UPDATE SET size = excluded.size, note = excluded.note`,
    ),
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
    // Roots of the events that are there already follow at the first opening, once they give the signed head.
    `
    CREATE TABLE block (number INTEGER PRIMARY KEY, root BLOB NOT NULL);
    CREATE TRIGGER block_in_order BEFORE INSERT ON block
      WHEN NEW.number IS NOT (SELECT coalesce(max(number) + 1, 0) FROM block)
      BEGIN SELECT raise(ABORT, 'blocks are appended in order'); END;
    CREATE TRIGGER block_no_update BEFORE UPDATE ON block
      BEGIN SELECT raise(ABORT, 'blocks are never changed'); END;
    CREATE TRIGGER block_no_delete BEFORE DELETE ON block
      BEGIN SELECT raise(ABORT, 'blocks are never deleted'); END;
    `,
    // The second tree of the gm suite: its signed checkpoints, and for each one what is needed to go on from it.
    `
    CREATE TABLE gm_checkpoint (size INTEGER PRIMARY KEY, note TEXT NOT NULL, peaks BLOB NOT NULL);
    CREATE TRIGGER gm_checkpoint_no_update BEFORE UPDATE ON gm_checkpoint
      BEGIN SELECT raise(ABORT, 'kept checkpoints are never changed'); END;
    CREATE TRIGGER gm_checkpoint_no_delete BEFORE DELETE ON gm_checkpoint
      BEGIN SELECT raise(ABORT, 'kept checkpoints are never deleted'); END;
    `,
    // Entries of the events that are there already follow at the first opening.
    EVENT_INDEX_TABLE,
  ],
}
