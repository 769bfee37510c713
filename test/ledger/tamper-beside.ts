import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gmOrigin, sm2Signer } from '../../src/ledger/gm-suite.ts'
import { HEAD_MARK_FILE } from '../../src/ledger/head-mark.ts'
import { Ledger } from '../../src/ledger/ledger.ts'
import { ed25519Signer, type NoteSigner } from '../../src/ledger/note.ts'
import { rotationNote } from '../../src/ledger/rotation.ts'
import { createStationKey } from '../../src/ledger/station-key.ts'
import { birth, closing, newLedger, steadyClock, temporaryFolder } from './sample-ledger.ts'
import {
  adopt,
  anyEvent,
  change,
  resign,
  rowOf,
  signHead,
  type TamperClass,
  type Tampering,
  writeRows,
} from './tampering.ts'

/* Ways to tamper with what lies beside the first tree: blocks' roots, the mark, the second tree, a change of keys. */

export const tamperClassesBeside: readonly TamperClass[] = [
  [
    'a false root of a block',
    ({ db }) => {
      db.prepare('INSERT OR REPLACE INTO block (number, root) VALUES (0, ?)').run(randomBytes(32))
      return { code: 'altered', index: null }
    },
  ],
  [
    'an event called another kind than it is',
    (file) => {
      const type = file.random(2) === 0 ? 'consent' : 'attendance'
      file.db.prepare('UPDATE event_kind SET type = ? WHERE idx = ?').run(type, anyEvent(file))
      return { code: 'altered', index: null }
    },
  ],
  [
    'an event said to be of another session',
    (file) => {
      file.db.prepare(`UPDATE event_kind SET session = 'another' WHERE idx = ?`).run(anyEvent(file))
      return { code: 'altered', index: null }
    },
  ],
  [
    'an event left out of the index of events',
    (file) => {
      file.db.prepare('DELETE FROM event_kind WHERE idx = ?').run(anyEvent(file))
      return { code: 'altered', index: null }
    },
  ],
  [
    'an older copy in its place, with all that was newer, but the mark is still there',
    (file) => {
      const size = 12
      file.rows.length = size
      file.db.exec(
        `DELETE FROM kept_checkpoint WHERE size > ${size}; DELETE FROM signed_size WHERE size > ${size}; DELETE FROM block`,
      )
      writeRows(file)
      signHead(file, file.original.key.signer)
      writeFileSync(join(file.dir, HEAD_MARK_FILE), file.original.head)
      return { code: 'rolled-back', index: size }
    },
  ],
  [
    'a checkpoint of the second tree gone',
    (file) => {
      adoptGm(file)
      const size = gmSizes(file)[file.random(gmSizes(file).length)]!
      file.db.prepare('DELETE FROM gm_checkpoint WHERE size = ?').run(size)
      return { code: 'removed', index: size - 1 }
    },
  ],
  [
    'a checkpoint of the second tree signed by another key',
    (file) => {
      adoptGm(file)
      const size = gmSizes(file)[file.random(gmSizes(file).length)]!
      const find = file.db.prepare<[number], string>('SELECT note FROM gm_checkpoint WHERE size = ?').pluck()
      const note = find.get(size)!
      const bytes = Buffer.from(note.trimEnd().split(' ').at(-1)!, 'base64')
      bytes[10 + file.random(50)]! ^= 1
      const forged = `${note.trimEnd().split(' ').slice(0, -1).join(' ')} ${bytes.toString('base64')}\n`
      file.db.prepare('UPDATE gm_checkpoint SET note = ? WHERE size = ?').run(forged, size)
      return { code: 'wrong-key', index: size - 1 }
    },
  ],
  [
    'a change to a key that the old key didn’t sign',
    (file) => {
      const { index, origin } = adoptRotated(file)
      const thief = newSigner(origin)
      replaceRotation(file, index, thief, rotationNote(rotationAt(index), newSigner(origin), thief))
      signHead(file, thief)
      return { code: 'wrong-key', index }
    },
  ],
  [
    'the old key going on after it gave way',
    (file) => {
      const { old } = adoptRotated(file)
      resign(file, old)
      return { code: 'wrong-key', index: 0 }
    },
  ],
  [
    'history from before a change of keys rewritten by the next key’s holder',
    (file) => {
      const { index, next } = adoptRotated(file)
      change(file.rows[1 + file.random(index - 1)]!)
      file.db.exec('DELETE FROM kept_checkpoint; DELETE FROM signed_size; DELETE FROM block')
      writeRows(file)
      signHead(file, next)
      return { code: 'tail-replaced', index }
    },
  ],
]

function adoptRotated(file: Tampering): { index: number; origin: string; old: NoteSigner; next: NoteSigner } {
  const { dir, remove } = temporaryFolder()
  const { ledger, key } = newLedger(dir)
  const next = newSigner(key.origin)
  for (let i = 0; i < 6; i++) ledger.append(closing(`before-${i}`))
  const index = ledger.size
  const note = rotationNote({ size: index, root: ledger.root, reason: 'planned' }, key.signer, next)
  ledger.rekey(next, { reason: 'planned', note, act: null })
  for (let i = 0; i < 4; i++) ledger.append(closing(`after-${i}`))
  ledger.close()
  adopt(file, dir)
  remove()
  return { index, origin: key.origin, old: key.signer, next }
}

function adoptGm(file: Tampering): void {
  const { dir, remove } = temporaryFolder()
  const key = createStationKey(dir, { simulated: true })
  const gm = sm2Signer(gmOrigin(key.origin), new Uint8Array(32).fill(5))
  const ledger = Ledger.open({ dir, signer: key.signer, gm, now: steadyClock() })
  ledger.append(birth(key))
  ledger.append({ type: 'station.suite', data: { suite: 'gm', vkey: gm.key.vkey } })
  for (let i = 0; i < 5; i++) ledger.append(closing(`session-${i}`))
  ledger.close()
  adopt(file, dir)
  remove()
}

function gmSizes({ db }: Tampering): number[] {
  return db.prepare<[], number>('SELECT size FROM gm_checkpoint ORDER BY size').pluck().all()
}

function rotationAt(size: number) {
  return { size, root: new Uint8Array(32), reason: 'planned' } as const
}

function replaceRotation(file: Tampering, index: number, next: NoteSigner, note: string): void {
  const event = JSON.parse(file.rows[index]!.body.toString('utf8'))
  Object.assign(event.data, { vkey: next.key.vkey, note })
  file.rows[index] = rowOf(Buffer.from(JSON.stringify(event)))
  writeRows(file)
}

function newSigner(name: string): NoteSigner {
  return ed25519Signer(name, generateKeyPairSync('ed25519').privateKey)
}
