import { ok, type Result } from '../common/result.ts'
import type { BundleMatter } from '../export/bundle/matter.ts'
import { manifestStatement, splitEvents } from '../export/bundle-format.ts'
import { toHex } from '../ledger/bytes.ts'
import type { Checkpoint } from '../ledger/checkpoint.ts'
import { decodeEvent, type LedgerEvent } from '../ledger/event.ts'
import { keyHistoryOf } from '../ledger/key-history.ts'
import { leafHash, MerkleTree, sameHash } from '../ledger/merkle.ts'
import type { Hash } from '../ledger/merkle-hash.ts'
import { openNote, type VerifierKey } from '../ledger/note.ts'
import type { Policy } from '../ledger/policy.ts'
import { revokes } from '../ledger/revocation.ts'
import { falseAct } from './acts.ts'
import { besideProblem } from './bundle-beside.ts'
import { checkContents } from './bundle-contents.ts'
import { type BundleProblem, type ProblemCode, problem } from './problem.ts'
import {
  type Bundle,
  indexProblem,
  isPackedAsWritten,
  readBundle,
  textOf,
  textOrNull,
} from './read-bundle.ts'
import { checkQuorum, checkReceipts, checkRevoked, checkWitness, type Witnessed } from './receipts.ts'

export interface BundleVerification {
  readonly ok: boolean
  readonly class: string
  readonly size: number
  /** Hex. */
  readonly root: string
  /** Nothing in this bundle is anybody's attendance. */
  readonly simulated: boolean
  /** `self`: the bundle vouches for its own key. `key`: the given key signed. `witness`: a given witness saw all of it. */
  readonly trust: 'self' | 'key' | 'witness'
  /** What the asked witness has seen: tree size, and when by its own clock (ISO). */
  readonly witnessed: Witnessed | null
  readonly hours: 'recomputed' | 'differs' | null
  /** People whose hours in the bundle are not what the events give. */
  readonly differing: readonly string[]
  /** `signed-only`: made by another version, so that the station's signature alone vouches for the page. */
  readonly report: 'recomputed' | 'signed-only' | null
  /** There is a part that an auditor's key opens. */
  readonly sealed: boolean
  readonly problem: BundleProblem | null
}

/** A bundle that was found right, with what was computed from it. */
export interface VerifiedBundle {
  readonly files: ReadonlyMap<string, Uint8Array>
  readonly matter: BundleMatter
  readonly tree: MerkleTree
}

/** Public keys that the verifier has from elsewhere. */
export interface OutsideKeys {
  readonly key?: VerifierKey
  readonly witness?: VerifierKey
  /** Ledgers' keys that are known, and witnesses of which a quorum has to have seen every record of the class. */
  readonly policy?: Policy
}

/**
 * Checks a bundle from nothing but its bytes and public keys: every file, every leaf, the root, the signatures,
 * the receipts, the manual acts, and the hours, computed again. Total: a negative answer is a value with the
 * first problem found; bytes that are no bundle are a `PROOF_…` fault.
 */
export function verifyBundle(bytes: Uint8Array, outside: OutsideKeys = {}): Result<BundleVerification> {
  const opened = openBundle(bytes, outside)
  return opened.ok ? ok(opened.value.answer) : opened
}

/** As `verifyBundle`, with what was computed on the way; `verified` is null for a negative answer. */
export function openBundle(
  bytes: Uint8Array,
  outside: OutsideKeys = {},
): Result<{ readonly answer: BundleVerification; readonly verified: VerifiedBundle | null }> {
  const bundle = readBundle(bytes)
  if (!bundle.ok) return bundle
  const { answer, verified } = examine(bundle.value, outside)
  if (!answer.ok || verified === null) return ok({ answer, verified: null })
  if (isPackedAsWritten(bytes, bundle.value.files)) return ok({ answer, verified })
  const detail = 'the zip around the files was changed'
  return ok({ answer: { ...answer, ok: false, problem: problem('manifest', null, detail) }, verified: null })
}

interface Examined {
  readonly answer: BundleVerification
  readonly verified: VerifiedBundle | null
}

function examine(bundle: Bundle, outside: OutsideKeys): Examined {
  const { manifest, files } = bundle
  const unproven = {
    ok: false,
    class: manifest.class,
    size: manifest.size,
    root: manifest.root,
    simulated: manifest.simulated,
    trust: 'self' as const,
    witnessed: null,
    hours: null,
    differing: [],
    report: null,
    sealed: files.has('sealed.age'),
  }
  const found = (problem: BundleProblem): Examined => ({ answer: { ...unproven, problem }, verified: null })

  const described = indexProblem(manifest.files, files, ['manifest.json', 'manifest.note'])
  if (described !== null) return found(described)
  const read = readEvents(files.get('events.ndjson') ?? new Uint8Array())
  if (!read.ok) return found(read.fault)
  const { events, bodies, tree, leaves } = read.value
  const checkpoint = checkpointProblem(bundle, events, outside)
  if (!checkpoint.ok) return found(checkpoint.fault)
  const log = contentProblem(bundle, events, tree, checkpoint.value) ?? checkReceipts(events, tree)
  if (log !== null) return found(log)
  const beside = { gm: textOrNull(files, 'checkpoint-gm.note'), policy: textOrNull(files, 'policy.txt') }
  const besides = besideProblem(beside, events, bodies, outside)
  if (besides !== null) return found(besides)
  const act = falseAct(events, (index) => leaves[index]!)
  if (act !== null) return found(act)

  const revoked = checkRevoked(events, manifest.class, outside)
  if (revoked.problem !== null) return found(revoked.problem)

  const { matter, ...contents } = checkContents(bundle, events, tree)
  const trust: BundleVerification['trust'] = revoked.verified
    ? 'witness'
    : outside.key === undefined && outside.policy === undefined
      ? 'self'
      : 'key'
  const proven = { ...unproven, trust, ...contents }
  if (contents.problem !== null || matter === null) return { answer: proven, verified: null }
  const unsigned = signatureProblem(bundle, events)
  if (unsigned !== null) return { answer: { ...proven, problem: unsigned }, verified: null }
  const seen = witnessed(events, manifest.class, outside, trust)
  const answer = { ...proven, ...seen, ok: seen.problem === null }
  return { answer, verified: answer.ok ? { files, matter, tree } : null }
}

/** What witnesses from outside have seen, where any were asked for. */
function witnessed(
  events: readonly LedgerEvent[],
  classId: string,
  { policy, witness }: OutsideKeys,
  trust: BundleVerification['trust'],
): Pick<BundleVerification, 'trust' | 'witnessed' | 'problem'> {
  if (policy !== undefined) {
    const { problem, seen } = checkQuorum(events, classId, policy)
    if (problem !== null || witness === undefined) {
      const rests = problem === null && seen !== null ? ('witness' as const) : trust
      return { trust: rests, witnessed: seen, problem }
    }
  }
  if (witness === undefined) return { trust, witnessed: null, problem: null }
  const { problem, seen } = checkWitness(events, classId, witness.vkey)
  return { trust: problem === null ? 'witness' : trust, witnessed: seen, problem }
}

/** The index is signed by the key of the checkpoint's tree: nobody else makes a bundle of this ledger. */
function signatureProblem({ manifest, files }: Bundle, events: readonly LedgerEvent[]): BundleProblem | null {
  const own = keyHistoryOf(events)
  if (!own.ok) return problem('wrong-key', 0, own.fault.message)
  const note = openNote(textOf(files, 'manifest.note'), [own.value.at(manifest.size)])
  if (!note.ok) return problem('wrong-key', null, `manifest.note: ${note.fault.message}`)
  const index = files.get('manifest.json') ?? new Uint8Array()
  if (note.value.text === manifestStatement(manifest, index)) return null
  return problem('manifest', null, 'the index was changed after the station signed it')
}

interface ReadEvents {
  readonly events: readonly LedgerEvent[]
  readonly bodies: readonly Uint8Array[]
  readonly tree: MerkleTree
  readonly leaves: readonly Hash[]
}

function readEvents(bytes: Uint8Array): Result<ReadEvents, BundleProblem> {
  const bodies = splitEvents(bytes)
  if (bodies === null) return fail('altered', null, 'events.ndjson ends inside a record')
  const events: LedgerEvent[] = []
  const tree = new MerkleTree()
  const leaves: Hash[] = []
  for (const [index, body] of bodies.entries()) {
    const event = decodeEvent(body)
    if (!event.ok) return fail('altered', index, event.fault.message)
    if (event.value.index > index) return fail('removed', index, `record ${index} is missing`)
    if (event.value.index < index) return fail('inserted', index, `record ${event.value.index} comes again`)
    events.push(event.value)
    const leaf = leafHash(body)
    leaves.push(leaf)
    tree.append(leaf)
  }
  return ok({ events, bodies, tree, leaves })
}

function checkpointProblem(
  bundle: Bundle,
  events: readonly LedgerEvent[],
  { key, policy }: OutsideKeys,
): Result<Checkpoint, BundleProblem> {
  const birth = events[0]
  if (birth?.type !== 'station.key') return fail('altered', 0, 'the first record is not the birth of a key')
  const own = keyHistoryOf(events)
  if (!own.ok) return fail('wrong-key', 0, own.fault.message)
  const known = [...(key === undefined ? [] : [key]), ...(policy?.logs ?? [])]
  if ((known.length > 0 || revokes(policy)) && own.value.standing(known, policy?.revoked) === 'unknown') {
    return fail('wrong-key', 0, 'the station has other keys than the given one')
  }
  const [named] = textOf(bundle.files, 'keys.txt').split('\n')
  if (named !== `station ${own.value.first.vkey}`) {
    return fail('wrong-key', 0, 'keys.txt names another key than the first record')
  }
  const checkpoint = own.value.open(textOf(bundle.files, 'checkpoint.note'))
  return checkpoint.ok ? checkpoint : fail('wrong-key', null, `checkpoint.note: ${checkpoint.fault.message}`)
}

function contentProblem(
  { manifest }: Bundle,
  events: readonly LedgerEvent[],
  tree: MerkleTree,
  checkpoint: Checkpoint,
): BundleProblem | null {
  const stranger = events.find((event) => event.origin !== checkpoint.origin)
  if (stranger !== undefined) return problem('inserted', stranger.index, 'the record is of another ledger')
  if (tree.size < checkpoint.size) return problem('removed', tree.size, 'the last records are missing')
  if (tree.size > checkpoint.size)
    return problem('inserted', checkpoint.size, 'records behind the checkpoint')
  if (!sameHash(tree.root(), checkpoint.root)) {
    return problem('altered', null, 'the records are not those that the checkpoint signs')
  }
  const { origin, size } = checkpoint
  const root = toHex(checkpoint.root)
  if (origin !== manifest.origin || size !== manifest.size || root !== manifest.root) {
    return problem('manifest', null, 'the manifest names another tree than the checkpoint')
  }
  return null
}

function fail(code: ProblemCode, index: number | null, detail: string) {
  return { ok: false as const, fault: problem(code, index, detail) }
}
