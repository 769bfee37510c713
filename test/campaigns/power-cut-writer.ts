import { existsSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import type { EventTime } from '../../src/ledger/event.ts'
import { Ledger } from '../../src/ledger/ledger.ts'
import { SideRecords } from '../../src/ledger/side-records.ts'
import { createStationKey, loadStationKey } from '../../src/ledger/station-key.ts'

/*
 * The station that loses its power: FOLDER ACKNOWLEDGED MODE. Each line of ACKNOWLEDGED is what a caller was told is
 * safe: `key`, `event INDEX LEAF`, `record PERSON`. MODE `normal` is the negative control.
 */

const [dir = '', acknowledged = '', mode = 'full'] = process.argv.slice(2)
const ROUNDS = 4
const EVENTS = 120

if (mode === 'normal') loseCommits()
const lines = openSync(acknowledged, 'a', 0o600)
const acknowledge = (...words: (string | number)[]) => writeSync(lines, `${words.join(' ')}\n`)

let ticks = 0
const now = (): EventTime => ({ wall: 1, boot: 'cut', boottime: ++ticks, trust: 'simulated' })

const key = existsSync(join(dir, 'station.key'))
  ? loadStationKey(dir)
  : createStationKey(dir, { simulated: true })
acknowledge('key')
// Closing empties the write-ahead log and removes it; opening makes another.
for (let round = 0; round < ROUNDS; round++) {
  const ledger = Ledger.open({ dir, signer: key.signer, now })
  const side = SideRecords.open(dir, key)
  const append = (...inputs: Parameters<Ledger['append']>[0][]) => {
    for (const { index, leaf } of ledger.appendAll(inputs)) {
      acknowledge('event', index, Buffer.from(leaf).toString('hex'))
    }
  }
  if (ledger.size === 0) {
    append({ type: 'station.key', data: { vkey: key.vkey, simulated: true, software: 'power cut' } })
  }
  for (let i = 0; i < EVENTS; i++) {
    const closed = (session: string) =>
      ({ type: 'session.closed', data: { class: 'c'.repeat(1 + ((i * 37) % 200)), session } }) as const
    append(closed(`${round}-${i}`))
    if (i % 10 === 0) append(closed('a'), closed('b'), closed('c'))
    if (i % 25 === 0) ledger.keepCheckpoint('session')
    if (i % 30 === 0) {
      const person = (round * EVENTS + i).toString(16).padStart(32, '0')
      side.put(person, 'identity', 'card', Buffer.from(`模拟 ${person}`))
      acknowledge('record', person)
    }
  }
  side.close()
  ledger.close()
}

/** What better-sqlite3 does by itself: `synchronous=NORMAL`. The ledger asks for FULL and is told that it has it. */
function loseCommits(): void {
  const { pragma } = Database.prototype
  Database.prototype.pragma = function (this: Database.Database, source, options) {
    if (source === 'synchronous = FULL') return pragma.call(this, 'synchronous = NORMAL', options)
    if (source === 'synchronous') return 2
    return pragma.call(this, source, options)
  }
}
