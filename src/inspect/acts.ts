import { sameJson } from '../common/same-json.ts'
import { requireTwoSigners, verifyAct } from '../ledger/act-verification.ts'
import { type LedgerEvent, RETENTION_REASON, type SignedAct } from '../ledger/event.ts'
import type { Hash } from '../ledger/merkle-hash.ts'
import {
  factsDigest,
  namesDigest,
  onlineDigest,
  paperDigest,
  rosterDigest,
  sealedFactsDigest,
  sessionsDigest,
} from '../ledger/signed-list.ts'
import { FindingSigners, findingActs } from './finding-acts.ts'
import { type BundleProblem, problem } from './problem.ts'
import { signedDraw, signedLook, visitActs } from './visit-acts.ts'
import { VisitSigners } from './visit-signers.ts'

/** What the statement of each kind of manual act has to name as its record does, and who has to sign it. */
const required = {
  'station.rekeyed': { fields: ['vkey', 'reason'], verify: verifyAct },
  'station.suite': { fields: ['vkey', 'reason'], verify: verifyAct },
  'station.enrolled': { fields: ['collector', 'fingerprint'], verify: verifyAct },
  'actor.enrolled': { fields: ['actor', 'role', 'publicKey'], verify: verifyAct },
  'engine.chosen': { fields: ['engine', 'model', 'accept', 'reject', 'fmr', 'licence'], verify: verifyAct },
  'camera.confirmed': { fields: ['identity', 'verdict'], verify: verifyAct },
  export: { fields: ['class', 'kind', 'format', 'edition', 'sealedFor'], verify: verifyAct },
  'person.exported': { fields: ['person', 'sha256'], verify: verifyAct },
  'class.opened': {
    fields: ['class', 'title', 'sessions', 'pack', 'mode', 'filing', 'differs', 'joined', 'room'],
    verify: verifyAct,
  },
  'catalogue.imported': { fields: ['catalogue', 'sha256', 'vkey'], verify: verifyAct },
  'class.filed': {
    fields: [
      ...['class', 'title', 'institution', 'occupation', 'level', 'from', 'to', 'mode', 'basis'],
      ...['plannedMinutes', 'catalogues', 'unconfirmed', 'room'],
    ],
    verify: verifyAct,
  },
  'class.stage': { fields: ['class', 'stage', 'note'], verify: verifyAct },
  'teacher.attendance': {
    fields: ['class', 'session', 'actor', 'direction', 'substitutes'],
    verify: verifyAct,
  },
  'doubtful.resolved': {
    fields: ['class', 'record', 'person', 'decision', 'reason'],
    verify: requireTwoSigners,
  },
  'attendance.corrected': {
    fields: ['class', 'session', 'person', 'add', 'void', 'reason', 'overCap'],
    verify: requireTwoSigners,
  },
  'leave.granted': {
    fields: ['class', 'person', 'sessions', 'kind', 'reason', 'overCap'],
    verify: requireTwoSigners,
  },
  'makeup.scheduled': {
    fields: ['class', 'session', 'replaces', 'people', 'reason', 'overCap'],
    verify: requireTwoSigners,
  },
  'paper.entered': {
    fields: ['class', 'session', 'sheet', 'entries', 'reason'],
    verify: requireTwoSigners,
  },
  'check.answered': { fields: ['class', 'session', 'call', 'person', 'result'], verify: verifyAct },
  'card.missing': { fields: ['class', 'person', 'lane', 'count'], verify: verifyAct },
  'portrait.reconciled': {
    fields: ['person', 'better', 'score', 'verdict', 'engine', 'accept', 'reject'],
    verify: verifyAct,
  },
  'roster.changed': { fields: ['class', 'list', 'reason'], verify: verifyAct },
  'class.facts': { fields: ['class', 'facts'], verify: verifyAct },
  'person.facts': { fields: ['class', 'people', 'source'], verify: verifyAct },
  'certificate.imported': { fields: ['class', 'people', 'source'], verify: verifyAct },
  'history.imported': { fields: ['asOf', 'people', 'source'], verify: verifyAct },
  'online.imported': { fields: ['class', 'people', 'source'], verify: verifyAct },
  'record.destroyed': { fields: ['person', 'kind', 'reason'], verify: verifyAct },
  'month.closed': {
    fields: ['class', 'month', 'hours', 'size', 'totals', 'exceptions'],
    verify: requireTwoSigners,
  },
  'portrait.enrolled': { fields: ['person', 'portrait'], verify: requireTwoSigners },
  'identity.resolved': { fields: ['review', 'class', 'people', 'decision'], verify: requireTwoSigners },
  'fairness.report': { fields: ['sha256', 'people', 'checks', 'pairs'], verify: verifyAct },
  attendance: { fields: ['class', 'session', 'person', 'direction'], verify: verifyAct },
  ...visitActs,
  ...findingActs,
} as const

type Acting = Extract<LedgerEvent, { readonly type: keyof typeof required }>

/**
 * The first manual act that is not signed by people who were enrolled before it, is missing where it has to be, or
 * is a statement about something else than its record: an act that was signed once must not prove another one.
 * `leafOf` gives the leaf hash of each event where all of them are at hand: without it nobody can say whether the end
 * of a visit covers what its own key signed.
 */
export function falseAct(
  events: readonly LedgerEvent[],
  leafOf: ((index: number) => Hash) | null = null,
): BundleProblem | null {
  const publicKeys = new Map<string, string>()
  const supervisors = new Set<string>()
  const visits = new VisitSigners(leafOf)
  const findings = new FindingSigners()
  for (const event of events) {
    visits.note(event)
    findings.note(event)
    const detail =
      findings.problem(event) ?? actProblem(event, publicKeys, supervisors, visits) ?? visits.problem(event)
    if (detail !== null) return problem('act', event.index, detail)
    if (event.type !== 'actor.enrolled') continue
    publicKeys.set(event.data.actor, event.data.publicKey)
    if (event.data.role === 'supervisor') supervisors.add(event.data.actor)
  }
  return null
}

function actProblem(
  event: LedgerEvent,
  publicKeys: ReadonlyMap<string, string>,
  supervisors: ReadonlySet<string>,
  visits: VisitSigners,
): string | null {
  if (!isActing(event)) return null
  const { act } = event.data
  if (act == null) return mayLackAct(event, publicKeys) ? null : `${event.type} without a signature`
  const { fields, verify } = required[event.type]
  // An inspector's key signs for visits: beside a supervisor's it is no second signature under a correction.
  const visitKey = (actor: string) => (isOfInspector(event) ? visits.keyOf(actor) : null)
  const verified = verify(act, (actor) => publicKeys.get(actor) ?? visitKey(actor))
  if (!verified.ok) return `${event.type}: ${verified.fault.message}`
  const missing = missingSigner(event, act, supervisors)
  if (missing !== null) return `${event.type}: ${missing}`
  return saysTheSame(act, event, fields) ? null : `${event.type}: what was signed is not what is recorded`
}

function isOfInspector({ type }: Acting): boolean {
  return type in visitActs || type === 'finding.closed'
}

const hasToBeSupervised: ReadonlySet<string> = new Set<Acting['type']>([
  'doubtful.resolved',
  'month.closed',
  'finding.answered',
])

/** What the number of signatures alone doesn't say. */
function missingSigner(
  event: Acting,
  { signatures }: SignedAct,
  supervisors: ReadonlySet<string>,
): string | null {
  const witnesses = signatures.filter(({ actor }) => supervisors.has(actor)).length
  if (hasToBeSupervised.has(event.type) && witnesses === 0) return 'one of the two has to be a supervisor'
  if ('overCap' in event.data && event.data.overCap && witnesses < 2) {
    return 'beyond the cap two supervisors have to sign'
  }
  if (event.type === 'teacher.attendance' && signatures[0]?.actor !== event.data.actor) {
    return 'a teacher signs for nobody else'
  }
  if (event.type === 'catalogue.imported' && event.data.vkey === null && signatures.length < 2) {
    return 'a catalogue without a signature is imported by two people'
  }
  return null
}

function isActing(event: LedgerEvent): event is Acting {
  return event.type in required
}

/** The first person who acts is witnessed by the station's key alone; a camera's verdict and a command's export need nobody's signature. */
function mayLackAct(event: Acting, publicKeys: ReadonlyMap<string, string>): boolean {
  if (event.type === 'actor.enrolled') return publicKeys.size === 0
  if (['station.rekeyed', 'station.suite', 'export'].includes(event.type)) return true
  // A rule pack's term needs nobody's signature.
  if (event.type === 'record.destroyed') return event.data.reason.startsWith(RETENTION_REASON)
  if (event.type === 'portrait.reconciled') return event.data.better === 'chip'
  if (event.type === 'check.answered') return event.data.face !== null
  if (event.type === 'visit.drawn') return event.data.visit === null
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
  if (event.type === 'visit.drawn') return signedDraw(event.data)
  if (event.type === 'visit.checked' || event.type === 'visit.found') return signedLook(event.data)
  if (event.type === 'station.suite') return { ...event.data, reason: event.data.rotation?.reason }
  if (event.type === 'class.opened') return { ...event.data, sessions: sessionsDigest(event.data.sessions) }
  if (event.type === 'roster.changed') return { ...event.data, list: rosterDigest(event.data) }
  if (event.type === 'class.filed') return { ...event.data, catalogues: namesDigest(event.data.catalogues) }
  if (event.type === 'leave.granted') return { ...event.data, sessions: namesDigest(event.data.sessions) }
  if (event.type === 'makeup.scheduled') return { ...event.data, people: namesDigest(event.data.people) }
  if (event.type === 'paper.entered') return { ...event.data, entries: paperDigest(event.data.entries) }
  if (event.type === 'class.facts') return { ...event.data, facts: factsDigest(event.data.facts) }
  if (event.type === 'online.imported') return { ...event.data, people: onlineDigest(event.data.people) }
  if (isSealedFacts(event)) return { ...event.data, people: sealedFactsDigest(event.data.people) }
  return event.data
}

function isSealedFacts(
  event: Acting,
): event is Extract<Acting, { readonly type: 'person.facts' | 'certificate.imported' | 'history.imported' }> {
  return ['person.facts', 'certificate.imported', 'history.imported'].includes(event.type)
}

function parse(text: string): Record<string, unknown> {
  try {
    const json: unknown = JSON.parse(text)
    return typeof json === 'object' && json !== null ? { ...json } : {}
  } catch {
    return {}
  }
}
