import { verifyAct } from './act-verification.ts'
import type { EventData, EventTime, FaceEvidence, LedgerEvent, SignedAct } from './event.ts'
import { isInspectorKey } from './inspector-id.ts'
import { KeyHistory } from './key-history.ts'
import { parseVkey } from './note.ts'
import type { IdentityCommitment } from './side-evidence.ts'
import { TimeBounds } from './time-bounds.ts'
import type { LogProblem, LogVerification } from './verification.ts'
import type { LoggedReceipt } from './witnessed.ts'

/** Follows what the events of a ledger say, one after the other, and keeps the first contradiction. */
export class ContentsCheck {
  readonly receipts: LoggedReceipt[] = []
  #keys: KeyHistory | null = null
  #falseRotation: LogProblem | null = null
  #problem: LogProblem | null = null
  readonly #identities = new Map<string, number>()
  #deleted = 0
  #origin: string | null = null
  readonly #publicKeys = new Map<string, string>()
  readonly #visitKeys = new Map<string, string>()
  readonly #models = new Set<string>()
  #lastTime: EventTime | null = null
  readonly #times = new TimeBounds()

  visit(event: LedgerEvent): void {
    // An inspector is no staff: the visit itself brings the key, and a list of the authority says whose it is.
    if (event.type === 'visit.opened') this.#noteVisitKeys(event.data)
    this.#problem ??=
      this.#checkOrigin(event) ?? this.#checkActs(event) ?? this.#checkModel(event) ?? this.#checkClock(event)
    this.#lastTime = event.time
    this.#times.visit(event)
    switch (event.type) {
      case 'station.key': {
        const key = parseVkey(event.data.vkey)
        if (event.index === 0 && key.ok && key.value.name === event.origin)
          this.#keys = KeyHistory.born(key.value)
        break
      }
      case 'station.rekeyed':
        this.#rekey(event)
        break
      case 'station.start':
        for (const { sha256 } of event.data.models) this.#models.add(sha256)
        break
      case 'actor.enrolled':
        this.#publicKeys.set(event.data.actor, event.data.publicKey)
        this.#identities.set(event.data.actor, event.index)
        break
      case 'roster.changed':
        for (const { person } of event.data.added) this.#identities.set(person, event.index)
        break
      case 'receipt':
        this.receipts.push({ index: event.index, receipt: event.data })
        break
      case 'record.destroyed':
        this.#deleted++
        if (event.data.kind === 'identity') this.#identities.delete(event.data.person)
        break
    }
  }

  /** The keys that the events name, from the first event on, if that one is the origin's. */
  get keys(): KeyHistory | null {
    return this.#keys
  }

  /** A change of keys that isn't one: nothing that is signed after it can be told from a forgery. */
  get falseRotation(): LogProblem | null {
    return this.#falseRotation
  }

  get problem(): LogProblem | null {
    return this.#problem ?? this.#falseRotation
  }

  get deleted(): number {
    return this.#deleted
  }

  /** Identity records that events commit to and that no event says were destroyed. */
  get identities(): IdentityCommitment[] {
    return [...this.#identities].map(([person, index]) => ({ person, index }))
  }

  /** `asked` is the index of an event whose time is wanted, or null. */
  bounds(asked: number | null): LogVerification['bounds'] {
    return this.#times.bounds(asked)
  }

  #noteVisitKeys({ inspector, visitKey }: EventData['visit.opened']): void {
    for (const key of [inspector, visitKey]) {
      if (key !== undefined && isInspectorKey(key)) this.#visitKeys.set(key.actor, key.publicKey)
    }
  }

  #rekey({ index, data }: Extract<LedgerEvent, { readonly type: 'station.rekeyed' }>): void {
    const extended = this.#keys?.extend(data.note, index)
    if (extended?.ok && extended.value.current.vkey === data.vkey) this.#keys = extended.value
    else
      this.#falseRotation ??= {
        code: 'wrong-key',
        index,
        detail: 'the key was not changed by its own two keys',
      }
  }

  #checkOrigin({ index, origin }: LedgerEvent): LogProblem | null {
    this.#origin ??= origin
    if (origin === this.#origin) return null
    return { code: 'inserted', index, detail: `the event is of another ledger, ${origin}` }
  }

  /** People's own signatures, by keys that were enrolled before, over statements for this very ledger. */
  #checkActs(event: LedgerEvent): LogProblem | null {
    const act = actOf(event)
    if (act === null) return null
    // A key that a visit brings signs for visits and what they found, and for nothing else.
    const isOfVisit = event.type.startsWith('visit.') || event.type === 'finding.closed'
    const ofVisit = isOfVisit ? this.#visitKeys : null
    const verified = verifyAct(act, (actor) => this.#publicKeys.get(actor) ?? ofVisit?.get(actor) ?? null)
    if (!verified.ok) {
      const code = verified.fault.code === 'LEDGER_ACT_SIGNER' ? 'wrong-key' : 'altered'
      return { code, index: event.index, detail: verified.fault.message }
    }
    const { origin } = JSON.parse(act.statement) as { origin?: unknown }
    if (origin === undefined || origin === event.origin) return null
    return { code: 'wrong-key', index: event.index, detail: 'the act was signed for another ledger' }
  }

  /** A face was compared by a model that the station had said it runs. */
  #checkModel(event: LedgerEvent): LogProblem | null {
    const face = faceOf(event)
    if (face === null || this.#models.size === 0 || this.#models.has(face.model.sha256)) return null
    return {
      code: 'model-hash',
      index: event.index,
      detail: 'compared by a model that the station never loaded',
    }
  }

  /** The kernel's time since boot never runs backwards, whatever the wall clock does. */
  #checkClock({ index, time }: LedgerEvent): LogProblem | null {
    const before = this.#lastTime
    if (before === null || before.boot !== time.boot || time.trust === 'simulated') return null
    if (time.boottime >= before.boottime) return null
    return { code: 'clock', index, detail: 'time since boot ran backwards' }
  }
}

/** What a record says of a face comparison, null for one that says nothing of any. */
function faceOf(event: LedgerEvent): FaceEvidence | null {
  if (event.type === 'attendance' || event.type === 'refusal') return event.data.face
  const isLook = event.type === 'visit.checked' || event.type === 'visit.found'
  return isLook ? (event.data.evidence?.face ?? null) : null
}

function actOf({ data }: LedgerEvent): SignedAct | null {
  return ('act' in data ? data.act : null) ?? null
}
