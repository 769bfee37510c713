import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { Fault } from '../common/fault.ts'
import { failed, ok, type Result } from '../common/result.ts'
import { emptyRoot, sameHash } from '../ledger/merkle.ts'
import { type Connection, type FileKind, openForWriting, storeFault } from '../ledger/sqlite.ts'
import {
  type Batch,
  type CollectorStore,
  type EnrolmentRequest,
  FORKS_KEPT,
  type Fork,
  type Head,
  type Station,
  type StoredEvent,
} from './store.ts'

/** Rows a page: a read never holds the connection while somebody awaits. */
const PAGE = 1000

/**
 * The embedded store: `DIR/collector.db`, opened as durably as a ledger.
 * A second process (`shidao collector confirm`) may use the same file at the same time.
 * Throws `COLLECTOR_STORE` when the folder can't be written or holds something else.
 */
export function openSqliteStore(dir: string): CollectorStore {
  const db = openDatabase(dir)
  const sql = {
    allStations: db.prepare<[], StationRow>('SELECT * FROM station ORDER BY requested_at, fingerprint'),
    stationsByOrigin: db.prepare<[string], StationRow>(
      'SELECT * FROM station WHERE origin = ? ORDER BY requested_at, fingerprint',
    ),
    station: db.prepare<[string], StationRow>('SELECT * FROM station WHERE fingerprint = ?'),
    confirmedKey: db.prepare<[string], StationRow>(
      'SELECT * FROM station WHERE origin = ? AND confirmed_at IS NOT NULL AND retired_at IS NULL',
    ),
    addStation: db.prepare(
      `INSERT INTO station (fingerprint, origin, vkey, name, simulated, requested_at, replaces)
       VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
    ),
    confirm: db.prepare('UPDATE station SET confirmed_at = ? WHERE fingerprint = ? AND confirmed_at IS NULL'),
    retire: db.prepare('UPDATE station SET retired_at = ? WHERE fingerprint = ?'),
    head: db.prepare<[string], Head & { note: string }>(
      'SELECT size, root, note FROM checkpoint WHERE origin = ? ORDER BY size DESC LIMIT 1',
    ),
    addEvent: db.prepare('INSERT INTO event (origin, idx, body, leaf, received_at) VALUES (?, ?, ?, ?, ?)'),
    addCheckpoint: db.prepare(
      'INSERT INTO checkpoint (origin, size, root, note, received_at) VALUES (?, ?, ?, ?, ?)',
    ),
    events: db.prepare<[string, number, number, number], { idx: number; body: Uint8Array; leaf: Uint8Array }>(
      'SELECT idx, body, leaf FROM event WHERE origin = ? AND idx >= ? AND idx < ? ORDER BY idx LIMIT ?',
    ),
    forks: db.prepare<[string], ForkRow>(
      'SELECT origin, stored, presented, consistency, received_at FROM fork WHERE origin = ? ORDER BY id',
    ),
    addFork: db.prepare(
      `INSERT INTO fork (origin, stored, presented, consistency, received_at)
       SELECT ?, ?, ?, ?, ? WHERE (SELECT count(*) FROM fork WHERE origin = ?) < ? ON CONFLICT DO NOTHING`,
    ),
  }

  const headOf = (origin: string): Head => sql.head.get(origin) ?? { size: 0, root: emptyRoot(), note: null }

  const stationOf = (row: StationRow): Station => ({
    fingerprint: row.fingerprint,
    origin: row.origin,
    vkey: row.vkey,
    name: row.name,
    simulated: row.simulated === 1,
    requestedAt: row.requested_at,
    confirmedAt: row.confirmed_at,
    retiredAt: row.retired_at,
    ...(row.replaces === null ? {} : { replaces: row.replaces }),
    head: !holds(row) ? { size: 0, root: emptyRoot(), note: null } : headOf(row.origin),
    forks: !holds(row) ? [] : sql.forks.all(row.origin).map(forkOf),
  })

  const enrol = db.transaction((request: EnrolmentRequest): Station => {
    const { fingerprint, origin, vkey, name, simulated, requestedAt, replaces = null } = request
    sql.addStation.run(fingerprint, origin, vkey, name, simulated ? 1 : 0, requestedAt, replaces)
    return stationOf(sql.station.get(fingerprint)!)
  })

  const confirm = db.transaction((fingerprint: string, confirmedAt: number): Result<Station> => {
    const asked = sql.station.get(fingerprint)
    if (asked === undefined) {
      return failed(
        new Fault('COLLECTOR_UNKNOWN_STATION', `no station asked with fingerprint ${fingerprint}`),
      )
    }
    const holder = sql.confirmedKey.get(asked.origin)
    const isHeir = asked.retired_at === null && holder?.fingerprint === asked.replaces
    if (holder !== undefined && holder.fingerprint !== fingerprint && isHeir) {
      sql.retire.run(confirmedAt, holder.fingerprint)
    } else if (holder !== undefined && holder.fingerprint !== fingerprint) {
      return failed(new Fault('COLLECTOR_ORIGIN_TAKEN', `another key is confirmed for ${asked.origin}`))
    }
    sql.confirm.run(confirmedAt, fingerprint)
    return ok(stationOf(sql.station.get(fingerprint)!))
  })

  const addBatch = db.transaction((batch: Batch): 'stored' | 'moved' => {
    const head = headOf(batch.origin)
    if (head.size !== batch.from.size || !sameHash(head.root, batch.from.root)) return 'moved'
    batch.leaves.forEach((leaf, offset) => {
      sql.addEvent.run(batch.origin, head.size + offset, leaf.body, leaf.hash, batch.receivedAt)
    })
    sql.addCheckpoint.run(batch.origin, batch.head.size, batch.head.root, batch.head.note, batch.receivedAt)
    return 'stored'
  })

  const addFork = (fork: Fork): 'stored' => {
    const { origin, stored, presented, consistency, receivedAt } = fork
    sql.addFork.run(origin, stored, presented, consistency, receivedAt, origin, FORKS_KEPT)
    return 'stored'
  }

  return {
    stations: async (which = {}) => {
      if (which.fingerprint !== undefined) return sql.station.all(which.fingerprint).map(stationOf)
      if (which.origin !== undefined) return sql.stationsByOrigin.all(which.origin).map(stationOf)
      return sql.allStations.all().map(stationOf)
    },
    enrol: async (request) => enrol.immediate(request),
    confirm: async (fingerprint, confirmedAt) => confirm.immediate(fingerprint, confirmedAt),
    append: async (record) => (record.kind === 'fork' ? addFork(record) : addBatch.immediate(record)),
    async *events(origin, from, to): AsyncIterable<StoredEvent> {
      for (let next = from; next < to; next += PAGE) {
        for (const row of sql.events.all(origin, next, Math.min(to, next + PAGE), PAGE)) {
          yield { index: row.idx, body: row.body, hash: row.leaf }
        }
      }
    },
    close: async () => {
      db.close()
    },
  }
}

interface StationRow {
  readonly fingerprint: string
  readonly origin: string
  readonly vkey: string
  readonly name: string
  readonly simulated: 0 | 1
  readonly requested_at: number
  readonly confirmed_at: number | null
  readonly replaces: string | null
  readonly retired_at: number | null
}

/** Only the confirmed key owns the history of an origin, until the next one has its place. */
function holds(row: StationRow): boolean {
  return row.confirmed_at !== null && row.retired_at === null
}

interface ForkRow {
  readonly origin: string
  readonly stored: string
  readonly presented: string
  readonly consistency: string
  readonly received_at: number
}

function forkOf(row: ForkRow): Fork {
  const { origin, stored, presented, consistency } = row
  return { kind: 'fork', origin, stored, presented, consistency, receivedAt: row.received_at }
}

const onlyAdded = (table: string) => `
  CREATE TRIGGER ${table}_no_update BEFORE UPDATE ON ${table} BEGIN SELECT raise(ABORT, 'records are only added'); END;
  CREATE TRIGGER ${table}_no_delete BEFORE DELETE ON ${table} BEGIN SELECT raise(ABORT, 'records are only added'); END;
`

const collectorFile: FileKind = {
  // "ShdC"
  applicationId: 0x53686443,
  migrations: [
    `CREATE TABLE opening (id INTEGER PRIMARY KEY CHECK (id = 1), count INTEGER NOT NULL) STRICT;
     CREATE TABLE station (
       fingerprint TEXT PRIMARY KEY, origin TEXT NOT NULL, vkey TEXT NOT NULL UNIQUE, name TEXT NOT NULL,
       simulated INTEGER NOT NULL CHECK (simulated IN (0, 1)), requested_at INTEGER NOT NULL, confirmed_at INTEGER
     ) STRICT;
     -- Anybody may ask for any origin; only one key can hold it, so asking first wins nothing.
     CREATE UNIQUE INDEX station_holder ON station (origin) WHERE confirmed_at IS NOT NULL;
     CREATE TABLE event (
       origin TEXT NOT NULL, idx INTEGER NOT NULL, body BLOB NOT NULL, leaf BLOB NOT NULL CHECK (length(leaf) = 32),
       received_at INTEGER NOT NULL, PRIMARY KEY (origin, idx)
     ) STRICT;
     CREATE TABLE checkpoint (
       origin TEXT NOT NULL, size INTEGER NOT NULL, root BLOB NOT NULL CHECK (length(root) = 32),
       note TEXT NOT NULL, received_at INTEGER NOT NULL, PRIMARY KEY (origin, size)
     ) STRICT;
     CREATE TABLE fork (
       id INTEGER PRIMARY KEY, origin TEXT NOT NULL, stored TEXT NOT NULL, presented TEXT NOT NULL,
       consistency TEXT NOT NULL, received_at INTEGER NOT NULL, UNIQUE (origin, presented)
     ) STRICT;
     ${['event', 'checkpoint', 'fork'].map(onlyAdded).join('')}`,
    // A station may change its key: the next one takes the place of the holder.
    `ALTER TABLE station ADD COLUMN replaces TEXT;
     ALTER TABLE station ADD COLUMN retired_at INTEGER;
     DROP INDEX station_holder;
     CREATE UNIQUE INDEX station_holder ON station (origin) WHERE confirmed_at IS NOT NULL AND retired_at IS NULL;`,
  ],
}

function openDatabase(dir: string): Connection {
  const path = join(dir, 'collector.db')
  try {
    mkdirSync(dir, { recursive: true, mode: 0o700 })
    return openForWriting(path, collectorFile)
  } catch (thrown) {
    const { message } = storeFault(thrown)
    throw new Fault('COLLECTOR_STORE', `can't use ${path}: ${message}`, { cause: thrown })
  }
}
