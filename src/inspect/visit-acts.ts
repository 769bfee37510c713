import { verifyAct } from '../ledger/act-verification.ts'
import type { EventData, LedgerEvent } from '../ledger/event.ts'
import { isInspectorKey } from '../ledger/inspector-id.ts'
import { namesDigest } from '../ledger/signed-list.ts'
import { planCommitment } from './draw-plan.ts'

/** What the statements of a visit's records name, see `acts.ts`. */
export const visitActs = {
  'visit.opened': { fields: ['visit', 'class', 'inspector', 'standing', 'list', 'since'], verify: verifyAct },
  'visit.drawn': {
    fields: ['visit', 'class', 'draw', 'k', 'nonce', 'commitmentSeen', 'plan', 'order'],
    verify: verifyAct,
  },
  'visit.headcount': { fields: ['visit', 'class', 'count'], verify: verifyAct },
  'visit.checked': {
    fields: ['visit', 'class', 'person', 'result', 'by', 'reason', 'photograph', 'note'],
    verify: verifyAct,
  },
  'visit.found': {
    fields: ['visit', 'class', 'person', 'record', 'by', 'photograph', 'note'],
    verify: verifyAct,
  },
  'visit.closed': { fields: ['visit', 'class', 'institution', 'note'], verify: verifyAct },
} as const

export type VisitEvent = Extract<LedgerEvent, { readonly type: keyof typeof visitActs }>

/** A draw as its statement says it: the plan as the hash that was committed to, the order as the digest of its names. */
export function signedDraw(data: Omit<EventData['visit.drawn'], 'act'>): Record<string, unknown> {
  return { ...data, plan: planCommitment(data.plan), order: namesDigest(data.order) }
}

/** Follows who may sign for a visit: the inspector who opened it and, at its end, who answers for the institution. */
export class VisitSigners {
  readonly #inspectors = new Map<string, string>()

  /** Takes in the key that a visit brings; the first opening of a visit stands. */
  note(event: LedgerEvent, publicKeys: Map<string, string>): void {
    if (event.type !== 'visit.opened' || !isInspectorKey(event.data.inspector)) return
    const { actor, publicKey } = event.data.inspector
    publicKeys.set(actor, publicKey)
    if (!this.#inspectors.has(event.data.visit)) this.#inspectors.set(event.data.visit, actor)
  }

  /** What the signatures alone don't say; null where they are those of the right people. */
  problem(event: LedgerEvent): string | null {
    if (!isOfVisit(event) || event.data.visit === null || event.data.act === null) return null
    const signers = event.data.act.signatures.map(({ actor }) => actor)
    const inspector = this.#inspectors.get(event.data.visit)
    if (inspector === undefined) return `${event.type}: no such visit was opened before`
    if (!signers.includes(inspector)) return `${event.type}: the inspector of the visit didn’t sign it`
    if (event.type !== 'visit.closed' || !event.data.institution.signed) return null
    const { actor } = event.data.institution
    if (actor !== inspector && signers.includes(actor)) return null
    return 'visit.closed: nobody signed for the institution, and the record says that somebody did'
  }
}

function isOfVisit(event: LedgerEvent): event is VisitEvent {
  return event.type in visitActs
}
