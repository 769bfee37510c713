import { requireTwoSigners, verifyAct } from '../ledger/act-verification.ts'
import type { LedgerEvent } from '../ledger/event.ts'

/** What the statements about a visit's findings name, see `acts.ts`. */
export const findingActs = {
  'finding.answered': {
    fields: ['visit', 'class', 'finding', 'answer', 'document'],
    verify: requireTwoSigners,
  },
  'finding.closed': { fields: ['visit', 'class', 'finding', 'outcome', 'note'], verify: verifyAct },
} as const

/** Follows who may answer and who may close: nobody answers for the institution who inspected it, and the other way round. */
export class FindingSigners {
  readonly #inspectors = new Map<string, string>()

  note({ type, data }: LedgerEvent): void {
    if (type !== 'visit.opened' || this.#inspectors.has(data.visit)) return
    this.#inspectors.set(data.visit, data.inspector.actor)
  }

  /** What the signatures alone don't say; null where they are those of the right people. */
  problem(event: LedgerEvent): string | null {
    if (event.type !== 'finding.answered' && event.type !== 'finding.closed') return null
    const inspector = this.#inspectors.get(event.data.visit)
    if (inspector === undefined) return `${event.type}: no such visit was opened before`
    const signed = event.data.act.signatures.some(({ actor }) => actor === inspector)
    if (signed === (event.type === 'finding.closed')) return null
    return signed
      ? 'finding.answered: the inspector of the visit signed for the institution'
      : 'finding.closed: the inspector of the visit didn’t sign it'
  }
}
