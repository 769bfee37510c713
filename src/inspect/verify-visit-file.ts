import { ok, type Result } from '../common/result.ts'
import { sameBytes, toHex } from '../ledger/bytes.ts'
import type { Checkpoint } from '../ledger/checkpoint.ts'
import type { EventData, LedgerEvent } from '../ledger/event.ts'
import { keyHistoryOf } from '../ledger/key-history.ts'
import { leafHash } from '../ledger/merkle-hash.ts'
import type { VerifierKey } from '../ledger/note.ts'
import { type DrawPower, drawPower } from './draw-power.ts'
import { type BundleProblem, problem } from './problem.ts'
import {
  falseContents,
  falseTree,
  type ProofTrust,
  readEvents,
  signedCheckpoint,
  witnessing,
} from './verify-event-proof.ts'
import { drawOutcome, type Visit } from './visit.ts'
import { type VisitFacts, visitFacts } from './visit-facts.ts'
import { formatVisitFile, parseVisitFile, type VisitFile } from './visit-file.ts'
import { falseDraws, falseGrowth, falseStanding, type ListedBy, visitOf } from './visit-file-checks.ts'
import { visitFileWords } from './visit-file-words.ts'

/** What a verifier has from elsewhere. */
export interface VisitTrust extends ProofTrust {
  /** The key of the authority whose inspectors are believed. */
  readonly authority?: VerifierKey
}

/** The facts that follow from what a visit's file shows; the others need the records of all the class's days. */
export type ClaimedThen = Omit<
  VisitFacts,
  'class' | 'headcount' | 'openDoubts' | 'manualActs' | 'untrustedTimes' | 'portraits'
>

export interface VisitVerification {
  readonly ok: boolean
  readonly kind: 'visit'
  readonly visit: string
  readonly class: string
  readonly title: string
  readonly simulated: boolean
  readonly origin: string
  /** The tree that ends with the closing; root in hex. */
  readonly size: number
  readonly root: string
  /** `self`: the file vouches for its own key. `key`: a given key signed. `witness`: given witnesses saw it. */
  readonly trust: 'self' | 'key' | 'witness'
  readonly witnesses: readonly string[]
  /** The station's clock, ISO. */
  readonly opened: string | null
  /** Null while the visit is open. */
  readonly closed: {
    readonly event: number
    readonly institution: EventData['visit.closed']['institution']
  } | null
  readonly inspector: {
    readonly publicKey: string
    readonly standing: EventData['visit.opened']['standing']
    /** Whose list names the key, null without a list. `known`: the authority's key was given from outside. */
    readonly listed: (ListedBy & { readonly known: boolean }) | null
    /** Marks were signed by a key that the opening names, and the inspector's own key signed both ends. */
    readonly visitKey: string | null
  } | null
  /** The inspector's earlier checkpoint, held against this ledger; `proved` by the file itself. */
  readonly since: (NonNullable<EventData['visit.opened']['since']> & { readonly proved: boolean }) | null
  readonly draws: readonly {
    readonly commitment: string
    readonly nonce: string
    readonly k: number
    readonly n: number
    readonly order: readonly string[]
    readonly power: DrawPower
    readonly commitmentSeen: boolean
  }[]
  /** Of the people drawn: how the newest look at each ended. */
  readonly outcome: ReturnType<typeof drawOutcome> | null
  readonly headcount: number | null
  readonly found: readonly { readonly person: string | null; readonly record: string }[]
  /** What the log claimed when the visit was opened, computed again as far as the file goes. */
  readonly facts: ClaimedThen | null
  /** How many events the file shows. */
  readonly events: number
  /** The same in sentences. */
  readonly words: readonly string[]
  readonly problem: BundleProblem | null
}

/**
 * Checks a visit's file from nothing but its bytes and public keys: every act, the draws, the standing of the inspector's
 * key, every leaf, the growth of the ledger since the last visit and during this one, and the signatures. That the
 * ledger holds no other events about the class it can't show. Total: a negative answer is a value with the first
 * problem found; bytes that are no such file are an `INSPECT_VISIT_…` fault.
 */
export function verifyVisitFile(bytes: Uint8Array, outside: VisitTrust = {}): Result<VisitVerification> {
  const file = parseVisitFile(bytes)
  if (!file.ok) return file
  const answer = examine(file.value, outside)
  if (answer.problem === null && !sameBytes(formatVisitFile(file.value), bytes)) {
    const found = problem('manifest', null, 'the text around the records was changed')
    return ok({ ...answer, ok: false, words: [], problem: found })
  }
  return ok(answer)
}

const NOTHING: Omit<VisitVerification, 'visit' | 'problem'> = {
  ...{ ok: false, kind: 'visit', class: '', title: '', simulated: true, origin: '', size: 0, root: '' },
  ...{ trust: 'self', witnesses: [], opened: null, closed: null, inspector: null, since: null, draws: [] },
  ...{ outcome: null, headcount: null, found: [], facts: null, events: 0, words: [] },
}

function examine(file: VisitFile, outside: VisitTrust): VisitVerification {
  const fail = (found: BundleProblem): VisitVerification => ({
    ...NOTHING,
    visit: file.visit,
    problem: found,
  })
  const read = readEvents(file.bodies)
  if (!read.ok) return fail(read.fault)
  const events = read.value
  const signed = signedCheckpoint(file.closing, events, outside)
  if (!signed.ok) return fail(signed.fault)
  const checkpoint = signed.value
  // Contents first: they say what was changed, where the tree only says that something was.
  const leaves = new Map(events.map(({ index }, i) => [index, leafHash(file.bodies[i]!)]))
  const contents = falseContents(events, checkpoint.origin, (index) => leaves.get(index)!)
  if (contents !== null) return fail(contents)
  const visit = visitOf(events, file.visit, checkpoint.size)
  if (!visit.ok) return fail(visit.fault)
  const listed = falseStanding(events, visit.value, outside.authority)
  if (!listed.ok) return fail(listed.fault)
  const found =
    falseDraws(events, visit.value) ??
    falseTree(file, events, checkpoint) ??
    falseOpening(file, events, visit.value, checkpoint)
  if (found !== null) return fail(found)
  const witnessed = witnessesOf(file, events, checkpoint, outside)
  if (!witnessed.ok) return fail(witnessed.fault)
  const isKnown = outside.key !== undefined || outside.policy !== undefined
  const trust = witnessed.value.length > 0 ? 'witness' : isKnown ? 'key' : 'self'
  const told = tell(events, visit.value, checkpoint)
  const inspector = inspectorOf(events, visit.value, listed.value, outside)
  const answer = { ...told, inspector, trust, witnesses: witnessed.value } as const
  return { ...answer, words: visitFileWords(answer) }
}

/** The opening tree is signed, ends with the visit's opening, and grew into the closing one; so did the earlier one. */
function falseOpening(
  { opening: note, since: proof, during }: VisitFile,
  events: readonly LedgerEvent[],
  { event: opened, since }: Visit,
  closing: Checkpoint,
): BundleProblem | null {
  const keys = keyHistoryOf(events)
  const opening = keys.ok ? keys.value.open(note) : keys
  if (!opening.ok) return problem('wrong-key', opened, `opening checkpoint: ${opening.fault.message}`)
  if (opening.value.size !== opened + 1)
    return problem('history', opened, 'the opening checkpoint doesn’t end with the visit’s opening')
  if (falseGrowth(opening.value, closing, during))
    return problem('history', opened, 'the ledger at the end is not the one at the opening, grown')
  if ((since?.finding === 'consistent') !== (proof !== null))
    return problem('history', opened, 'the proof since the last visit is missing, or is one too many')
  if (since == null || proof === null) return null
  const earlier = { size: since.size, root: since.root }
  if (!falseGrowth(earlier, closing, proof)) return null
  return problem('history', opened, 'nothing shows that the ledger is the one of the last visit, grown')
}

/** Names of given witnesses that cosigned the closing tree or one that grew from it. */
function witnessesOf(
  { witnessed }: VisitFile,
  events: readonly LedgerEvent[],
  closing: Checkpoint,
  outside: VisitTrust,
): Result<readonly string[], BundleProblem> {
  if (witnessed === null) {
    if (outside.witness === undefined && (outside.policy?.quorum.threshold ?? 0) === 0) return ok([])
    return {
      ok: false,
      fault: problem('unwitnessed', null, 'no witness had seen this visit when the file was made'),
    }
  }
  const keys = keyHistoryOf(events)
  const tree = keys.ok ? keys.value.open(witnessed.checkpoint) : keys
  // A later key of the station isn't in this file; what it signed can't be told from a forgery here.
  if (!tree.ok) return { ok: false, fault: problem('wrong-key', null, `receipt: ${tree.fault.message}`) }
  if (falseGrowth(closing, tree.value, witnessed.growth))
    return { ok: false, fault: problem('forked', null, 'the receipt is over another history than this') }
  if (outside.witness === undefined && outside.policy === undefined) return ok([])
  const seen = witnessing(witnessed.checkpoint, outside)
  return seen.ok ? ok(seen.value.names) : seen
}

function tell(events: readonly LedgerEvent[], visit: Visit, { origin, size, root }: Checkpoint) {
  const birth = events[0]
  const before = events.filter(({ index }) => index < visit.event)
  const facts = visitFacts(before, visit.class, visit.openedAt)
  const { closed, since } = visit
  const commitments = new Map(
    events.flatMap(({ type, data }) => (type === 'draw.committed' ? [[data.draw, data] as const] : [])),
  )
  return {
    ...{
      ok: true,
      kind: 'visit' as const,
      visit: visit.visit,
      class: visit.class,
      title: facts?.title ?? '',
    },
    ...{ simulated: (birth?.type === 'station.key' && birth.data.simulated) || facts?.simulated === true },
    ...{ origin, size, root: toHex(root), opened: isoOf(visit.openedAt) },
    closed: closed === null ? null : { event: closed.event, institution: closed.institution },
    since: since === null ? null : { ...since, proved: since.finding === 'consistent' },
    draws: visit.draws.map(({ draw, k, nonce, order, commitmentSeen }) => {
      const { commitment, n, strata } = commitments.get(draw)!
      return { commitment, nonce, k, n, order, power: drawPower(strata, k), commitmentSeen }
    }),
    outcome: drawOutcome(visit),
    headcount: visit.headcounts.at(-1)?.count ?? null,
    found: visit.found.map(({ person, record }) => ({ person, record })),
    facts: facts === null ? null : claimed(facts, visit.event),
    ...{ events: events.length, problem: null },
  } as const
}

function claimed(facts: VisitFacts, opened: number): ClaimedThen {
  const { title, filing, session, room, expected, signedIn, present, enrolledOnSite, receipt } = facts
  const { clockJumps, cameraChanges, readerChanges, simulated } = facts
  return {
    ...{ title, filing, session, room, expected, signedIn, present, enrolledOnSite },
    ...{ clockJumps, cameraChanges, readerChanges, simulated },
    // The file holds a part of the ledger: how far the receipt is behind is counted in places.
    receipt: receipt === null ? null : { ...receipt, behind: opened - receipt.size },
  }
}

function inspectorOf(
  events: readonly LedgerEvent[],
  { event, inspector, standing }: Visit,
  listed: ListedBy | null,
  { authority }: VisitTrust,
): VisitVerification['inspector'] {
  const opened = events.find(({ index }) => index === event)?.data
  const named = (opened as { readonly visitKey?: { readonly publicKey: string } | null } | undefined)
    ?.visitKey
  return {
    ...{ publicKey: inspector.publicKey, standing },
    listed: listed === null ? null : { ...listed, known: authority !== undefined },
    visitKey: named?.publicKey ?? null,
  }
}

function isoOf(wall: number): string | null {
  const date = new Date(wall)
  return Number.isNaN(date.getTime()) ? null : date.toISOString()
}
