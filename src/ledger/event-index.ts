import type { EventType, LedgerEvent } from './event.ts'
import type { Connection } from './sqlite.ts'

/*
 * Which events are of which type, and of which session: a station that starts reads a few thousand of a million. It is
 * made from the events and can be made again; nothing rests on it, and what it says is compared with each event read.
 */

/** Events by type; with `session`, those of one session. */
export type EventChoice =
  | { readonly of: readonly EventType[]; readonly session?: string }
  | { readonly but: readonly EventType[] }

/** Whether an event is one that was asked for. */
export function isChosen(event: LedgerEvent, choice: EventChoice): boolean {
  if ('but' in choice) return !choice.but.includes(event.type)
  const { of, session } = choice
  return of.includes(event.type) && (session === undefined || sessionOf(event) === session)
}

/** The session that an event names, empty for one that names none. */
export function sessionOf({ data }: Pick<LedgerEvent, 'data'>): string {
  return 'session' in data && typeof data.session === 'string' ? data.session : ''
}

export const EVENT_INDEX_TABLE = `
  CREATE TABLE event_kind (
    type TEXT NOT NULL,
    session TEXT NOT NULL,
    idx INTEGER NOT NULL,
    PRIMARY KEY (type, session, idx)
  ) WITHOUT ROWID;
  CREATE TRIGGER event_kind_no_update BEFORE UPDATE ON event_kind
    BEGIN SELECT raise(ABORT, 'the index of events is never changed'); END;
  CREATE TRIGGER event_kind_no_delete BEFORE DELETE ON event_kind
    BEGIN SELECT raise(ABORT, 'the index of events is never changed'); END;
`

/** The table in a ledger's file. Methods throw what SQLite throws. */
export class EventIndex {
  readonly #db: Connection

  constructor(db: Connection) {
    this.#db = db
  }

  /** Whether it has as many entries as there are events. */
  isComplete(size: number): boolean {
    if (!this.#isThere()) return false
    return this.#db.prepare('SELECT count(*) FROM event_kind').pluck().get() === size
  }

  /** Makes it anew, in one transaction. */
  rebuild(events: Iterable<LedgerEvent>): void {
    this.#db.transaction(() => {
      this.#db.exec('DROP TABLE IF EXISTS event_kind')
      this.#db.exec(EVENT_INDEX_TABLE)
      const insert = this.inserting()
      for (const event of events) insert(event)
    })()
  }

  /** Adds an event; prepared once for many. */
  inserting(): (event: Pick<LedgerEvent, 'type' | 'data' | 'index'>) => void {
    const insert = this.#db.prepare('INSERT INTO event_kind (type, session, idx) VALUES (?, ?, ?)')
    return (event) => void insert.run(event.type, sessionOf(event), event.index)
  }

  /** Indices in order. */
  find(choice: EventChoice): number[] {
    const [text, ...bound] = question(choice)
    return this.#db.prepare<unknown[], number>(text).pluck().all(bound)
  }

  #isThere(): boolean {
    const found = this.#db.prepare(`SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'event_kind'`)
    return found.get() !== undefined
  }
}

function question(choice: EventChoice): [sql: string, ...bound: string[]] {
  if ('but' in choice) {
    const sql = 'SELECT idx FROM event_kind WHERE type NOT IN (SELECT value FROM json_each(?)) ORDER BY idx'
    return [sql, JSON.stringify(choice.but)]
  }
  const sql = 'SELECT idx FROM event_kind WHERE type IN (SELECT value FROM json_each(?))'
  const types = JSON.stringify(choice.of)
  if (choice.session === undefined) return [`${sql} ORDER BY idx`, types]
  return [`${sql} AND session = ? ORDER BY idx`, types, choice.session]
}
