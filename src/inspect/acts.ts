import { sameJson } from '../common/same-json.ts'
import { requireTwoSigners, verifyAct } from '../ledger/act-verification.ts'
import { type LedgerEvent, RETENTION_REASON, type SignedAct } from '../ledger/event.ts'
import { rosterDigest, sessionsDigest } from '../ledger/signed-list.ts'
import { type BundleProblem, problem } from './problem.ts'

/** What the statement of each kind of manual act has to name as its record does, and who has to sign it. */
const required = {
  'station.rekeyed': { fields: ['vkey', 'reason'], verify: verifyAct },
  'station.enrolled': { fields: ['collector', 'fingerprint'], verify: verifyAct },
  'actor.enrolled': { fields: ['actor', 'role', 'publicKey'], verify: verifyAct },
  'engine.chosen': { fields: ['engine', 'model', 'accept', 'reject', 'fmr', 'licence'], verify: verifyAct },
  'camera.confirmed': { fields: ['identity', 'verdict'], verify: verifyAct },
  'class.opened': { fields: ['class', 'title', 'sessions', 'pack'], verify: verifyAct },
  'roster.changed': { fields: ['class', 'list', 'reason'], verify: verifyAct },
  'person.exported': { fields: ['person', 'sha256'], verify: verifyAct },
  'record.destroyed': { fields: ['person', 'kind', 'reason'], verify: verifyAct },
  'portrait.enrolled': { fields: ['person', 'portrait'], verify: requireTwoSigners },
  'identity.resolved': { fields: ['review', 'class', 'people', 'decision'], verify: requireTwoSigners },
  'fairness.report': { fields: ['sha256', 'people', 'checks', 'pairs'], verify: verifyAct },
  attendance: { fields: ['class', 'session', 'person', 'direction'], verify: verifyAct },
} as const

type Acting = Extract<LedgerEvent, { readonly type: keyof typeof required }>

/**
 * The first manual act that is not signed by people who were enrolled before it, is missing where it has to be, or
 * is a statement about something else than its record: an act that was signed once must not prove another one.
 */
export function falseAct(events: readonly LedgerEvent[]): BundleProblem | null {
  const publicKeys = new Map<string, string>()
  for (const event of events) {
    const detail = actProblem(event, publicKeys)
    if (detail !== null) return problem('act', event.index, detail)
    if (event.type === 'actor.enrolled') publicKeys.set(event.data.actor, event.data.publicKey)
  }
  return null
}

function actProblem(event: LedgerEvent, publicKeys: ReadonlyMap<string, string>): string | null {
  if (!isActing(event)) return null
  const { act } = event.data
  if (act === null) return mayLackAct(event, publicKeys) ? null : `${event.type} without a signature`
  const { fields, verify } = required[event.type]
  const verified = verify(act, (actor) => publicKeys.get(actor) ?? null)
  if (!verified.ok) return `${event.type}: ${verified.fault.message}`
  return saysTheSame(act, event, fields) ? null : `${event.type}: what was signed is not what is recorded`
}

function isActing(event: LedgerEvent): event is Acting {
  return event.type in required
}

/** The first person who acts is witnessed by the station's key alone; a camera's verdict needs nobody's signature. */
function mayLackAct(event: Acting, publicKeys: ReadonlyMap<string, string>): boolean {
  if (event.type === 'actor.enrolled') return publicKeys.size === 0
  if (event.type === 'station.rekeyed') return true
  // A rule pack's term needs nobody's signature.
  if (event.type === 'record.destroyed') return event.data.reason.startsWith(RETENTION_REASON)
  return event.type === 'attendance' && event.data.outcome !== 'witnessed'
}

function saysTheSame(act: SignedAct, event: Acting, fields: readonly string[]): boolean {
  const statement = parse(act.statement)
  const recorded = asSigned(event)
  if (statement.origin !== event.origin) return false
  return fields.every((field) => sameJson(statement[field], recorded[field]))
}

/** Long lists stand in a statement as their digest. */
function asSigned(event: Acting): Readonly<Record<string, unknown>> {
  if (event.type === 'class.opened') return { ...event.data, sessions: sessionsDigest(event.data.sessions) }
  if (event.type === 'roster.changed') return { ...event.data, list: rosterDigest(event.data) }
  return event.data
}

function parse(text: string): Record<string, unknown> {
  try {
    const json: unknown = JSON.parse(text)
    return typeof json === 'object' && json !== null ? { ...json } : {}
  } catch {
    return {}
  }
}
