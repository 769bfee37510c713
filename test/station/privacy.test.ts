import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { unzipSync } from 'fflate'
import { afterEach, describe, expect, test } from 'vitest'
import { defaultPack } from '../../src/attendance/shipped-packs.ts'
import { unwrap } from '../../src/common/result.ts'
import { archive } from '../../src/export/archive.ts'
import { verifyEventProof } from '../../src/inspect/verify-event-proof.ts'
import { verifyLog } from '../../src/ledger/verify.ts'
import { destroyFaceData } from '../../src/station/erasure.ts'
import { personFile, recordPersonExport } from '../../src/station/person-file.ts'
import { applyRetention, dueRecords } from '../../src/station/retention.ts'
import { packFolder } from '../../src/station/setup.ts'
import { Staff } from '../../src/station/staff.ts'
import { DoorRig, START, trainee } from './door-rig.ts'

const DAY = 86_400_000
const portrait = 'portrait/official'

let rig: DoorRig
afterEach(() => rig.stop())

describe('records whose term in the rule pack is over', () => {
  test('are destroyed by kind: face data is gone, the name stays, and the event says by which rule', () => {
    rig = new DoorRig()
    rig.data.side.put(rig.person, 'biometric', portrait, Uint8Array.of(1, 2, 3))
    rig.clock.set(START + 91 * DAY)
    expect(applyRetention(rig.data)).toHaveLength(1)
    expect(rig.data.side.get(rig.person, 'biometric', portrait)).toBeNull()
    expect(rig.data.side.get(rig.person, 'identity', 'person')).not.toBeNull()
    const { reason, act, kind } = rig.last('record.destroyed')
    expect([kind, act, reason]).toEqual(['biometric', null, `retention ${defaultPack().id} 90 days after c`])
    expect(applyRetention(rig.data), 'once is enough').toEqual([])
    expect(verifyLog(rig.dir)).toMatchObject({ ok: true, deleted: 1 })
  })

  test('are kept until the day, and wherever a pack has no terms', () => {
    rig = new DoorRig()
    rig.data.side.put(rig.person, 'biometric', portrait, Uint8Array.of(1, 2, 3))
    expect(dueRecords(rig.data, START + 90 * DAY)).toEqual([])
    expect(dueRecords(rig.data, START + 91 * DAY)).toHaveLength(1)
    const [file = ''] = readdirSync(packFolder(rig.dir))
    expect(file).toBe(`${defaultPack().sha256}.json`)
  })

  test('are not destroyed on the word of a clock that differs from the kernel’s', () => {
    rig = new DoorRig()
    const bent = { ...rig.data, clock: { ...rig.clock, deviation: () => 400 * DAY } }
    expect(() => applyRetention(bent)).toThrow(expect.objectContaining({ code: 'STATION_CLOCK' }))
  })
})

describe('what is held about a person', () => {
  test('is one file with every record opened, their events and a proof, and handing it out is an event', () => {
    rig = new DoorRig()
    rig.data.side.put(rig.person, 'biometric', portrait, Uint8Array.of(1, 2, 3))
    const consent = { person: rig.person, purpose: 'face' as const, granted: true, notice: '0'.repeat(64) }
    rig.data.ledger.append({ type: 'consent', data: consent })
    const bytes = archive(personFile(rig.data, rig.person), 'deflated')
    const files = unzipSync(bytes)
    expect(Object.keys(files)).toEqual([
      'records/biometric/portrait_official',
      'records/identity/person',
      'events.ndjson',
      'events.shidao-proof',
    ])
    expect(files['records/biometric/portrait_official']).toEqual(Uint8Array.of(1, 2, 3))
    expect(Buffer.from(files['records/identity/person']!).toString()).toContain(trainee.name)
    const proof = unwrap(verifyEventProof(files['events.shidao-proof']!))
    expect(proof).toMatchObject({ ok: true, about: { kind: 'person', person: rig.person } })
    const request = { person: rig.person, bytes, by: rig.supervisor }
    const digest = unwrap(recordPersonExport(rig.data, new Staff(rig.data), request))
    expect(rig.last('person.exported')).toMatchObject({ person: rig.person, sha256: digest })
    expect(verifyLog(rig.dir).problem).toBeNull()
  })

  test('is not handed out by somebody with a wrong PIN', () => {
    rig = new DoorRig()
    const request = { person: rig.person, bytes: new Uint8Array(), by: { ...rig.supervisor, pin: '000000' } }
    expect(recordPersonExport(rig.data, new Staff(rig.data), request)).toMatchObject({ ok: false })
  })
})

describe('in the files of a station', () => {
  /** Every byte of every file in a folder, with those of databases and their logs. */
  const filesHolding = (dir: string, needle: Buffer): string[] =>
    readdirSync(dir, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((path) => readFileSync(path).includes(needle))

  test('a sealed record that was destroyed has left no byte, in databases or their logs', () => {
    rig = new DoorRig()
    // What lies on the disk is ciphertext: that very ciphertext is the marker that is looked for.
    const before = new Set(sealedParts(rig))
    rig.data.side.put(rig.person, 'biometric', portrait, randomBytes(20_000))
    const planted = sealedParts(rig).filter((part) => !before.has(part))
    expect(planted.length).toBeGreaterThan(0)
    for (const part of planted) expect(filesHolding(rig.dir, Buffer.from(part, 'hex'))).not.toEqual([])
    unwrap(destroyFaceData(rig.data, new Staff(rig.data), rig.person, { reason: 'test', by: rig.supervisor }))
    for (const part of planted) expect(filesHolding(rig.dir, Buffer.from(part, 'hex'))).toEqual([])
  })

  test('no name, number or picture stands in the clear, whatever was recorded', async () => {
    rig = new DoorRig()
    const picture = randomBytes(64)
    rig.data.side.put(rig.person, 'biometric', portrait, picture)
    for (const secret of [trainee.name, trainee.number, '模拟督导', rig.supervisor.pin]) {
      expect(filesHolding(rig.dir, Buffer.from(secret)), secret).toEqual([])
    }
    expect(filesHolding(rig.dir, picture)).toEqual([])
  })

  test('the search finds what is there', () => {
    rig = new DoorRig()
    mkdirSync(join(rig.dir, 'deep'))
    writeFileSync(join(rig.dir, 'deep', 'log.txt'), `x${trainee.number}y`)
    expect(filesHolding(rig.dir, Buffer.from(trainee.number))).toHaveLength(1)
  })
})

/** 16 bytes out of the middle of each sealed record and wrapped key that the databases hold, hex. */
function sealedParts({ dir }: DoorRig): string[] {
  const parts: string[] = []
  for (const [file, table, column] of [
    ['side.db', 'record', 'sealed'],
    ['keys.db', 'person_key', 'wrapped'],
  ] as const) {
    if (!existsSync(join(dir, file))) continue
    const db = new Database(join(dir, file), { readonly: true })
    for (const blob of db.prepare<[], Buffer>(`SELECT ${column} FROM ${table}`).pluck().all()) {
      parts.push(blob.subarray(20, 36).toString('hex'))
    }
    db.close()
  }
  return parts
}
