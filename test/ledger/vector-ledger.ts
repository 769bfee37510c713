import { createPrivateKey, type KeyObject, sign } from 'node:crypto'
import { firstDefaultPack } from '../../src/attendance/shipped-packs.ts'
import { unwrap } from '../../src/common/result.ts'
import { actMessage } from '../../src/ledger/act-verification.ts'
import { toHex } from '../../src/ledger/bytes.ts'
import { formatCheckpoint } from '../../src/ledger/checkpoint.ts'
import { cosign, cosignerKey } from '../../src/ledger/cosignature.ts'
import { rawEd25519 } from '../../src/ledger/ed25519.ts'
import { decodeEvent, type EventInput, encodeEvent, type SignedAct } from '../../src/ledger/event.ts'
import { keyFingerprint } from '../../src/ledger/fingerprint.ts'
import { gmOrigin, signGmCheckpoint, sm2Signer } from '../../src/ledger/gm-suite.ts'
import { GmTree } from '../../src/ledger/gm-tree.ts'
import type { RecordedEvent } from '../../src/ledger/ledger.ts'
import { leafHash, MerkleTree } from '../../src/ledger/merkle.ts'
import { ed25519Signer, mergeNotes, signNote } from '../../src/ledger/note.ts'
import type { ProvableLedger } from '../../src/ledger/prove-events.ts'
import { rotationNote } from '../../src/ledger/rotation.ts'
import { rosterDigest, sessionsDigest } from '../../src/ledger/signed-list.ts'

/*
 * A small ledger of which every byte is fixed: keys are 32 equal bytes, salts and times count up. Simulated people.
 */

export const ORIGIN = 'shidao/station/0123456789abcdef'
/** 2026-03-02T08:00+08:00. */
export const MORNING = Date.UTC(2026, 2, 2)
export const CLASS = 'electrician-2026-03'
export const [ANNA, BORIS] = [id(0xa), id(0xb)]
const [SUPERVISOR, TEACHER] = [id(0xc), id(0xd)]
const MINUTE = 60_000

export const station = ed25519Signer(ORIGIN, seedKey(1))
export const stranger = ed25519Signer(ORIGIN, seedKey(9))
export const witness1 = { name: 'witness.example/w1', privateKey: seedKey(2) }
export const witness2 = { name: 'witness.example/w2', privateKey: seedKey(4) }
/** SM2 wants a fresh random number for each signature; here, for the sake of fixed bytes only, it is always this one. */
export const gm = sm2Signer(gmOrigin(ORIGIN), new Uint8Array(32).fill(5), () => new Uint8Array(32).fill(7))
export const witnessVkeys = [witness1, witness2].map(
  ({ name, privateKey }) => cosignerKey(name, privateKey).vkey,
)

const supervisorKey = seedKey(3)
const teacherKey = seedKey(6)

/** The keys of both trees after their change. */
export const nextStation = ed25519Signer(ORIGIN, seedKey(8))
export const nextGm = sm2Signer(gmOrigin(ORIGIN), new Uint8Array(32).fill(6), () =>
  new Uint8Array(32).fill(8),
)

export class VectorLedger implements ProvableLedger {
  /** By rising `from`: the signer signs sizes above it. */
  readonly signers = [{ from: 0, signer: station }]
  gmSigner = gm
  readonly tree = new MerkleTree()
  readonly gmTree = new GmTree()
  readonly recorded: RecordedEvent[] = []

  get size(): number {
    return this.tree.size
  }

  /** At a minute after eight. */
  append(minute: number, input: EventInput): void {
    const index = this.size
    const salt = index.toString(16).padStart(2, '0').repeat(16)
    const wall = MORNING + minute * MINUTE
    const time = { wall, boot: 'boot-1', boottime: (minute + 60) * MINUTE, trust: 'simulated' } as const
    const body = encodeEvent(input, { origin: ORIGIN, index, salt, time })
    const leaf = leafHash(body)
    this.tree.append(leaf)
    this.gmTree.append(body)
    this.recorded.push({ index, body, leaf, event: unwrap(decodeEvent(body)) })
  }

  appendReceipt(minute: number, witness: typeof witness1, size = this.size): void {
    const seconds = (MORNING + minute * MINUTE) / 1000
    const note = this.checkpoint(size) + cosign(this.checkpoint(size), witness, seconds)
    const root = toHex(this.tree.root(size))
    const data = { witness: witness.name, size, root, time: seconds * 1000, note }
    this.append(minute, { type: 'receipt', data })
  }

  checkpoint(size = this.size): string {
    const { signer } = this.signers.findLast(({ from }) => from < size)!
    return signNote(formatCheckpoint({ origin: ORIGIN, size, root: this.tree.root(size) }), [signer])
  }

  gmCheckpoint(): string {
    return signGmCheckpoint(this.gmTree, this.gmSigner).note
  }

  /** The receipts of one size as one note. */
  receipt(size: number): string {
    return mergeNotes(
      this.recorded.flatMap(({ event }) =>
        event.type === 'receipt' && event.data.size === size ? [event.data.note] : [],
      ),
    )
  }

  *events(from = 0, to = this.size): Generator<RecordedEvent> {
    yield* this.recorded.slice(from, to)
  }

  inclusionProof(index: number, size = this.size): Uint8Array[] {
    return this.tree.inclusionProof(index, size)
  }
}

/**
 * The same class; then a person compares the station's fingerprint at the collector, and the keys of both trees change.
 * `by` signs the change of the first tree's key in the place of the old key.
 */
export function rotatedLedger(by = station): VectorLedger {
  const ledger = vectorLedger()
  const [collector = ''] = witnessVkeys
  const fingerprint = keyFingerprint(station.key.vkey)
  const enrolled = act('station.enrolled', { collector, fingerprint })
  ledger.append(240, { type: 'station.enrolled', data: { collector, fingerprint, act: enrolled } })
  const reason = 'planned'
  const [root, gmRoot] = [ledger.tree.root(), () => ledger.gmTree.root()]
  const { vkey } = nextStation.key
  const signed = rotationNote({ size: ledger.size, root, reason }, station, nextStation)
  const note = by === station ? signed : rotationNote({ size: ledger.size, root, reason }, by, nextStation)
  ledger.signers.push({ from: ledger.size, signer: nextStation })
  const rekeyed = { vkey, reason, note, act: act('key.rotate', { vkey, reason }) } as const
  ledger.append(241, { type: 'station.rekeyed', data: rekeyed })
  const gmNote = rotationNote({ size: ledger.size, root: gmRoot(), reason }, gm, nextGm)
  ledger.gmSigner = nextGm
  const suite = { suite: 'gm', vkey: nextGm.key.vkey, rotation: { note: gmNote, reason } } as const
  const changed = act('key.rotate', { vkey: nextGm.key.vkey, reason })
  ledger.append(242, { type: 'station.suite', data: { ...suite, act: changed } })
  ledger.append(243, { type: 'session.closed', data: { class: CLASS, session: 'after' } })
  return ledger
}

/** A class of one morning: Anna is verified by face, Boris is witnessed by the supervisor; two witnesses see it. */
export function vectorLedger(): VectorLedger {
  const ledger = new VectorLedger()
  const sessions = [{ id: 'am', start: MORNING + 30 * MINUTE, end: MORNING + 210 * MINUTE }]
  const pack = { id: firstDefaultPack().id, sha256: firstDefaultPack().sha256 }
  ledger.append(0, {
    type: 'station.key',
    data: { vkey: station.key.vkey, simulated: true, software: 'vectors' },
  })
  ledger.append(1, { type: 'station.suite', data: { suite: 'gm', vkey: gm.key.vkey } })
  ledger.append(2, { type: 'actor.enrolled', data: { ...enrolment(SUPERVISOR, supervisorKey), act: null } })
  const teacher = { ...enrolment(TEACHER, teacherKey), role: 'teacher' } as const
  const named = { actor: teacher.actor, role: teacher.role, publicKey: teacher.publicKey }
  ledger.append(3, { type: 'actor.enrolled', data: { ...teacher, act: act('actor.enrol', named) } })
  const opening = { class: CLASS, title: '电工初级' }
  const opened = act('class.open', { ...opening, sessions: sessionsDigest(sessions), pack })
  ledger.append(4, { type: 'class.opened', data: { ...opening, pack, sessions, act: opened } })
  const added = [ANNA, BORIS].map((person) => ({
    ...{ person, identity: '1'.repeat(64), portrait: 'official' as const },
  }))
  const change = { class: CLASS, reason: 'import' }
  const list = rosterDigest({ added, removed: [] })
  const changed = act('roster.change', { ...change, list })
  ledger.append(5, { type: 'roster.changed', data: { ...change, added, removed: [], act: changed } })
  ledger.appendReceipt(6, witness1)
  const notice = '2'.repeat(64)
  ledger.append(28, { type: 'consent', data: { person: ANNA, purpose: 'face', granted: true, notice } })
  for (const [minute, direction] of [
    [29, 'in'],
    [208, 'out'],
  ] as const) {
    ledger.append(minute, { type: 'attendance', data: attendance(ANNA, direction, null) })
    const by = { class: CLASS, session: 'am', person: BORIS, direction }
    ledger.append(minute + 1, {
      type: 'attendance',
      data: attendance(BORIS, direction, act('attendance.witness', by)),
    })
  }
  ledger.append(230, { type: 'session.closed', data: { class: CLASS, session: 'am' } })
  const size = ledger.size
  ledger.appendReceipt(231, witness1)
  ledger.appendReceipt(232, witness2, size)
  return ledger
}

function attendance(person: string, direction: 'in' | 'out', witnessed: SignedAct | null) {
  return {
    ...{ class: CLASS, session: 'am', person, direction },
    outcome: witnessed === null ? ('verified' as const) : ('witnessed' as const),
    reason: witnessed === null ? null : 'consent-refused',
    portrait: 'official' as const,
    face: null,
    act: witnessed,
    reader: { profile: 'simulated', port: 'none', samId: null },
    simulated: true,
  }
}

function enrolment(actor: string, key: KeyObject) {
  const publicKey = toHex(rawEd25519(key))
  return { actor, role: 'supervisor' as const, publicKey, identity: '3'.repeat(64) }
}

function act(name: string, fields: Readonly<Record<string, unknown>>): SignedAct {
  const statement = JSON.stringify({ act: name, ...fields, origin: ORIGIN })
  const signature = sign(null, actMessage(statement), supervisorKey).toString('hex')
  return { statement, signatures: [{ actor: SUPERVISOR, signature }] }
}

export function seedKey(seed: number): KeyObject {
  const pkcs8 = Buffer.concat([
    Buffer.from('302e020100300506032b657004220420', 'hex'),
    Buffer.alloc(32, seed),
  ])
  return createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' })
}

function id(n: number): string {
  return n.toString(16).repeat(32)
}
