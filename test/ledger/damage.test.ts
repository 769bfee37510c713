import { spawnSync } from 'node:child_process'
import {
  closeSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { EventTime } from '../../src/ledger/event.ts'
import type { EventChoice } from '../../src/ledger/event-index.ts'
import { Ledger } from '../../src/ledger/ledger.ts'
import type { StationKey } from '../../src/ledger/station-key.ts'
import { verifyLog } from '../../src/ledger/verify.ts'
import { closing, newLedger, temporaryFolder } from './sample-ledger.ts'

/* What happens to files in the field; each has to stop the station with a code, and none may drop a record unseen. */

const EVENTS = 400

let dir: string
let remove: () => void
let key: StationKey
let now: () => EventTime
let ledger: Ledger
beforeEach(() => {
  ;({ dir, remove } = temporaryFolder())
  ;({ ledger, key, now } = newLedger(dir))
  ledger.appendAll(Array.from({ length: EVENTS - 1 }, (_, i) => closing(`session-${i + 1}`)))
})
afterEach(() => {
  ledger.close()
  remove()
})

describe('a write-ahead log', () => {
  /** The folder as a crash leaves it: the newest records are only in the log. */
  function crash(): void {
    const program = `
      import { Ledger } from '${new URL('../../src/ledger/ledger.ts', import.meta.url)}'
      import { loadStationKey } from '${new URL('../../src/ledger/station-key.ts', import.meta.url)}'
      const dir = ${JSON.stringify(dir)}
      const now = () => ({ wall: 1, boot: 'b', boottime: 1, trust: 'unconfirmed' })
      const ledger = Ledger.open({ dir, signer: loadStationKey(dir).signer, now })
      for (let i = 0; i < 9; i++) ledger.append({ type: 'session.closed', data: { class: 'c', session: 'after' } })
      process.kill(process.pid, 'SIGKILL')`
    ledger.close()
    const { signal, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
      encoding: 'utf8',
    })
    expect(signal, stderr).toBe('SIGKILL')
  }

  test('after a crash gives every record back', () => {
    crash()
    ledger = reopened()
    expect(ledger.size).toBe(EVENTS + 9)
  })

  test('that is missing stops the station, and verification says what is gone', () => {
    crash()
    rmSync(join(dir, 'ledger.db-wal'))
    expect(reopened).toThrow(fault('LEDGER_ROLLED_BACK', `${EVENTS + 9} events, ${EVENTS} are here`))
    expect(verifyLog(dir).problem).toMatchObject({ code: 'rolled-back', index: EVENTS })
  })

  test('of which the last records are damaged or cut off does so, too', () => {
    crash()
    const log = join(dir, 'ledger.db-wal')
    const whole = readFileSync(log)
    truncateSync(log, whole.length - 5_000)
    expect(reopened).toThrow(fault('LEDGER_ROLLED_BACK'))
    const changed = Buffer.from(whole)
    changed[whole.length - 6_000]! ^= 1
    writeFileSync(log, changed)
    expect(reopened).toThrow(fault('LEDGER_ROLLED_BACK'))
  })
})

describe('the mark beside the ledger', () => {
  test('says nothing when it is gone, empty or not signed by the station', () => {
    ledger.close()
    for (const text of [null, '', 'x'.repeat(512)]) {
      if (text === null) rmSync(join(dir, 'ledger.head'))
      else writeFileSync(join(dir, 'ledger.head'), text)
      expect(verifyLog(dir).ok).toBe(true)
      ledger = reopened()
      ledger.append(closing('next'))
      ledger.close()
    }
  })

  test('finds a database that was put back to an older copy', () => {
    ledger.close()
    const older = readFileSync(join(dir, 'ledger.db'))
    ledger = reopened()
    ledger.append(closing('newer'))
    ledger.close()
    writeFileSync(join(dir, 'ledger.db'), older)
    expect(reopened).toThrow(fault('LEDGER_ROLLED_BACK'))
  })

  test('keeps a reader beside a running station from no record', () => {
    const beside = Ledger.open({ dir, signer: key.signer, now, readonly: true })
    ledger.append(closing('later'))
    expect(beside.size).toBe(EVENTS)
    beside.close()
    expect(verifyLog(dir).ok).toBe(true)
  })
})

describe('a database file', () => {
  test('with a page of zeros stops the opening or the reading, and verification says so', () => {
    ledger.close()
    const file = join(dir, 'ledger.db')
    const whole = readFileSync(file)
    const stops: string[] = []
    for (let page = 1; page < whole.length / 4096; page += 11) {
      writeFileSync(file, whole)
      const handle = openSync(file, 'r+')
      writeSync(handle, Buffer.alloc(4096), 0, 4096, page * 4096)
      closeSync(handle)
      stops.push(codeOfReadingAll())
      const { ok, size } = verifyLog(dir)
      // What opens in spite of it, signatures of past sizes for one, still has every event.
      expect(ok && stops.at(-1) !== 'nothing', `page ${page}`).toBe(false)
      expect(ok ? size : EVENTS).toBe(EVENTS)
    }
    expect(stops).toContain('LEDGER_CORRUPT')
    expect(new Set(stops).size).toBeLessThanOrEqual(2)
  })

  test('that was torn off stops the opening', () => {
    ledger.close()
    const file = join(dir, 'ledger.db')
    const { size } = statSync(file)
    for (const keep of [size - 4096, Math.floor(size / 2), 5_000]) {
      truncateSync(file, keep)
      expect(codeOfReadingAll(), `${keep} bytes`).toBe('LEDGER_CORRUPT')
      expect(verifyLog(dir).ok).toBe(false)
    }
  })

  test('that another program holds is a fault, and the next append goes through', () => {
    const other = new Database(join(dir, 'ledger.db'))
    other.exec('BEGIN IMMEDIATE')
    expect(() => ledger.append(closing('a'))).toThrow(fault('LEDGER_LOCKED'))
    expect(ledger.size).toBe(EVENTS)
    other.exec('ROLLBACK')
    other.close()
    expect(ledger.append(closing('a')).index).toBe(EVENTS)
    expect(verifyLog(dir)).toMatchObject({ ok: true, size: EVENTS + 1 })
  })
})

describe('the stored roots of blocks', () => {
  test('open the same tree as all the leaves, with the same proofs', () => {
    const { root } = ledger
    const proofs = [0, 31, 32, 200, EVENTS - 1].map((index) => ledger.inclusionProof(index))
    ledger.close()
    ledger = reopened()
    expect(ledger.root).toEqual(root)
    expect([0, 31, 32, 200, EVENTS - 1].map((index) => ledger.inclusionProof(index))).toEqual(proofs)
    expect([...ledger.events()]).toHaveLength(EVENTS)
  })

  test('of which one was changed stop the opening, and verification says so', () => {
    change('UPDATE block SET root = zeroblob(32) WHERE number = 3')
    expect(reopened).toThrow(fault('LEDGER_CORRUPT'))
    expect(verifyLog(dir).problem).toMatchObject({ code: 'altered', index: null })
  })

  test('tell a leaf that was changed under them as soon as it is asked for', () => {
    change('UPDATE event SET leaf = zeroblob(32) WHERE idx = 70')
    ledger = reopened()
    expect(ledger.inclusionProof(5)).toHaveLength(9)
    expect(() => ledger.inclusionProof(75)).toThrow(fault('LEDGER_CORRUPT', '64 to 95'))
    expect(() => [...ledger.events(60, 80)]).toThrow(fault('LEDGER_CORRUPT'))
    expect(verifyLog(dir).problem).toMatchObject({ code: 'altered', index: 70 })
  })

  test('are made up for a ledger from before them, which verifies before and after', () => {
    const { root } = ledger
    change(FIRST_VERSION)
    expect(verifyLog(dir)).toMatchObject({ ok: true, size: EVENTS })
    const reading = Ledger.open({ dir, signer: key.signer, now, readonly: true })
    expect(reading.root).toEqual(root)
    reading.close()
    ledger = reopened()
    expect(ledger.root).toEqual(root)
    ledger.append(closing('after the migration'))
    ledger.close()
    const db = new Database(join(dir, 'ledger.db'))
    expect(db.prepare('SELECT count(*) FROM block').pluck().get()).toBe(Math.floor(EVENTS / 32))
    db.close()
    expect(verifyLog(dir)).toMatchObject({ ok: true, size: EVENTS + 1 })
  })

  test('are not made up for a ledger whose leaves are not the signed ones', () => {
    change(`${FIRST_VERSION}; UPDATE event SET leaf = zeroblob(32) WHERE idx = 3`)
    expect(reopened).toThrow(fault('LEDGER_CORRUPT'))
  })
})

describe('the index of events', () => {
  const opened = { of: ['station.key'] } as const

  test('finds the events of a kind, of a session, or all others', () => {
    const indices = (choice: EventChoice) => [...ledger.chosen(choice)].map(({ index }) => index)
    ledger.append({ type: 'clock.jump', data: { wallMs: 1, boottimeMs: 2 } })
    ledger.append(closing('session-wanted'))
    expect(indices(opened)).toEqual([0])
    expect(indices({ of: ['session.closed'], session: 'session-wanted' })).toEqual([EVENTS + 1])
    expect(indices({ of: ['clock.jump', 'station.key'] })).toEqual([0, EVENTS])
    expect(indices({ but: ['session.closed'] })).toEqual([0, EVENTS])
  })

  test('that calls an event another kind is found when the event is read, and by verification', () => {
    change(`UPDATE event_kind SET type = 'consent' WHERE idx = 70`)
    ledger = reopened()
    expect(() => [...ledger.chosen({ of: ['consent'] })]).toThrow(fault('LEDGER_CORRUPT', 'event 70'))
    expect(verifyLog(dir).problem).toMatchObject({ code: 'altered', index: null })
  })

  test.each([
    ['lacks an event', 'DELETE FROM event_kind WHERE idx = 70'],
    ['is gone', 'DROP TABLE event_kind'],
  ])('that %s is made again at the next opening', (_, sql) => {
    change(sql)
    const reading = Ledger.open({ dir, signer: key.signer, now, readonly: true })
    expect([...reading.chosen(opened)]).toHaveLength(1)
    reading.close()
    ledger = reopened()
    expect([...ledger.chosen({ but: [] })]).toHaveLength(EVENTS)
    expect(verifyLog(dir)).toMatchObject({ ok: true, size: EVENTS })
  })
})

/** Takes away what later versions of the file added. */
const FIRST_VERSION =
  'DROP TABLE block; DROP TABLE gm_checkpoint; DROP TABLE event_kind; PRAGMA user_version = 1'

function reopened(): Ledger {
  return Ledger.open({ dir, signer: key.signer, now })
}

function codeOfReadingAll(): string {
  try {
    const opened = reopened()
    try {
      for (const _ of opened.events()) {
        // Reading is checking.
      }
    } finally {
      opened.close()
    }
    return 'nothing'
  } catch (thrown) {
    return (thrown as { code: string }).code
  }
}

function change(sql: string): void {
  ledger.close()
  const db = new Database(join(dir, 'ledger.db'))
  const triggers = db
    .prepare<[], string>(`SELECT name FROM sqlite_schema WHERE type = 'trigger'`)
    .pluck()
    .all()
  for (const trigger of triggers) db.exec(`DROP TRIGGER ${trigger}`)
  db.exec(sql)
  db.close()
}

function fault(code: string, message = '') {
  return expect.objectContaining({ code, message: expect.stringContaining(message) })
}
