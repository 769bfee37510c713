import { sameJson } from '../common/same-json.ts'
import type { EventData, LedgerEvent } from '../ledger/event.ts'
import { isInspectorKey } from '../ledger/inspector-id.ts'
import type { Hash } from '../ledger/merkle-hash.ts'
import { isOfVisit, type VisitEvent } from './visit-acts.ts'
import { coversOf } from './visit-covers.ts'

interface SignedVisit {
  readonly inspector: string
  /** Of the key that the station made for the visit; null for a visit in which the inspector signs everything. */
  readonly visitKey: string | null
  /** Its events so far, in order. */
  readonly events: number[]
  isClosed: boolean
}

/**
 * Follows who may sign for a visit: its opening and its end the inspector with their own key, what is between also the
 * visit's key, and at the end who answers for the institution. What the visit's key signed stands by the `covers` of
 * the end; a visit that was never closed rests on that key alone, which the station had.
 */
export class VisitSigners {
  readonly #visits = new Map<string, SignedVisit>()
  readonly #keys = new Map<string, string>()
  readonly #leafOf: ((index: number) => Hash) | null

  /** `leafOf` gives the leaf hash of every event; null where only some are at hand, and what `covers` says can't be checked. */
  constructor(leafOf: ((index: number) => Hash) | null) {
    this.#leafOf = leafOf
  }

  /** Takes in the keys that a visit brings; the first opening of a visit stands. */
  note(event: LedgerEvent): void {
    if (event.type !== 'visit.opened') return
    const { visit, inspector, visitKey } = event.data
    for (const key of [inspector, visitKey]) {
      if (key !== undefined && isInspectorKey(key)) this.#keys.set(key.actor, key.publicKey)
    }
    if (this.#visits.has(visit) || !isInspectorKey(inspector)) return
    const made = visitKey?.actor ?? null
    this.#visits.set(visit, { inspector: inspector.actor, visitKey: made, events: [], isClosed: false })
  }

  /** A key that signs for visits and for nothing else. */
  keyOf(actor: string): string | null {
    return this.#keys.get(actor) ?? null
  }

  /** What the signatures alone don't say; null where they are those of the right people. To be called in order. */
  problem(event: LedgerEvent): string | null {
    if (!isOfVisit(event) || event.data.visit === null || event.data.act === null) return null
    const visit = this.#visits.get(event.data.visit)
    if (visit === undefined) return `${event.type}: no such visit was opened before`
    const found = this.#wrong(event, visit)
    if (event.type === 'visit.closed') visit.isClosed = true
    else visit.events.push(event.index)
    return found
  }

  #wrong(event: VisitEvent, visit: SignedVisit): string | null {
    if (visit.isClosed) return `${event.type}: the visit was closed before, by the inspector’s own key`
    const signers = event.data.act?.signatures.map(({ actor }) => actor) ?? []
    const isInspector = signers.includes(visit.inspector)
    if (event.type === 'visit.opened') {
      if (!isInspector) return 'visit.opened: the inspector of the visit didn’t sign it'
      return visit.events.length === 0 ? wrongVisitKey(event.data) : 'visit.opened: it was opened before'
    }
    const isVisitKey = visit.visitKey !== null && signers.includes(visit.visitKey)
    if (event.type === 'visit.closed') {
      if (isInspector) return this.#wrongEnd(event.data, visit, signers)
      return `visit.closed: the inspector of the visit didn’t sign it${isVisitKey ? ', and the key of a visit ends none' : ''}`
    }
    return isInspector || isVisitKey ? null : `${event.type}: the inspector of the visit didn’t sign it`
  }

  #wrongEnd(
    { institution, covers }: EventData['visit.closed'],
    visit: SignedVisit,
    signers: readonly string[],
  ): string | null {
    if (visit.visitKey !== null && covers === undefined) {
      return 'visit.closed: it doesn’t say which records of the visit’s key it covers'
    }
    const leafOf = this.#leafOf
    if (covers !== undefined && leafOf !== null) {
      const leaves = visit.events.map((index) => ({ index, leaf: leafOf(index) }))
      if (!sameJson(covers, coversOf(leaves))) {
        return 'visit.closed: the inspector closed over other records than the visit has'
      }
    }
    if (!institution.signed) return null
    // The inspector's key and the visit's are not the institution's.
    if (this.keyOf(institution.actor) === null && signers.includes(institution.actor)) return null
    return 'visit.closed: nobody signed for the institution, and the record says that somebody did'
  }
}

function wrongVisitKey({ inspector, visitKey }: EventData['visit.opened']): string | null {
  if (visitKey === undefined || (isInspectorKey(visitKey) && visitKey.actor !== inspector.actor)) return null
  return 'visit.opened: the visit’s key is not one of its own'
}
