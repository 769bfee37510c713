import { ok, type Result } from '../common/result.ts'
import { toHex } from '../ledger/bytes.ts'
import type { Checkpoint } from '../ledger/checkpoint.ts'
import { ContentsCheck } from '../ledger/contents.ts'
import { verifyCosignature } from '../ledger/cosignature.ts'
import { decodeEvent, type LedgerEvent } from '../ledger/event.ts'
import { type EventProof, type ProofSubject, parseEventProof } from '../ledger/event-proof.ts'
import { keyHistoryOf } from '../ledger/key-history.ts'
import { type Hash, leafHash, sameHash } from '../ledger/merkle-hash.ts'
import { multiProofRoot } from '../ledger/multi-proof.ts'
import type { VerifierKey } from '../ledger/note.ts'
import { checkPolicy, type Policy } from '../ledger/policy.ts'
import { revokes, seenBefore } from '../ledger/revocation.ts'
import { falseAct } from './acts.ts'
import { type BundleProblem, type ProblemCode, problem } from './problem.ts'

export interface EventProofVerification {
  readonly ok: boolean
  readonly about: ProofSubject
  /** Which ledger, and the tree that its checkpoint signs. Root in hex. */
  readonly origin: string
  readonly size: number
  readonly root: string
  /** Nothing in this proof is anybody's attendance. */
  readonly simulated: boolean
  /** `self`: the proof vouches for its own key. `key`: the given key signed. `witness`: given witnesses saw it. */
  readonly trust: 'self' | 'key' | 'witness'
  /** The events are later than a receipt before them and earlier than the cosignatures; ISO, null where nobody says. */
  readonly bounds: { readonly after: string | null; readonly before: string | null }
  /** Witnesses with a given key that cosigned the checkpoint. */
  readonly witnesses: readonly string[]
  /** What was proved, by rising index, as it was recorded. */
  readonly events: readonly LedgerEvent[]
  readonly problem: BundleProblem | null
}

/** What a verifier has from elsewhere. A policy's ledgers and quorum stand in for single keys. */
export interface ProofTrust {
  readonly key?: VerifierKey
  readonly witness?: VerifierKey
  readonly policy?: Policy
}

/**
 * Checks an event proof from nothing but its bytes and public keys: every leaf, the root, the signatures, the manual
 * acts, and that it shows what it says. That there is nothing else about a person, no proof of this kind can show.
 * Total: a negative answer is a value with the first problem found; bytes that are no proof are a `PROOF_…` fault.
 */
export function verifyEventProof(
  bytes: Uint8Array,
  outside: ProofTrust = {},
): Result<EventProofVerification> {
  const proof = parseEventProof(bytes)
  return proof.ok ? ok(examine(proof.value, outside)) : proof
}

function examine(proof: EventProof, outside: ProofTrust): EventProofVerification {
  const { about } = proof
  const nothing = {
    ...{ ok: false, about, origin: '', size: 0, root: '', simulated: true, trust: 'self' as const },
    ...{ bounds: { after: null, before: null }, witnesses: [], events: [] },
  }
  const read = readEvents(proof.bodies)
  if (!read.ok) return { ...nothing, problem: read.fault }
  const events = read.value
  const signed = signedCheckpoint(proof.checkpoint, events, outside)
  if (!signed.ok) return { ...nothing, problem: signed.fault }
  const { origin, size, root } = signed.value
  const tree = { origin, size, root: toHex(root) }
  const found =
    falseTree(proof, events, signed.value) ?? falseContents(events, origin) ?? falseSubject(about, events)
  if (found !== null) return { ...nothing, ...tree, problem: found }
  const witnessed = witnessing(proof.checkpoint, withOwnLogs(outside, events))
  const trust = outside.key === undefined && outside.policy === undefined ? 'self' : 'key'
  const simulated = events[0]?.type === 'station.key' && events[0].data.simulated
  const proved = { ...nothing, ...tree, simulated, events, trust } as const
  if (!witnessed.ok) return { ...proved, problem: witnessed.fault }
  const { names, before } = witnessed.value
  const after = lowerBound(events, about, outside)
  return {
    ...proved,
    ok: true,
    trust: names.length > 0 ? 'witness' : trust,
    bounds: { after, before },
    witnesses: names,
    problem: null,
  }
}

/** Events by rising index out of their exact bytes. */
export function readEvents(bodies: readonly Uint8Array[]): Result<readonly LedgerEvent[], BundleProblem> {
  const events: LedgerEvent[] = []
  for (const body of bodies) {
    const event = decodeEvent(body)
    if (!event.ok) return fail('altered', null, event.fault.message)
    const { index } = event.value
    if (index <= (events.at(-1)?.index ?? -1)) return fail('inserted', index, 'the events are not in order')
    events.push(event.value)
  }
  return ok(events)
}

/** A checkpoint that the ledger's own key signed, a key that is known from outside where one is given. */
export function signedCheckpoint(
  note: string,
  events: readonly LedgerEvent[],
  { key, policy }: ProofTrust,
): Result<Checkpoint, BundleProblem> {
  const birth = events[0]
  if (birth?.type !== 'station.key' || birth.index !== 0) {
    return fail('altered', 0, 'the first event is not the birth of a key')
  }
  const own = keyHistoryOf(events)
  if (!own.ok) return fail('wrong-key', 0, own.fault.message)
  const trusted = [...(key === undefined ? [] : [key]), ...(policy?.logs ?? [])]
  const standing =
    trusted.length === 0 && !revokes(policy) ? 'known' : own.value.standing(trusted, policy?.revoked)
  if (standing === 'unknown') return fail('wrong-key', 0, 'the station has other keys than the ones you know')
  if (
    typeof standing === 'object' &&
    seenBefore(standing.revokedSince, [note], own.value, policy!) === null
  ) {
    const day = new Date(standing.revokedSince).toISOString()
    return fail('wrong-key', 0, `the station’s key is revoked since ${day}, and no witness saw this before`)
  }
  const checkpoint = own.value.open(note)
  return checkpoint.ok ? checkpoint : fail('wrong-key', null, `checkpoint: ${checkpoint.fault.message}`)
}

/** Null where these bodies and nodes give the checkpoint's root. */
export function falseTree(
  { bodies, nodes }: Pick<EventProof, 'bodies' | 'nodes'>,
  events: readonly LedgerEvent[],
  { size, root }: Checkpoint,
): BundleProblem | null {
  const leaves = bodies.map((body, i) => ({ index: events[i]!.index, leaf: leafHash(body) }))
  const outsider = leaves.find(({ index }) => index >= size)
  if (outsider !== undefined) return problem('inserted', outsider.index, 'the event is behind the checkpoint')
  const proved = multiProofRoot(leaves, size, nodes)
  if (proved !== null && sameHash(proved, root)) return null
  return problem('altered', null, 'these events are not the ones that the checkpoint signs')
}

/**
 * What the events say about themselves and each other: origin, acts, times. `leafOf` as of `falseAct`, where every event
 * of each visit is among them.
 */
export function falseContents(
  events: readonly LedgerEvent[],
  origin: string,
  leafOf: ((index: number) => Hash) | null = null,
): BundleProblem | null {
  const stranger = events.find((event) => event.origin !== origin)
  if (stranger !== undefined) return problem('inserted', stranger.index, 'the event is of another ledger')
  const contents = new ContentsCheck()
  for (const event of events) contents.visit(event)
  const found = contents.problem
  return falseAct(events, leafOf) ?? (found === null ? null : problem('altered', found.index, found.detail))
}

/** Events that may stand beside what a proof is about, because they are about no trainee. */
const supporting: ReadonlySet<LedgerEvent['type']> = new Set<LedgerEvent['type']>([
  'station.key',
  'station.rekeyed',
  'actor.enrolled',
  'visit.opened',
  'class.opened',
  'session.closed',
  'receipt',
])

/** The proof shows what it says it is about, and nobody else. */
function falseSubject(about: ProofSubject, events: readonly LedgerEvent[]): BundleProblem | null {
  const isAbout = (event: LedgerEvent) =>
    about.kind === 'event'
      ? event.index === about.index
      : 'person' in event.data && event.data.person === about.person
  const stranger = events.find((event) => !isAbout(event) && !supporting.has(event.type))
  if (stranger !== undefined)
    return problem('about', stranger.index, 'the proof says that it is about another')
  const outside = about.kind === 'hour' ? events.find((event) => isOutside(event, about, events)) : undefined
  if (outside !== undefined) {
    return problem('about', outside.index, 'the session is not in the hour of the proof')
  }
  return events.some(isAbout) ? null : problem('about', null, 'the proof shows nothing of what it is about')
}

/** Attendance in a session that the shown timetable doesn't have in this hour. */
function isOutside(
  event: LedgerEvent,
  { from, to }: { readonly from: number; readonly to: number },
  events: readonly LedgerEvent[],
): boolean {
  if (event.type !== 'attendance') return false
  const { data } = event
  const overlaps = (opening: LedgerEvent) =>
    opening.type === 'class.opened' &&
    opening.data.class === data.class &&
    opening.data.sessions.some(({ id, start, end }) => id === data.session && start < to && end > from)
  return !events.some(overlaps)
}

/** The policy's quorum is asked about the keys that the events name: one of them is known, and leads to the others. */
function withOwnLogs(outside: ProofTrust, events: readonly LedgerEvent[]): ProofTrust {
  const keys = outside.policy === undefined ? null : keyHistoryOf(events)
  return keys?.ok ? { ...outside, policy: { ...outside.policy!, logs: keys.value.keys } } : outside
}

/** What the known witnesses say of a checkpoint: their names, and the earliest time that one of them saw it. */
export function witnessing(
  note: string,
  { witness, policy }: ProofTrust,
): Result<{ readonly names: readonly string[]; readonly before: string | null }, BundleProblem> {
  const said: { readonly name: string; readonly time: number }[] = []
  if (policy !== undefined) {
    const verdict = checkPolicy(note, policy)
    if (!verdict.ok) return fail('unwitnessed', null, verdict.fault.message)
    said.push(...verdict.value.cosigned)
  }
  if (witness !== undefined) {
    const cosigned = verifyCosignature(note, witness.vkey)
    if (!cosigned.ok) return fail('unwitnessed', null, 'the witness did not cosign this checkpoint')
    said.push({ name: witness.name, time: cosigned.value.time })
  }
  const names = [...new Set(said.map(({ name }) => name))]
  const earliest = said.reduce((time, each) => Math.min(time, each.time), Number.POSITIVE_INFINITY)
  return ok({ names, before: isoSeconds(earliest) })
}

/** Time of the newest receipt before the first event that the proof is about, by a witness whose key is known. */
function lowerBound(
  events: readonly LedgerEvent[],
  about: ProofSubject,
  { witness, policy }: ProofTrust,
): string | null {
  const first = events.find((event) =>
    about.kind === 'event' ? event.index === about.index : !supporting.has(event.type),
  )
  const known = [...(witness === undefined ? [] : [witness]), ...(policy?.witnesses ?? [])]
  let latest = Number.NEGATIVE_INFINITY
  for (const event of events) {
    if (event.type !== 'receipt' || event.index >= (first?.index ?? 0)) continue
    for (const { vkey } of known) {
      const said = verifyCosignature(event.data.note, vkey)
      if (said.ok) latest = Math.max(latest, said.value.time)
    }
  }
  return isoSeconds(latest)
}

function isoSeconds(seconds: number): string | null {
  const date = new Date(seconds * 1000)
  return Number.isNaN(date.getTime()) ? null : date.toISOString()
}

function fail(code: ProblemCode, index: number | null, detail: string) {
  return { ok: false as const, fault: problem(code, index, detail) }
}
