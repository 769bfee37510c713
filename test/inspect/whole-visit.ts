import { generateKeyPairSync } from 'node:crypto'
import { signInspectorList } from '../../src/inspect/inspector-list.ts'
import { toHex } from '../../src/ledger/bytes.ts'
import { cosign, cosignerKey } from '../../src/ledger/cosignature.ts'
import type { EventData } from '../../src/ledger/event.ts'
import { ed25519Signer, type VerifierKey } from '../../src/ledger/note.ts'
import { sha256 } from '../../src/ledger/sha256.ts'
import { CLASS, NONCE, person, START, VisitStory } from './visit-story.ts'

export const VISIT = '1'.repeat(32)
export const authority = ed25519Signer('hrss.example/inspectors', generateKeyPairSync('ed25519').privateKey)

type Closing = EventData['visit.closed']['institution']

/** A class of eight of whom six are signed in, and an inspector's visit to it from the list to the closing. */
export class WholeVisit {
  readonly story = new VisitStory(8, 2)
  readonly drawn: readonly string[]
  readonly #visit: string

  constructor(
    given: {
      readonly visit?: string
      readonly closing?: Closing | 'open'
      readonly standing?: 'unlisted'
      readonly since?: 'rolled-back' | 'rewritten'
    } = {},
  ) {
    this.#visit = given.visit ?? VISIT
    const { story } = this
    // Of another class: nothing of it is shown.
    story.ledger.append({ type: 'session.closed', data: { class: 'c2', session: 'am' } })
    story.pass(3600_000)
    for (let n = 0; n < 6; n++) this.attend(n, 'in')
    const list = this.#list()
    const earlier =
      given.since === undefined
        ? { size: 3, root: toHex(story.ledger.rootAt(3)), finding: 'consistent' as const }
        : { size: 900, root: '7'.repeat(64), finding: given.since }
    const { actor, publicKey } = story.inspector
    const opened = {
      ...{ visit: this.#visit, class: CLASS, inspector: { actor, publicKey } },
      ...{ standing: given.standing ?? ('listed' as const), list, since: earlier },
    }
    story.ledger.append({
      type: 'visit.opened',
      data: { ...opened, act: story.byInspector('visit.open', opened) },
    })
    const { commitment } = story.commit(4)
    story.draw(3, { visit: this.#visit, seen: commitment, nonce: NONCE })
    const draw = story.events.at(-1)!
    this.drawn = draw.type === 'visit.drawn' ? draw.data.order : []
    const [first, second] = this.drawn as [string, string]
    this.check(first, { result: 'seen', by: 'card' })
    this.check(second, { result: 'not-seen' })
    this.count(5)
    this.find(null, 'not-on-roster')
    if (given.closing !== 'open') this.close(given.closing ?? { signed: true, actor: story.supervisor.actor })
  }

  attend(n: number, direction: 'in' | 'out', session = 'am'): void {
    this.story.ledger.append({
      type: 'attendance',
      data: {
        ...{
          class: CLASS,
          session,
          person: person(n),
          direction,
          outcome: 'verified' as const,
          reason: null,
        },
        ...{ portrait: 'chip' as const, face: null, act: null, reader: null, simulated: false },
      },
    })
  }

  check(who: string, said: Partial<EventData['visit.checked']>): void {
    const nothing = { by: null, reason: null, photograph: null, note: null }
    const body = {
      visit: this.#visit,
      class: CLASS,
      person: who,
      result: 'seen' as const,
      ...nothing,
      ...said,
    }
    const act = this.story.byInspector('visit.check', body)
    this.story.ledger.append({ type: 'visit.checked', data: { ...body, act } })
  }

  count(count: number): void {
    const body = { visit: this.#visit, class: CLASS, count }
    const act = this.story.byInspector('visit.count', body)
    this.story.ledger.append({ type: 'visit.headcount', data: { ...body, act } })
  }

  find(who: string | null, record: EventData['visit.found']['record']): void {
    const body = {
      ...{ visit: this.#visit, class: CLASS, person: who, record, by: 'witness' as const },
      ...{ photograph: null, note: '门口的人' },
    }
    const act = this.story.byInspector('visit.find', body)
    this.story.ledger.append({ type: 'visit.found', data: { ...body, act } })
  }

  close(institution: Closing): void {
    const { story } = this
    const body = { visit: this.#visit, class: CLASS, institution, note: '两人未见' }
    const statement = JSON.stringify({ act: 'visit.close', ...body, origin: story.ledger.origin })
    const others = institution.signed ? [story.supervisor.sign(statement)] : []
    const act = story.byInspector('visit.close', body, others)
    story.ledger.append({ type: 'visit.closed', data: { ...body, act } })
  }

  /** A witness sees the ledger as it is and the station records the receipt; gives the witness's key. */
  receipt(): VerifierKey {
    const { ledger } = this.story
    const { privateKey } = generateKeyPairSync('ed25519')
    const time = START + 3600_000
    const cosigner = { name: 'witness.example', privateKey }
    const note = ledger.checkpoint() + cosign(ledger.checkpoint(), cosigner, time / 1000)
    const key = cosignerKey(cosigner.name, privateKey)
    const root = toHex(ledger.root)
    ledger.append({ type: 'receipt', data: { witness: key.vkey, size: ledger.size, root, time, note } })
    return key
  }

  #list(): string {
    const { ledger, inspector } = this.story
    const [issued, until] = [START - 86_400_000, START + 86_400_000]
    const inspectors = [{ publicKey: inspector.publicKey, from: issued, until }]
    const note = signInspectorList({ number: 1, issued, until, inspectors, revoked: [] }, authority)
    const digest = toHex(sha256(new TextEncoder().encode(note)))
    ledger.append({
      type: 'inspectors.listed',
      data: { authority: authority.key.vkey, number: 1, sha256: digest, note },
    })
    return digest
  }
}
