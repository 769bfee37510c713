import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Fault } from '../../src/common/fault.ts'
import type { EventData } from '../../src/ledger/event.ts'
import type { Rehash } from '../../src/ledger/rehash.ts'
import { systemClock } from '../../src/station/clock.ts'
import { createStation, openStation, type StationData } from '../../src/station/data-folder.ts'
import { watchLedger } from '../../src/station/ledger-watch.ts'

const closing = { type: 'session.closed', data: { class: 'c', session: 's' } } as const

let dir: string
let data: StationData
let faults: Fault[]
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'shidao-watch-'))
  data = createStation(dir, { simulated: true, clock: systemClock() })
  data.ledger.appendAll(Array.from({ length: 600 }, () => closing))
  faults = []
})
afterEach(() => {
  data.close()
  rmSync(dir, { recursive: true })
})

test('what was verified is told once, to be recorded; what stops the ledger is not', async () => {
  const found: unknown[] = []
  const onVerified = (finding: EventData['ledger.rehashed']) => {
    found.push(finding)
    data.ledger.append({ type: 'ledger.rehashed', data: finding })
  }
  await watchLedger(data, (fault) => faults.push(fault), onVerified).finished
  expect(found).toEqual([{ size: 601, problem: null, ms: expect.any(Number) }])
  change(`UPDATE event SET body = x'00' WHERE idx = 100`)
  await watchLedger(data, (fault) => faults.push(fault), onVerified).finished
  expect(found).toHaveLength(1)
})

test('a file of an older version is migrated at its opening, and the ledger says so', () => {
  change('DROP TABLE event_kind; PRAGMA user_version = 3')
  const recorded = [...data.ledger.chosen({ of: ['ledger.migrated'] })]
  expect(recorded.map(({ event }) => event.data)).toEqual([{ from: 3, to: 4 }])
})

test('a sound ledger is found sound, and goes on meanwhile', async () => {
  const watch = watchLedger(data, (fault) => faults.push(fault))
  expect(watch.health.state).toBe('running')
  append()
  await watch.finished
  expect(watch.health).toMatchObject({ state: 'sound' })
  append()
  expect(faults).toEqual([])
})

test('an old event that was changed is not seen by the opening, and stops the ledger when it is found', async () => {
  change(`UPDATE event SET body = x'00' WHERE idx = 100`)
  append()
  const watch = watchLedger(data, (fault) => faults.push(fault))
  await watch.finished
  expect(watch.health).toMatchObject({ state: 'damaged', fault: { code: 'LEDGER_ALTERED' } })
  expect(faults.map(({ code, message }) => [code, message.includes('event 100')])).toEqual([
    ['LEDGER_ALTERED', true],
  ])
  expect(append).toThrow(expect.objectContaining({ code: 'LEDGER_ALTERED' }))
  expect(() => data.ledger.keepCheckpoint('session')).toThrow(
    expect.objectContaining({ code: 'LEDGER_ALTERED' }),
  )
})

test('lost records about people are told and turn nobody away', async () => {
  const actor = '0f'.repeat(16)
  const [publicKey, identity] = ['11'.repeat(32), '22'.repeat(32)]
  data.ledger.append({
    type: 'actor.enrolled',
    data: { actor, role: 'teacher', publicKey, identity, act: null },
  })
  const watch = watchLedger(data, (fault) => faults.push(fault))
  await watch.finished
  expect(faults.map(({ code }) => code)).toEqual(['LEDGER_SIDE_DATA_MISSING'])
  append()
})

test('a process that ends without an answer says so, unless the station is what ended it', async () => {
  const broken = (): Rehash => {
    let end = (_: Error) => {}
    const finished = new Promise<never>((_, reject) => {
      end = reject
    })
    return { finished, stop: () => end(new Error('gone')) }
  }
  const ended = watchLedger(
    data,
    (fault) => faults.push(fault),
    () => {},
    () => ({
      finished: Promise.reject(new Error('gone')),
      stop: () => {},
    }),
  )
  await ended.finished
  expect([ended.health.state, faults.length]).toEqual(['unknown', 1])
  const stopped = watchLedger(
    data,
    (fault) => faults.push(fault),
    () => {},
    broken,
  )
  await stopped.stop()
  expect(faults).toHaveLength(1)
})

test('a real one can be stopped at any time', async () => {
  const watch = watchLedger(data, (fault) => faults.push(fault))
  await watch.stop()
  expect(faults).toEqual([])
})

function append(): void {
  data.ledger.append(closing)
}

function change(sql: string): void {
  data.close()
  const db = new Database(join(dir, 'ledger.db'))
  db.exec('DROP TRIGGER event_no_update')
  db.exec(sql)
  db.close()
  data = openStation(dir, { clock: systemClock() })
}
