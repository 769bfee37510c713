import { cpSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { formatCheckpoint } from '../../src/ledger/checkpoint.ts'
import { leafHash, MerkleTree } from '../../src/ledger/merkle.ts'
import { type NoteSigner, signNote } from '../../src/ledger/note.ts'
import { SideRecords } from '../../src/ledger/side-records.ts'
import type { ProblemCode, VerifyOptions } from '../../src/ledger/verify.ts'
import {
  appendReceipt,
  closing,
  newLedger,
  newWitness,
  randomId,
  type SampleLedger,
  samplePeople,
  signedBy,
  temporaryFolder,
  type Witness,
} from './sample-ledger.ts'

/* Ways to tamper with a ledger file, each with the name that the verifier has to give it. */

export interface Row {
  body: Buffer
  leaf: Buffer
}

/** A ledger file under an attacker's hands. */
export interface Tampering {
  readonly original: Original
  readonly rows: Row[]
  readonly db: Database.Database
  /** The folder of the copy: what else lies in it, an attacker may put there. */
  readonly dir: string
  /** A whole number from 0 to below the bound. */
  random(bound: number): number
}

export interface Original {
  readonly dir: string
  readonly key: SampleLedger['key']
  readonly witness: Witness
  /** Signed checkpoint of the whole ledger, as somebody outside may have kept it. */
  readonly head: string
  readonly size: number
  /** Sizes of trees of which a checkpoint was kept, rising. */
  readonly kept: readonly number[]
  remove(): void
}

/** What the verifier has to find. */
export interface Expected {
  readonly code: ProblemCode
  readonly index: number | null
  /** Only an upper bound: nothing in the file says more. */
  readonly atMost?: true
  readonly options?: VerifyOptions
}

export type TamperClass = readonly [name: string, tamper: (file: Tampering) => Expected]

/** A real ledger: people, acts, sessions, kept checkpoints, receipts; at least 24 events. */
export function originalLedger(events = 24): Original {
  const { dir, remove } = temporaryFolder()
  const sample = newLedger(dir)
  const { ledger, key } = sample
  const witness = newWitness()
  const people = samplePeople()
  const side = SideRecords.open(dir, key)
  for (const { actor, publicKey } of people) {
    side.put(actor, 'identity', 'staff', Buffer.from('模拟'))
    const identity = side.commitment(actor, 'identity', 'staff')
    ledger.append({
      type: 'actor.enrolled',
      data: { actor, role: 'supervisor', publicKey, identity, act: null },
    })
  }
  const act = signedBy({ act: 'roster.change', origin: key.origin, at: 1_772_409_600_000 }, people)
  const person = randomId()
  side.put(person, 'identity', 'card', Buffer.from('模拟'))
  const added = [{ person, identity: side.commitment(person, 'identity', 'card'), portrait: 'chip' as const }]
  side.close()
  ledger.append({
    type: 'roster.changed',
    data: { class: 'class-1', added, removed: [], reason: 'start', act },
  })
  const kept: number[] = []
  while (ledger.size < events) {
    ledger.append(closing(`session-${ledger.size}`))
    if (ledger.size % 7 === 0) {
      kept.push(ledger.size)
      appendReceipt(sample, witness)
    }
    if (ledger.size % 10 === 0) {
      kept.push(ledger.size)
      ledger.keepCheckpoint('session')
    }
  }
  const head = ledger.checkpoint()
  const { size } = ledger
  ledger.close()
  return { dir, key, witness, head, size, kept: kept.sort((a, b) => a - b), remove }
}

/** Copies the original, lets one class loose on the copy and gives the copy's folder and what has to be found. */
export function tamperWithCopy(
  original: Original,
  [, tamper]: TamperClass,
  random: (bound: number) => number,
): { dir: string; expected: Expected } {
  const dir = mkdtempSync(join(tmpdir(), 'shidao-tampered-'))
  cpSync(join(original.dir, 'ledger.db'), join(dir, 'ledger.db'))
  const db = new Database(join(dir, 'ledger.db'))
  for (const name of db
    .prepare<[], string>(`SELECT name FROM sqlite_schema WHERE type = 'trigger'`)
    .pluck()
    .all()) {
    db.exec(`DROP TRIGGER ${name}`)
  }
  const rows = db.prepare<[], Row>('SELECT body, leaf FROM event ORDER BY idx').all()
  const expected = tamper({ original, rows, db, dir, random })
  db.close()
  return { dir, expected }
}

export function found(file: Tampering, code: ProblemCode, index: number): Expected {
  writeRows(file)
  return { code, index }
}

/** Any but the first, which is the key itself. */
export function anyEvent({ rows, random }: Tampering): number {
  return 1 + random(rows.length - 1)
}

/** Another salt, so that the event is as valid as before and its leaf another. */
export function change(row: Row): void {
  const body = row.body
    .toString('utf8')
    .replace(/"salt":"(.)/, (_, digit) => `"salt":"${digit === '0' ? '1' : '0'}`)
  Object.assign(row, rowOf(Buffer.from(body)))
}

export function renumber({ rows }: Tampering): void {
  for (const [i, row] of rows.entries()) {
    rows[i] = rowOf(Buffer.from(row.body.toString('utf8').replace(/"index":\d+/, `"index":${i}`)))
  }
}

export function exchange({ rows }: Tampering, one: number, other: number): void {
  ;[rows[one], rows[other]] = [rows[other]!, rows[one]!]
}

export function rowOf(body: Buffer): Row {
  return { body, leaf: Buffer.from(leafHash(body)) }
}

export function writeRows({ db, rows }: Tampering): void {
  const insert = db.prepare('INSERT INTO event (idx, body, leaf) VALUES (?, ?, ?)')
  db.transaction(() => {
    db.exec('DELETE FROM event')
    for (const [i, { body, leaf }] of rows.entries()) insert.run(i, body, leaf)
  })()
}

export function rollBack(file: Tampering, size: number): void {
  file.rows.length = size
  writeRows(file)
  const note = file.db
    .prepare(`SELECT note FROM kept_checkpoint WHERE size = ? AND kind = 'session'`)
    .pluck()
    .get(size)
  file.db.prepare('UPDATE head SET size = ?, note = ?').run(size, note)
}

function signedTree({ rows }: Tampering, signer: NoteSigner, size: number): string {
  const root = MerkleTree.fromLeaves(rows.slice(0, size).map(({ leaf }) => leaf)).root()
  return signNote(formatCheckpoint({ origin: signer.key.name, size, root }), [signer])
}

export function signHead(file: Tampering, signer: NoteSigner): void {
  const { length } = file.rows
  file.db.prepare('UPDATE head SET size = ?, note = ?').run(length, signedTree(file, signer, length))
}

/** What whoever holds the station's key can do: rows, head and every size's signature, all true again. */
export function resign(file: Tampering, signer: NoteSigner): void {
  writeRows(file)
  signHead(file, signer)
  const replace = file.db.prepare('INSERT OR REPLACE INTO signed_size (size, signature) VALUES (?, ?)')
  for (let size = 1; size <= file.rows.length; size++) {
    const [line = ''] = signedTree(file, signer, size).split('\n').slice(-2)
    replace.run(size, Buffer.from(line.split(' ')[2]!, 'base64').subarray(4))
  }
}

/** A whole new history without the checkpoints and receipts that others would recognise. */
export function rewriteEverything(file: Tampering, signer: NoteSigner, { keepSize = false } = {}): void {
  const filler = file.rows[5]!
  const isReceipt = (row: Row) => row.body.includes('"type":"receipt"')
  const rows = file.rows.map((row) => (isReceipt(row) ? filler : row))
  if (!keepSize) rows.push(filler, filler)
  file.rows.splice(0, file.rows.length, ...rows)
  renumber(file)
  file.db.exec('DELETE FROM kept_checkpoint')
  resign(file, signer)
}

/** Puts a whole ledger of another folder in the place of this one, with every table. */
export function adopt(file: Tampering, dir: string): void {
  file.db.prepare('ATTACH ? AS other').run(join(dir, 'ledger.db'))
  for (const table of [
    'event',
    'head',
    'signed_size',
    'kept_checkpoint',
    'block',
    'gm_checkpoint',
    'event_kind',
  ]) {
    file.db.exec(`DELETE FROM main.${table}; INSERT INTO main.${table} SELECT * FROM other.${table}`)
  }
  file.db.exec('DETACH other')
  const rows = file.db.prepare<[], Row>('SELECT body, leaf FROM event ORDER BY idx').all()
  file.rows.splice(0, file.rows.length, ...rows)
}

/** Puts another station's ledger in the place of this one; gives the key that was to be expected. */
export function replaceByAnotherStation(file: Tampering): string {
  const other = temporaryFolder()
  const sample = newLedger(other.dir)
  sample.ledger.append(closing('forged'))
  sample.ledger.close()
  const forged = new Database(join(other.dir, 'ledger.db'), { readonly: true })
  const rows = forged.prepare<[], Row>('SELECT body, leaf FROM event ORDER BY idx').all()
  forged.close()
  file.rows.splice(0, file.rows.length, ...rows)
  file.db.exec('DELETE FROM kept_checkpoint; DELETE FROM signed_size')
  resign(file, sample.key.signer)
  other.remove()
  return file.original.key.vkey
}
