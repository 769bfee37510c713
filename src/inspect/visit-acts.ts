import { canonicalJson } from '../common/canonical-json.ts'
import { verifyAct } from '../ledger/act-verification.ts'
import { toHex } from '../ledger/bytes.ts'
import type { EventData, LedgerEvent } from '../ledger/event.ts'
import { sha256 } from '../ledger/sha256.ts'
import { namesDigest } from '../ledger/signed-list.ts'
import type { VisitEvidence } from '../ledger/visit-events.ts'
import { planCommitment } from './draw-plan.ts'

/** What the statements of a visit's records name, see `acts.ts`. */
export const visitActs = {
  'visit.opened': {
    fields: ['visit', 'class', 'inspector', 'visitKey', 'standing', 'list', 'since'],
    verify: verifyAct,
  },
  'visit.drawn': {
    fields: ['visit', 'class', 'draw', 'k', 'nonce', 'commitmentSeen', 'plan', 'order'],
    verify: verifyAct,
  },
  'visit.headcount': { fields: ['visit', 'class', 'count'], verify: verifyAct },
  'visit.checked': {
    fields: ['visit', 'class', 'person', 'result', 'by', 'reason', 'photograph', 'note', 'evidence'],
    verify: verifyAct,
  },
  'visit.found': {
    fields: ['visit', 'class', 'person', 'record', 'by', 'photograph', 'note', 'evidence'],
    verify: verifyAct,
  },
  'visit.closed': { fields: ['visit', 'class', 'institution', 'note', 'covers'], verify: verifyAct },
} as const

export type VisitEvent = Extract<LedgerEvent, { readonly type: keyof typeof visitActs }>

export function isOfVisit(event: LedgerEvent): event is VisitEvent {
  return event.type in visitActs
}

/** A draw as its statement says it: the plan as the hash that was committed to, the order as the digest of its names. */
export function signedDraw(data: Omit<EventData['visit.drawn'], 'act'>): Record<string, unknown> {
  return { ...data, plan: planCommitment(data.plan), order: namesDigest(data.order) }
}

/** A check or find as its statement says it: the evidence, where there is some, as its digest. */
export function signedLook(data: { readonly evidence?: VisitEvidence | undefined }): Record<string, unknown> {
  const { evidence, ...rest } = data
  return evidence === undefined ? rest : { ...rest, evidence: evidenceDigest(evidence) }
}

/** SHA-256, hex, over the evidence as canonical JSON (RFC 8785). */
export function evidenceDigest(evidence: VisitEvidence): string {
  return toHex(sha256(new TextEncoder().encode(canonicalJson(evidence))))
}
