import { type Connection, type Statement, storeFault } from './sqlite.ts'

/*
 * A ledger file as an examiner reads it: nothing in it is trusted, any table but `event` may be missing, any value may
 * have the wrong type, any page may be unreadable.
 */

/** One row as it stands; null where the value isn't bytes, or is longer than any event. */
export interface EvidenceRow {
  readonly index: number
  readonly body: Uint8Array | null
  readonly leaf: Uint8Array | null
}

export interface IndexedKind {
  readonly type: string
  readonly session: string
  readonly indices: readonly number[]
}

export class Evidence {
  readonly #db: Connection
  readonly #tables: ReadonlySet<string>
  #leaves: Statement<[number, number], unknown> | null = null

  constructor(db: Connection) {
    this.#db = db
    // A view or a virtual table of that name could show anything.
    const plain = db.prepare<[], string>(
      `SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'`,
    )
    this.#tables = new Set(plain.pluck().all())
  }

  get hasEvents(): boolean {
    return this.#tables.has('event')
  }

  /** Every row by rising index. Throws `LEDGER_CORRUPT` at an unreadable page. */
  *rows(): Generator<EvidenceRow> {
    const all = this.#db.prepare<[], EvidenceRow>(
      `SELECT idx AS "index",
         CASE WHEN typeof(body) = 'blob' AND length(body) <= ${LONGEST_BODY} THEN body END AS body,
         CASE WHEN typeof(leaf) = 'blob' AND length(leaf) = 32 THEN leaf END AS leaf
       FROM event ORDER BY idx`,
    )
    try {
      yield* all.iterate()
    } catch (thrown) {
      throw storeFault(thrown)
    }
  }

  count(): number {
    return this.#db.prepare('SELECT count(*) FROM event NOT INDEXED').pluck().get() as number
  }

  /** The head's signed note, or null. */
  head(): string | null {
    return this.#text('head', 'SELECT note FROM head')[0] ?? null
  }

  /** Sizes of the trees that checkpoints were kept of, by the file's own word. */
  keptSizes(): Set<number> {
    if (!this.#tables.has('kept_checkpoint')) return new Set()
    const sizes = this.#db.prepare<[], unknown>('SELECT DISTINCT size FROM kept_checkpoint').pluck().all()
    return new Set(sizes.filter((size) => typeof size === 'number'))
  }

  /** Signed notes that were kept for ever. */
  keptCheckpoints(): string[] {
    return this.#text('kept_checkpoint', 'SELECT note FROM kept_checkpoint ORDER BY size')
  }

  /** Signed notes of the second tree. */
  gmCheckpoints(): string[] {
    return this.#text('gm_checkpoint', 'SELECT note FROM gm_checkpoint ORDER BY size')
  }

  /** The station's signature over the checkpoint of a size, or null. */
  signature(size: number): Uint8Array | null {
    if (!this.#tables.has('signed_size')) return null
    const find = this.#db
      .prepare<[number], unknown>('SELECT signature FROM signed_size WHERE size = ?')
      .pluck()
    const signature = find.get(size)
    return signature instanceof Uint8Array ? signature : null
  }

  /** Leaf hashes of `from ≤ index < to` as they stand, once more; fewer where a value isn't a hash. */
  leavesOf(from: number, to: number): Uint8Array[] {
    this.#leaves ??= this.#db
      .prepare<[number, number], unknown>('SELECT leaf FROM event WHERE idx >= ? AND idx < ? ORDER BY idx')
      .pluck()
    return this.#leaves.all(from, to).filter((leaf) => leaf instanceof Uint8Array)
  }

  /** Stored roots of blocks of 32 leaves, by rising number; null where a value isn't a hash, or isn't at its place. */
  *blockRoots(): Generator<Uint8Array | null> {
    if (!this.#tables.has('block')) return
    const stored = this.#db.prepare<[], { number: number; root: unknown }>(
      'SELECT number, root FROM block ORDER BY number',
    )
    let place = 0
    for (const { number, root } of stored.iterate()) {
      yield number === place && root instanceof Uint8Array && root.length === 32 ? root : null
      place++
    }
  }

  /** The index of events, by type and session; null in a file that has none. Values that make no sense are NaN. */
  indexedKinds(): Generator<IndexedKind> | null {
    return this.#tables.has('event_kind') ? this.#kinds() : null
  }

  *#kinds(): Generator<IndexedKind> {
    const kinds = this.#db.prepare<[], { type: unknown; session: unknown }>(
      'SELECT DISTINCT type, session FROM event_kind',
    )
    const indices = this.#db
      .prepare<[unknown, unknown], unknown>('SELECT idx FROM event_kind WHERE type IS ? AND session IS ?')
      .pluck()
    for (const { type, session } of kinds.all()) {
      const places = indices
        .all(type, session)
        .map((index) => (Number.isInteger(index) ? Number(index) : NaN))
      yield { type: String(type), session: String(session), indices: places }
    }
  }

  /** Largest size that a signature was kept for; 0 if there is none. */
  largestSignedSize(): number {
    if (!this.#tables.has('signed_size')) return 0
    return this.#db.prepare('SELECT coalesce(max(size), 0) FROM signed_size').pluck().get() as number
  }

  #text(table: string, sql: string): string[] {
    if (!this.#tables.has(table)) return []
    return this.#db
      .prepare<[], unknown>(sql)
      .pluck()
      .all()
      .filter((value) => typeof value === 'string')
  }
}

/** Far above any event: a class of thousands is under 1 MiB. */
const LONGEST_BODY = 16 * 1024 * 1024
