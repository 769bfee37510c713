import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { unwrap } from '../../src/common/result.ts'
import { openCheckpoint } from '../../src/ledger/checkpoint.ts'
import type { EventInput } from '../../src/ledger/event.ts'
import { Ledger } from '../../src/ledger/ledger.ts'
import { leafHash, MerkleTree, verifyConsistency, verifyInclusion } from '../../src/ledger/merkle.ts'
import { createStationKey } from '../../src/ledger/station-key.ts'
import {
  appendReceipt,
  birth,
  closing,
  newLedger,
  newWitness,
  steadyClock,
  temporaryFolder,
} from './sample-ledger.ts'

let dir: string
let remove: () => void
beforeEach(() => {
  ;({ dir, remove } = temporaryFolder())
})
afterEach(() => remove())

describe('appending', () => {
  test('gives each event the next index and a signed checkpoint over everything so far', () => {
    const { ledger, key } = newLedger(dir)
    for (let i = 1; i <= 20; i++) {
      const { index, leaf, checkpoint } = ledger.append(closing(`session-${i}`))
      const { origin, size, root } = unwrap(openCheckpoint(checkpoint, [key.signer.key]))
      expect({ index, origin, size }).toEqual({ index: i, origin: key.origin, size: i + 1 })
      expect(root).toEqual(ledger.root)
      const proof = ledger.inclusionProof(i)
      expect(verifyInclusion({ index, size, leaf, root, proof })).toBe(true)
    }
    const { checkpoint } = ledger.append(closing('last'))
    expect(ledger.checkpoint()).toBe(checkpoint)
    ledger.close()
  })

  test('keeps the very bytes that were hashed, each with a salt of its own', () => {
    const { ledger } = newLedger(dir)
    ledger.append(closing('same'))
    ledger.append(closing('same'))
    const events = [...ledger.events()]
    expect(events.map(({ body }) => leafHash(body))).toEqual(events.map(({ leaf }) => leaf))
    expect(events.map(({ event }) => event.index)).toEqual([0, 1, 2])
    expect(new Set(events.map(({ event }) => event.salt)).size).toBe(3)
    ledger.close()
  })

  test('of many events is one transaction: an invalid one among them leaves none', () => {
    const { ledger } = newLedger(dir)
    const before = ledger.checkpoint()
    const invalid = closing('x'.repeat(201))
    expect(() => ledger.appendAll([closing('a'), invalid, closing('b')])).toThrow(
      fault('LEDGER_EVENT_INVALID'),
    )
    expect(ledger.checkpoint()).toBe(before)
    const appended = ledger.appendAll([closing('a'), closing('b'), closing('c')])
    expect(appended.map(({ index }) => index)).toEqual([1, 2, 3])
    expect([...ledger.events(1)].map(({ leaf }) => leaf)).toEqual(appended.map(({ leaf }) => leaf))
    ledger.close()
  })

  test('starts with the birth of the key that signs, and with no second birth', () => {
    const key = createStationKey(dir, { simulated: true })
    const ledger = Ledger.open({ dir, signer: key.signer, now: steadyClock() })
    expect(() => ledger.append(closing('first'))).toThrow(fault('LEDGER_FIRST_EVENT'))
    const foreign = { ...key, vkey: newWitness().vkey }
    expect(() => ledger.append(birth(foreign))).toThrow(fault('LEDGER_FIRST_EVENT'))
    ledger.append(birth(key))
    expect(() => ledger.append(birth(key))).toThrow(fault('LEDGER_FIRST_EVENT'))
    expect(ledger.size).toBe(1)
    ledger.close()
  })

  test('during a loop over the events doesn’t disturb the loop', () => {
    const { ledger } = newLedger(dir)
    ledger.appendAll(Array.from({ length: 600 }, (_, i) => closing(`session-${i}`)))
    let seen = 0
    for (const { index } of ledger.events()) {
      if (index % 200 === 0) ledger.append(closing('meanwhile'))
      seen++
    }
    expect(seen).toBe(601)
    expect(ledger.size).toBe(605)
    ledger.close()
  })

  test('cannot be undone or changed through the database', () => {
    const { ledger } = newLedger(dir)
    ledger.append(closing('a'))
    ledger.keepCheckpoint('session')
    ledger.close()
    const db = new Database(join(dir, 'ledger.db'))
    for (const sql of [
      "UPDATE event SET body = x'00' WHERE idx = 0",
      'DELETE FROM event WHERE idx = 1',
      "INSERT INTO event (idx, body, leaf) VALUES (7, x'00', x'00')",
      'UPDATE head SET size = 1',
      'DELETE FROM head',
      'DELETE FROM kept_checkpoint',
      "UPDATE signed_size SET signature = x'00'",
    ]) {
      expect(() => db.prepare(sql).run(), sql).toThrow(/never|in order|keeps/)
    }
    db.close()
  })
})

describe('opening again', () => {
  test('gives the same tree, from which proofs to older trees can be made', () => {
    const { ledger, key, now } = newLedger(dir)
    const roots = [ledger.root]
    for (let i = 1; i < 40; i++) {
      ledger.append(closing(`session-${i}`))
      roots.push(ledger.root)
    }
    const head = ledger.checkpoint()
    ledger.close()
    const again = Ledger.open({ dir, signer: key.signer, now })
    expect(again.checkpoint()).toBe(head)
    for (const [i, firstRoot] of roots.entries()) {
      const proof = again.consistencyProof(i + 1)
      const claim = { first: i + 1, second: 40, firstRoot, secondRoot: again.root, proof }
      expect(verifyConsistency(claim)).toBe(true)
    }
    expect(MerkleTree.fromLeaves([...again.events()].map(({ leaf }) => leaf)).root()).toEqual(again.root)
    again.close()
  })

  test('for reading takes no lock, appends nothing and leaves nothing beside the file', () => {
    const { ledger, key, now } = newLedger(dir)
    const beside = Ledger.open({ dir, signer: key.signer, now, readonly: true })
    ledger.append(closing('later'))
    expect([beside.size, ledger.size]).toEqual([1, 2])
    expect(() => beside.append(closing('x'))).toThrow(fault('LEDGER_READ_ONLY'))
    beside.close()
    ledger.close()
    const files = readdirSync(dir)
    Ledger.open({ dir, signer: key.signer, now, readonly: true }).close()
    expect(readdirSync(dir)).toEqual(files)
  })

  test('is refused while another writer has it, in this process and in another', () => {
    const { ledger, key, now } = newLedger(dir)
    expect(() => Ledger.open({ dir, signer: key.signer, now })).toThrow(fault('LEDGER_LOCKED'))
    const ledgerModule = new URL('../../src/ledger/', import.meta.url)
    const program = `
      const { Ledger } = await import('${ledgerModule}ledger.ts')
      const { loadStationKey } = await import('${ledgerModule}station-key.ts')
      const { signer } = loadStationKey(${JSON.stringify(dir)})
      try { Ledger.open({ dir: ${JSON.stringify(dir)}, signer, now: () => null }) } catch (e) { console.log(e.code) }`
    const other = spawnSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' })
    expect(other.stdout.trim()).toBe('LEDGER_LOCKED')
    ledger.close()
    Ledger.open({ dir, signer: key.signer, now }).close()
  })

  test('after the writer was killed goes on with every event that was acknowledged', () => {
    const key = createStationKey(dir, { simulated: true })
    const ledgerModule = new URL('../../src/ledger/', import.meta.url)
    const program = `
      import { writeSync } from 'node:fs'
      const { Ledger } = await import('${ledgerModule}ledger.ts')
      const { loadStationKey } = await import('${ledgerModule}station-key.ts')
      const { signer, vkey } = loadStationKey(${JSON.stringify(dir)})
      const now = () => ({ wall: 1, boot: 'b', boottime: 1, trust: 'unconfirmed' })
      const ledger = Ledger.open({ dir: ${JSON.stringify(dir)}, signer, now })
      ledger.append({ type: 'station.key', data: { vkey, simulated: true, software: 'test' } })
      for (let i = 1; i < 200; i++) {
        const { index } = ledger.append({ type: 'session.closed', data: { class: 'c', session: String(i) } })
        writeSync(1, index + '\\n')
      }
      process.kill(process.pid, 'SIGKILL')`
    const writer = spawnSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' })
    expect(writer.signal).toBe('SIGKILL')
    expect(writer.stdout.trim().split('\n').at(-1)).toBe('199')
    expect(existsSync(join(dir, 'ledger.db-wal'))).toBe(true)
    const ledger = Ledger.open({ dir, signer: key.signer, now: steadyClock() })
    expect(ledger.size).toBe(200)
    ledger.close()
  })

  test('with another station’s key is refused', () => {
    newLedger(dir).ledger.close()
    const other = temporaryFolder()
    const key = createStationKey(other.dir, { simulated: true })
    expect(() => Ledger.open({ dir, signer: key.signer, now: steadyClock() })).toThrow(
      fault('LEDGER_WRONG_KEY'),
    )
    other.remove()
  })

  test.each([
    [
      'a changed body',
      "UPDATE event SET body = substr(body, 1, length(body) - 1) || x'20' WHERE idx = 3",
      'event 3',
    ],
    ['a changed leaf', 'UPDATE event SET leaf = zeroblob(32) WHERE idx = 3', 'signed head'],
    ['a missing event', 'DELETE FROM event WHERE idx = 9', 'signed head'],
    ['an older head', 'UPDATE head SET size = 2, note = (SELECT note FROM kept_checkpoint)', 'signed head'],
  ])('with %s stops with a code and gives the file back untouched', (_, sql, message) => {
    const { ledger, key, now } = newLedger(dir)
    ledger.append(closing('kept'))
    ledger.keepCheckpoint('session')
    for (let i = 2; i < 10; i++) ledger.append(closing(`session-${i}`))
    ledger.close()
    tamper(dir, sql)
    expect(() => Ledger.open({ dir, signer: key.signer, now })).toThrow(fault('LEDGER_CORRUPT', message))
    expect(() => Ledger.open({ dir, signer: key.signer, now, readonly: true })).toThrow(
      fault('LEDGER_CORRUPT'),
    )
  })

  test('of a file that is no ledger stops with a code', () => {
    const { ledger, key, now } = newLedger(dir)
    ledger.close()
    const other = temporaryFolder()
    expect(() => Ledger.open({ dir: other.dir, signer: key.signer, now, readonly: true })).toThrow(
      fault('LEDGER_NOT_FOUND'),
    )
    expect(() => Ledger.open({ dir: join(other.dir, 'none'), signer: key.signer, now })).toThrow(
      fault('LEDGER_NOT_FOUND'),
    )
    cpSync(join(dir, 'station.key'), join(other.dir, 'ledger.db'))
    expect(() => Ledger.open({ dir: other.dir, signer: key.signer, now })).toThrow(fault('LEDGER_CORRUPT'))
    rmSync(join(other.dir, 'ledger.db'))
    const db = new Database(join(other.dir, 'ledger.db'))
    db.exec('CREATE TABLE something_else (x)')
    db.close()
    expect(() => Ledger.open({ dir: other.dir, signer: key.signer, now })).toThrow(fault('LEDGER_CORRUPT'))
    other.remove()
  })

  test('of a ledger from a newer version is refused, and the file stays as it is', () => {
    const { ledger, key, now } = newLedger(dir)
    ledger.close()
    const db = new Database(join(dir, 'ledger.db'))
    db.pragma('user_version = 99')
    db.close()
    expect(() => Ledger.open({ dir, signer: key.signer, now })).toThrow(fault('LEDGER_VERSION'))
  })
})

describe('receipts', () => {
  const witness = newWitness()

  test('count what is unsent, and receipts themselves do not', () => {
    const sample = newLedger(dir)
    const { ledger, key, now } = sample
    ledger.append(closing('a'))
    expect([ledger.unsent, ledger.newestReceipt()]).toEqual([2, null])
    appendReceipt(sample, witness)
    expect(ledger.unsent).toBe(0)
    expect(ledger.newestReceipt()?.size).toBe(2)
    ledger.append(closing('b'))
    expect(ledger.unsent).toBe(2)
    appendReceipt(sample, witness)
    appendReceipt(sample, witness)
    expect([ledger.size, ledger.unsent]).toEqual([6, 0])
    const newest = ledger.newestReceipt()
    ledger.close()
    const again = Ledger.open({ dir, signer: key.signer, now })
    expect([again.unsent, again.newestReceipt()]).toEqual([0, newest])
    again.close()
  })

  test('of another tree than this are refused and leave the ledger as it was', () => {
    const sample = newLedger(dir)
    const { ledger, now } = sample
    const other = temporaryFolder()
    const stranger = newLedger(other.dir)
    const note = witness.cosign(ledger.checkpoint(), 1_772_409_600)
    const root = Buffer.from(ledger.root).toString('hex')
    const honest = { witness: 'w', size: 1, root, time: now().wall, note }
    const receipts: EventInput[] = [
      { type: 'receipt', data: { ...honest, size: 2 } },
      { type: 'receipt', data: { ...honest, root: '00'.repeat(32) } },
      { type: 'receipt', data: { ...honest, note: witness.cosign(stranger.ledger.checkpoint(), 1) } },
      { type: 'receipt', data: { ...honest, note: 'nothing' } },
    ]
    for (const receipt of receipts)
      expect(() => ledger.append(receipt)).toThrow(fault('LEDGER_RECEIPT_FALSE'))
    expect([ledger.size, ledger.unsent]).toEqual([1, 1])
    ledger.append({ type: 'receipt', data: honest })
    expect(ledger.unsent).toBe(0)
    ledger.close()
    stranger.ledger.close()
    other.remove()
  })
})

function tamper(folder: string, sql: string): void {
  const db = new Database(join(folder, 'ledger.db'))
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
