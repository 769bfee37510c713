import { generateKeyPairSync, sign } from 'node:crypto'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defaultPack } from '../../src/attendance/shipped-packs.ts'
import { unwrap } from '../../src/common/result.ts'
import {
  checkRequest,
  commitDraw,
  type DrawRequest,
  revealDraw,
  standingCommitment,
} from '../../src/inspect/draw.ts'
import { makeDrawFile } from '../../src/inspect/draw-file.ts'
import { signedDraw } from '../../src/inspect/visit-acts.ts'
import { actMessage } from '../../src/ledger/act-verification.ts'
import { toHex } from '../../src/ledger/bytes.ts'
import { rawEd25519 } from '../../src/ledger/ed25519.ts'
import type { EventData, LedgerEvent, SignedAct } from '../../src/ledger/event.ts'
import { inspectorId } from '../../src/ledger/inspector-id.ts'
import { Ledger } from '../../src/ledger/ledger.ts'
import { ed25519Signer, type NoteSigner, type VerifierKey } from '../../src/ledger/note.ts'
import { sha256 } from '../../src/ledger/sha256.ts'
import { rosterDigest, sessionsDigest } from '../../src/ledger/signed-list.ts'

export const CLASS = 'c1'
export const START = Date.UTC(2026, 2, 2, 0, 30)
export const NONCE = 'ab'.repeat(16)

/** Person number n as an id. */
export function person(n: number): string {
  return toHex(sha256(new TextEncoder().encode(`person ${n}`))).slice(0, 32)
}

/** Somebody with a key in memory: a PIN would cost a tenth of a second for each act. */
export function newSigner(actorOf: (publicKey: string) => string) {
  const { privateKey } = generateKeyPairSync('ed25519')
  const publicKey = toHex(rawEd25519(privateKey))
  const actor = actorOf(publicKey)
  const signStatement = (statement: string) => ({
    actor,
    signature: toHex(sign(null, actMessage(statement), privateKey)),
  })
  return { actor, publicKey, sign: signStatement }
}

/** A key with the station's name that is not the station's. */
export function otherKey(): VerifierKey {
  return ed25519Signer('shidao/station/0123456789abcdef', generateKeyPairSync('ed25519').privateKey).key
}

/** A true signed ledger in a folder of its own: one supervisor, one class, and an inspector with a key. */
export class VisitStory {
  readonly ledger: Ledger
  readonly signer: NoteSigner
  readonly inspector = newSigner((publicKey) => inspectorId(publicKey)!)
  readonly supervisor = newSigner(() => 'f'.repeat(32))
  #wall = START - 3600_000
  /** What the station keeps sealed: plans by draw. */
  readonly plans = new Map<string, string>()

  constructor(people: number, onSite = 0) {
    const { privateKey } = generateKeyPairSync('ed25519')
    this.signer = ed25519Signer('shidao/station/0123456789abcdef', privateKey)
    const dir = mkdtempSync(join(tmpdir(), 'shidao-visit-'))
    const now = () => {
      this.#wall += 1000
      return {
        wall: this.#wall,
        boot: 'b',
        boottime: this.#wall - START + 1e10,
        trust: 'unconfirmed' as const,
      }
    }
    this.ledger = Ledger.open({ dir, signer: this.signer, now })
    this.ledger.append({
      type: 'station.key',
      data: { vkey: this.signer.key.vkey, simulated: false, software: 'test' },
    })
    const { actor, publicKey } = this.supervisor
    this.ledger.append({
      type: 'actor.enrolled',
      data: { actor, role: 'supervisor', publicKey, identity: '0'.repeat(64), act: null },
    })
    const sessions = [{ id: 'am', start: START, end: START + 3 * 3600_000 }]
    const { id, sha256: packHash } = defaultPack()
    const opened = { class: CLASS, title: '电工', pack: { id, sha256: packHash }, sessions }
    const act = this.bySupervisor('class.open', { ...opened, sessions: sessionsDigest(sessions) })
    this.ledger.append({ type: 'class.opened', data: { ...opened, act } })
    this.seat(
      Array.from({ length: people }, (_, n) => n),
      onSite,
    )
  }

  /** Lets time go by, ms. */
  pass(ms: number): void {
    this.#wall += ms
  }

  get events(): LedgerEvent[] {
    return [...this.ledger.events()].map(({ event }) => event)
  }

  /** Gives seats to people by number; the first `onSite` of them have no official portrait. */
  seat(numbers: readonly number[], onSite = 0): void {
    const added = numbers.map((n, i) => ({
      ...{ person: person(n), identity: '0'.repeat(64) },
      portrait: i < onSite ? ('enrolled' as const) : ('official' as const),
    }))
    const list = rosterDigest({ added, removed: [] })
    const act = this.bySupervisor('roster.change', { class: CLASS, list, reason: 'r' })
    this.ledger.append({
      type: 'roster.changed',
      data: { class: CLASS, added, removed: [], reason: 'r', act },
    })
  }

  open(standing: EventData['visit.opened']['standing'] = 'no-list', visit = '1'.repeat(32)): string {
    const { actor, publicKey } = this.inspector
    const body = { visit, class: CLASS, inspector: { actor, publicKey }, standing, list: null, since: null }
    this.ledger.append({ type: 'visit.opened', data: { ...body, act: this.byInspector('visit.open', body) } })
    return visit
  }

  /** Commits to a draw and gives the commitment. */
  commit(onSiteWeight = 1, mark = 1): EventData['draw.committed'] {
    const draw = mark.toString(16).padStart(32, '0')
    const seed = mark.toString(16).padStart(64, '5')
    const { origin } = this.ledger
    const made = unwrap(commitDraw(this.events, { origin, class: CLASS, draw, seed, onSiteWeight }))
    this.plans.set(draw, made.plan)
    this.ledger.append({ type: 'draw.committed', data: made.data })
    return made.data
  }

  /** Draws from the standing commitment and gives the draw's file; throws what a request or a reveal is refused with. */
  draw(k: number, given: Partial<DrawRequest> = {}): Uint8Array {
    const request = { class: CLASS, k, nonce: NONCE, visit: null, seen: null, ...given }
    unwrap(checkRequest(this.events, request))
    const committed = standingCommitment(this.events, request)!
    const revealed = revealDraw(this.events, request, committed, this.plans.get(committed.draw) ?? null)
    if (!revealed.ok) {
      this.ledger.append({ type: 'draw.voided', data: revealed.fault.voided })
      throw revealed.fault.fault
    }
    const body = revealed.value.data
    const act = request.visit === null ? null : this.byInspector('visit.draw', signedDraw(body))
    this.ledger.append({ type: 'visit.drawn', data: { ...body, act } })
    return this.fileOf(committed.draw)
  }

  fileOf(draw: string): Uint8Array {
    return makeDrawFile(this.ledger, draw)!
  }

  /** May be replaced to forge. */
  byInspector = (act: string, body: object, others: SignedAct['signatures'] = []): SignedAct => {
    const statement = JSON.stringify({ act, ...body, origin: this.ledger.origin })
    return { statement, signatures: [this.inspector.sign(statement), ...others] }
  }

  bySupervisor(act: string, body: object): SignedAct {
    const statement = JSON.stringify({ act, ...body, origin: this.ledger.origin })
    return { statement, signatures: [this.supervisor.sign(statement)] }
  }
}
