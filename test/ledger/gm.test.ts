import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { unwrap } from '../../src/common/result.ts'
import { openCheckpoint } from '../../src/ledger/checkpoint.ts'
import { createNextGmKey, gmCommandKeyFile, gmSigner, NEXT_GM_KEY_FILE } from '../../src/ledger/gm-key.ts'
import { finishGmRekey, rekeyGm } from '../../src/ledger/gm-rekey.ts'
import { gmOrigin, sm2Signer } from '../../src/ledger/gm-suite.ts'
import { GmTree } from '../../src/ledger/gm-tree.ts'
import { Ledger } from '../../src/ledger/ledger.ts'
import { openNote } from '../../src/ledger/note.ts'
import { parsePolicy } from '../../src/ledger/policy.ts'
import { rotationNote } from '../../src/ledger/rotation.ts'
import { createStationKey, type StationKey } from '../../src/ledger/station-key.ts'
import { verifyLog } from '../../src/ledger/verify.ts'
import { openStation } from '../../src/station/data-folder.ts'
import { writeSettings } from '../../src/station/settings.ts'
import { describeIf } from '../support/requires.ts'
import { appendReceipt, birth, closing, newWitness, steadyClock, temporaryFolder } from './sample-ledger.ts'
import { noOpenssl, opensslKey } from './sm2-openssl.ts'

let dir: string
let remove: () => void
let key: StationKey
const now = steadyClock()
beforeEach(() => {
  ;({ dir, remove } = temporaryFolder())
  key = createStationKey(dir, { simulated: true })
})
afterEach(() => remove())

describe('a ledger with a second tree', () => {
  test('signs it at the ends of sessions, at receipts and exports, and verifies as gm', () => {
    const { ledger, gm } = started()
    ledger.append(closing('session-1'))
    appendReceipt({ ledger, key, now }, newWitness())
    ledger.append({ type: 'reader.changed', data: { before: null, after: null } })
    ledger.keepCheckpoint('export')
    ledger.close()
    const notes = gmNotes()
    expect(notes.map((note) => note.split('\n').slice(0, 2))).toEqual(
      [2, 3, 4, 5].map((size) => [gmOrigin(key.origin), String(size)]),
    )
    for (const note of notes) expect(openNote(note, [gm.key]).ok).toBe(true)
    expect(verifyLog(dir)).toMatchObject({ ok: true, suite: 'gm', size: 5 })
  })

  test('goes on from its newest signature when it is opened again, and from the start if that is not true', () => {
    const { ledger, gm } = started()
    ledger.append(closing('session-1'))
    ledger.close()
    const again = Ledger.open({ dir, signer: key.signer, gm, now })
    again.append(closing('session-2'))
    again.close()
    edit('DROP TRIGGER gm_checkpoint_no_update', 'UPDATE gm_checkpoint SET peaks = zeroblob(length(peaks))')
    const repaired = Ledger.open({ dir, signer: key.signer, gm, now })
    repaired.append(closing('session-3'))
    repaired.close()
    expect(verifyLog(dir)).toMatchObject({ ok: true, suite: 'gm', size: 5 })
  })

  test('is as it was before when an append is refused', () => {
    const { ledger } = started()
    const refused = { type: 'session.closed', data: { class: '', session: 'x' } } as const
    expect(() => ledger.appendAll([closing('session-1'), refused])).toThrow()
    ledger.append(closing('session-2'))
    ledger.close()
    expect(verifyLog(dir)).toMatchObject({ ok: true, suite: 'gm', size: 3 })
  })

  test.each([
    ['a checkpoint is gone', 'removed', 'no_delete', 'DELETE FROM gm_checkpoint WHERE size = 3'],
    [
      'a checkpoint is of another size',
      'rolled-back',
      'no_update',
      `UPDATE gm_checkpoint SET note = replace(note, char(10) || '3' || char(10), char(10) || '9' || char(10)) WHERE size = 3`,
    ],
    ['a checkpoint is none', 'altered', 'no_update', `UPDATE gm_checkpoint SET note = 'x' WHERE size = 3`],
    [
      'a checkpoint has another root',
      'wrong-key',
      'no_update',
      `UPDATE gm_checkpoint SET note = substr(note, 1, instr(note, '=') - 6)
         || iif(substr(note, instr(note, '=') - 5, 1) = 'A', 'B', 'A') || substr(note, instr(note, '=') - 4)
       WHERE size = 3`,
    ],
  ])('is found out if %s', (_, code, trigger, sql) => {
    const { ledger } = started()
    ledger.append(closing('session-1'))
    ledger.close()
    edit(`DROP TRIGGER gm_checkpoint_${trigger}`, sql)
    // The one that is gone or moved is named first where it belongs, at event 2.
    const found = verifyLog(dir).problem?.code
    expect(code === 'wrong-key' ? ['wrong-key', 'altered', 'removed'] : [code, 'removed']).toContain(found)
  })

  test('that another key signed is refused, against the ledger’s own word and against a policy', () => {
    const { ledger } = started()
    ledger.append(closing('session-1'))
    ledger.close()
    const stranger = sm2Signer(gmOrigin(key.origin), new Uint8Array(32).fill(1))
    const policy = (vkey: string) => parsePolicy(Buffer.from(`log ${key.vkey}\nlog ${vkey}\nquorum none\n`))
    const own = policy(gmSigner(dir, key.origin).key.vkey)
    const other = policy(stranger.key.vkey)
    expect(own.ok && verifyLog(dir, { policy: own.value })).toMatchObject({ ok: true, trust: 'key' })
    expect(other.ok && verifyLog(dir, { policy: other.value }).problem).toMatchObject({
      code: 'wrong-key',
      index: 1,
    })
  })

  test('shown outside once, tells that history was rewritten since', () => {
    const { ledger } = started()
    ledger.append(closing('session-1'))
    ledger.close()
    const note = gmNotes().at(-1)!
    expect(verifyLog(dir, { checkpoints: [note] }).ok).toBe(true)
    const forged = note.replace('\n3\n', '\n7\n')
    expect(verifyLog(dir, { checkpoints: [forged] }).problem?.code).toBe('rolled-back')
  })
})

test('the second tree’s root is that of RFC 6962 with SM3, at every size', () => {
  const tree = new GmTree()
  expect(Buffer.from(tree.root()).toString('hex')).toBe(
    '1ab21d8355cfa17f8e61194831e81a8f22bec8c728fefb747ed035eb5082aa2b',
  )
  const peaks = []
  for (let size = 1; size <= 64; size++) {
    tree.append(Buffer.from(`event ${size}`))
    peaks.push(tree.peaks.length)
  }
  expect(peaks).toEqual(Array.from({ length: 64 }, (_, i) => (i + 1).toString(2).replaceAll('0', '').length))
})

test('station.json switches the suite, and the ledger says from where on', () => {
  const clock = { now } as unknown as Parameters<typeof openStation>[1]['clock']
  const first = Ledger.open({ dir, signer: key.signer, now })
  first.append(birth(key))
  first.close()
  const visit = (suite: 'std' | 'gm') => {
    writeSettings(dir, { suite })
    const data = openStation(dir, { clock })
    data.ledger.append(closing(suite))
    const types = [...data.ledger.events()].map(({ event }) => event.type)
    data.close()
    return types.filter((type) => type === 'station.suite').length
  }
  expect([visit('std'), visit('gm'), visit('gm'), visit('std'), visit('std'), visit('gm')]).toEqual([
    0, 1, 1, 2, 2, 3,
  ])
  expect(verifyLog(dir)).toMatchObject({ ok: true, suite: 'gm' })
  expect(readFileSync(join(dir, 'station-gm.key'), 'utf8')).toContain('privateKey')
})

describeIf(noOpenssl, 'a key that another process holds', () => {
  const program = fileURLToPath(new URL('gm-driver.ts', import.meta.url))

  test('signs the second tree through a signing program', () => {
    const held = opensslKey()
    writeFileSync(
      join(dir, 'station-gm.key'),
      gmCommandKeyFile(held.publicKey, [process.execPath, program, held.file]),
    )
    const { ledger } = started()
    ledger.append(closing('session-1'))
    ledger.close()
    expect(verifyLog(dir)).toMatchObject({ ok: true, suite: 'gm', size: 3 })
  })

  test.each(['false', 'hang'])(
    'that answers with %s stops the append visibly, and nothing was recorded',
    (answer) => {
      const held = opensslKey()
      const file = JSON.parse(gmCommandKeyFile(held.publicKey, [process.execPath, program, answer]))
      writeFileSync(join(dir, 'station-gm.key'), JSON.stringify({ ...file, timeoutMs: 1_500 }))
      const gm = gmSigner(dir, key.origin)
      const ledger = Ledger.open({ dir, signer: key.signer, gm, now })
      ledger.append(birth(key))
      expect(() => ledger.append(closing('session-1'))).toThrow(
        expect.objectContaining({ code: 'LEDGER_SIGNER' }),
      )
      expect(ledger.size).toBe(1)
      ledger.close()
      expect(verifyLog(dir)).toMatchObject({ ok: true, size: 1 })
    },
  )
})

describe('a change of the second tree’s key', () => {
  const policyOf = (...vkeys: readonly string[]) => {
    const policy = parsePolicy(Buffer.from(`${vkeys.map((vkey) => `log ${vkey}\n`).join('')}quorum none\n`))
    return { policy: unwrap(policy) }
  }

  test('is signed by both keys: who knows the old one believes what the next one signs', () => {
    const { ledger, gm } = started()
    ledger.append(closing('session-1'))
    rekeyGm(dir, ledger, { reason: 'planned' })
    ledger.append(closing('session-2'))
    ledger.close()
    const next = gmSigner(dir, key.origin)
    expect(next.key.vkey).not.toBe(gm.key.vkey)
    expect(existsSync(join(dir, NEXT_GM_KEY_FILE))).toBe(false)
    expect(openCheckpoint(gmNotes().at(-1)!, [next.key]).ok).toBe(true)
    expect(verifyLog(dir, policyOf(key.vkey, gm.key.vkey))).toMatchObject({ ok: true, suite: 'gm', size: 5 })
    const again = Ledger.open({ dir, signer: key.signer, gm: next, now })
    expect(again.isSuiteRecorded()).toBe(true)
    again.append(closing('session-3'))
    again.close()
    expect(verifyLog(dir)).toMatchObject({ ok: true, suite: 'gm', size: 6 })
  })

  test('that the old key did not sign is found', () => {
    const { ledger } = started()
    const { size, root } = ledger.gmTree()
    const [thief, other] = [1, 2].map((byte) =>
      sm2Signer(gmOrigin(key.origin), new Uint8Array(32).fill(byte)),
    )
    const note = rotationNote({ size, root, reason: 'planned' }, other!, thief!)
    ledger.rekeyGm(thief!, { reason: 'planned', note, act: null })
    ledger.close()
    expect(verifyLog(dir).problem).toMatchObject({ code: 'wrong-key', index: 2 })
  })

  test('that was broken off is finished by what the ledger says', () => {
    const { ledger, gm } = started()
    createNextGmKey(dir, key.origin, { ...ledger.gmTree(), reason: 'planned' })
    ledger.close()
    finishGmRekey(dir, key.origin)
    expect(gmSigner(dir, key.origin).key.vkey).toBe(gm.key.vkey)
    const again = Ledger.open({ dir, signer: key.signer, gm, now })
    const { next, note } = createNextGmKey(dir, key.origin, { ...again.gmTree(), reason: 'compromised' })
    again.rekeyGm(next, { reason: 'compromised', note, act: null })
    again.close()
    finishGmRekey(dir, key.origin)
    expect(gmSigner(dir, key.origin).key.vkey).toBe(next.key.vkey)
  })

  test('of a key in hardware is made there, not here', () => {
    writeFileSync(join(dir, 'station-gm.key'), gmCommandKeyFile(new Uint8Array(64).fill(7), ['none']))
    const at = { size: 1, root: new Uint8Array(32), reason: 'planned' } as const
    expect(() => createNextGmKey(dir, key.origin, at)).toThrow(
      expect.objectContaining({ code: 'LEDGER_GM_KEY' }),
    )
  })
})

/** A ledger that was born and switched to gm: two events. */
function started() {
  const gm = gmSigner(dir, key.origin)
  const ledger = Ledger.open({ dir, signer: key.signer, gm, now })
  ledger.append(birth(key))
  ledger.append({ type: 'station.suite', data: { suite: 'gm', vkey: gm.key.vkey } })
  return { ledger, gm }
}

function gmNotes(): string[] {
  const db = new Database(join(dir, 'ledger.db'), { readonly: true })
  const notes = db.prepare<[], string>('SELECT note FROM gm_checkpoint ORDER BY size').pluck().all()
  db.close()
  return notes
}

function edit(...statements: readonly string[]): void {
  const db = new Database(join(dir, 'ledger.db'))
  for (const sql of statements) db.exec(sql)
  db.close()
}

test('a private key is random and stays the same', () => {
  const first = gmSigner(dir, key.origin).key.vkey
  expect(gmSigner(dir, key.origin).key.vkey).toBe(first)
  expect(sm2Signer(gmOrigin(key.origin), new Uint8Array(randomBytes(32)).fill(0, 0, 1)).key.vkey).not.toBe(
    first,
  )
})
