import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { EventInput, EventTime, FaceEvidence } from '../../src/ledger/event.ts'
import { Ledger } from '../../src/ledger/ledger.ts'
import { SideRecords } from '../../src/ledger/side-records.ts'
import { createStationKey } from '../../src/ledger/station-key.ts'
import { verifyLog } from '../../src/ledger/verify.ts'
import { describeIf } from '../support/requires.ts'
import {
  birth,
  closing,
  newLedger,
  randomId,
  samplePeople,
  signedBy,
  temporaryFolder,
} from './sample-ledger.ts'

let dir: string
let remove: () => void
beforeEach(() => {
  ;({ dir, remove } = temporaryFolder())
})
afterEach(() => remove())

describe('a verified ledger’s events', () => {
  test('have acts that enrolled people signed for this ledger', () => {
    // The file by itself: these people have no records beside it.
    const file = join(dir, 'ledger.db')
    const [operator, stranger] = samplePeople()
    const { ledger, key } = newLedger(dir)
    const { actor, publicKey } = operator
    ledger.append({
      type: 'actor.enrolled',
      data: { actor, role: 'supervisor', publicKey, identity: '11'.repeat(32), act: null },
    })
    const rosterBy = (act: ReturnType<typeof signedBy>): EventInput => ({
      type: 'roster.changed',
      data: { class: 'class-1', added: [], removed: [], reason: 'start', act },
    })
    ledger.append(rosterBy(signedBy({ act: 'roster.change', origin: key.origin }, [operator])))
    expect(verifyLog(file).ok).toBe(true)
    ledger.append(rosterBy(signedBy({ act: 'roster.change', origin: 'shidao/station/other' }, [operator])))
    expect(verifyLog(file).problem).toMatchObject({ code: 'wrong-key', index: 3 })
    ledger.append(rosterBy(signedBy({ act: 'roster.change', origin: key.origin }, [stranger])))
    expect(verifyLog(file).problem).toMatchObject({ code: 'wrong-key', index: 3 })
    ledger.close()
  })

  test('were not signed by people who were enrolled only later', () => {
    const [operator] = samplePeople()
    const { ledger, key } = newLedger(dir)
    const act = signedBy({ act: 'roster.change', origin: key.origin }, [operator])
    ledger.append({ type: 'roster.changed', data: { class: 'c', added: [], removed: [], reason: 'r', act } })
    const { actor, publicKey } = operator
    const identity = '11'.repeat(32)
    ledger.append({
      type: 'actor.enrolled',
      data: { actor, role: 'operator', publicKey, identity, act: null },
    })
    ledger.close()
    expect(verifyLog(dir).problem).toMatchObject({ code: 'wrong-key', index: 1 })
  })

  test('compared faces only by models that the station said it had loaded', () => {
    const { ledger } = newLedger(dir)
    ledger.append(start('aa'.repeat(32)))
    ledger.append(refusal('aa'.repeat(32)))
    expect(verifyLog(dir).ok).toBe(true)
    ledger.append(refusal('bb'.repeat(32)))
    ledger.close()
    expect(verifyLog(dir).problem).toMatchObject({ code: 'model-hash', index: 3 })
  })

  test('never saw the time since boot run backwards, though the wall clock may', () => {
    const times: EventTime[] = [
      { wall: 5_000, boot: 'one', boottime: 100, trust: 'unconfirmed' },
      { wall: 1_000, boot: 'one', boottime: 200, trust: 'unconfirmed' },
      { wall: 1_000, boot: 'two', boottime: 10, trust: 'unconfirmed' },
      { wall: 2_000, boot: 'two', boottime: 9, trust: 'unconfirmed' },
    ]
    const key = createStationKey(dir, { simulated: false })
    const ledger = Ledger.open({ dir, signer: key.signer, now: () => times.shift()! })
    ledger.append(birth(key))
    ledger.append(closing('a'))
    ledger.append(closing('b'))
    expect(verifyLog(dir).ok).toBe(true)
    ledger.append(closing('c'))
    ledger.close()
    expect(verifyLog(dir).problem).toMatchObject({ code: 'clock', index: 3 })
  })

  test('have their identity records beside them, or an event that says they were destroyed', () => {
    const { ledger, key } = newLedger(dir)
    const side = SideRecords.open(dir, key)
    const [kept, deleted, lost] = [randomId(), randomId(), randomId()]
    for (const actor of [kept, deleted, lost]) {
      side.put(actor, 'identity', 'staff', Buffer.from('模拟'))
      const identity = side.commitment(actor, 'identity', 'staff')
      const publicKey = samplePeople()[0].publicKey
      ledger.append({
        type: 'actor.enrolled',
        data: { actor, role: 'teacher', publicKey, identity, act: null },
      })
    }
    side.destroy(deleted, 'identity')
    ledger.append({
      type: 'record.destroyed',
      data: { person: deleted, kind: 'identity', reason: 'retention', act: null },
    })
    expect(verifyLog(dir)).toMatchObject({ ok: true, deleted: 1 })
    side.destroy(lost, 'identity')
    expect(verifyLog(dir).problem).toMatchObject({ code: 'side-data-missing', index: 3 })
    side.close()
    ledger.close()
  })

  test.each([
    ['keys.db', 'keys.db-wal', 'keys.db-shm'],
    ['side.db', 'side.db-wal', 'side.db-shm'],
    ['keys.db', 'side.db'],
  ])('miss their identity records in a station’s folder without %s %s', (...files) => {
    const { ledger, key } = newLedger(dir)
    const side = SideRecords.open(dir, key)
    const actor = randomId()
    side.put(actor, 'identity', 'staff', Buffer.from('模拟'))
    const identity = side.commitment(actor, 'identity', 'staff')
    const { publicKey } = samplePeople()[0]
    ledger.append({
      type: 'actor.enrolled',
      data: { actor, role: 'teacher', publicKey, identity, act: null },
    })
    side.close()
    ledger.close()
    expect(verifyLog(dir).ok).toBe(true)
    for (const file of files) rmSync(join(dir, file), { force: true })
    expect(verifyLog(dir).problem).toMatchObject({ code: 'side-data-missing', index: 1 })
    rmSync(join(dir, 'station.key'))
    expect(verifyLog(dir).ok, 'a copy that is no station').toBe(true)
  })
})

test('a ledger is verified while its station writes, from the write-ahead log too', () => {
  const { ledger } = newLedger(dir)
  for (let i = 1; i < 30; i++) {
    ledger.append(closing(`session-${i}`))
    expect(verifyLog(dir)).toMatchObject({ ok: true, size: i + 1 })
  }
  ledger.close()
})

const namespace = [['-m'], ['-r', '-m']].find(
  (flags) => spawnSync('unshare', [...flags, 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0,
)
describeIf(namespace ? null : 'this user may not mount file systems', 'a disk of its own', () => {
  const project = new URL('../../', import.meta.url).pathname
  const inNamespace = (script: string) =>
    spawnSync('unshare', [...namespace!, 'sh', '-ec', script], { encoding: 'utf8', cwd: project })
  const append = (folder: string, count: number) => `${process.execPath} --input-type=module -e "
    const { Ledger } = await import('${project}src/ledger/ledger.ts')
    const { loadStationKey } = await import('${project}src/ledger/station-key.ts')
    const now = () => ({ wall: 1, boot: 'b', boottime: 1, trust: 'unconfirmed' })
    let size = 0
    try {
      const ledger = Ledger.open({ dir: '${folder}', signer: loadStationKey('${folder}').signer, now })
      const session = 'x'.repeat(150)
      for (size = ledger.size; size < ${count}; size = ledger.size)
        ledger.append({ type: 'session.closed', data: { class: session, session } })
      console.log('done', size)
    } catch (fault) { console.log(fault.code, size) }"`
  const verify = (path: string) => `${process.execPath} src/cli/shidao.js log verify ${path}`

  test('that is read-only is verified, and an append says so', () => {
    newLedger(dir).ledger.close()
    const { stdout } = inNamespace(
      `mount --bind ${dir} ${dir} && mount -o remount,bind,ro ${dir}; ${append(dir, 5)}; ${verify(dir)}`,
    )
    expect(stdout).toMatch(/^LEDGER_READ_ONLY 0\nverified: 1 events/)
  })

  test('that fills up stops with a code and keeps every acknowledged event', () => {
    newLedger(dir).ledger.close()
    const { stdout } = inNamespace(
      `mount -t tmpfs -o size=400k tmpfs /mnt; cp ${dir}/* /mnt; ${append('/mnt', 5_000)}; ${verify('/mnt')}`,
    )
    const [, acknowledged] = /^LEDGER_DISK_FULL (\d+)\n/.exec(stdout) ?? []
    expect(Number(acknowledged)).toBeGreaterThan(10)
    expect(stdout).toContain(`verified: ${acknowledged} events`)
  })
})

function start(sha256: string): EventInput {
  return {
    type: 'station.start',
    data: {
      software: 'test',
      node: 'test',
      engine: 'test',
      models: [{ name: 'model', sha256 }],
      accept: 0.5,
      reject: 0.3,
      reader: null,
      camera: null,
    },
  }
}

function refusal(sha256: string): EventInput {
  const face: FaceEvidence = {
    engine: 'test',
    model: { name: 'model', sha256 },
    accept: 0.5,
    reject: 0.3,
    portrait: '33'.repeat(32),
    score: 0.1,
    frames: [],
    liveness: null,
  }
  return {
    type: 'refusal',
    data: {
      class: null,
      session: null,
      person: null,
      reason: 'nonmatch',
      face,
      reader: null,
      simulated: true,
    },
  }
}
