import { projectHistory } from '../attendance/history.ts'
import { computeHours } from '../attendance/hours.ts'
import { parseRulePack } from '../attendance/rule-pack.ts'
import { ok, type Result } from '../common/result.ts'
import { sameJson } from '../common/same-json.ts'
import { type BundleFile, describeFile, splitEvents } from '../export/bundle-format.ts'
import { toHex } from '../ledger/bytes.ts'
import type { Checkpoint } from '../ledger/checkpoint.ts'
import { decodeEvent, type LedgerEvent } from '../ledger/event.ts'
import { keyHistoryOf } from '../ledger/key-history.ts'
import { leafHash, MerkleTree, sameHash } from '../ledger/merkle.ts'
import type { VerifierKey } from '../ledger/note.ts'
import type { Policy } from '../ledger/policy.ts'
import { revokes } from '../ledger/revocation.ts'
import { falseAct } from './acts.ts'
import { besideProblem } from './bundle-beside.ts'
import { type BundleProblem, type ProblemCode, problem } from './problem.ts'
import { type Bundle, isPackedAsWritten, readBundle } from './read-bundle.ts'
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
  readonly problem: BundleProblem | null
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
  const bundle = readBundle(bytes)
  if (!bundle.ok) return bundle
  const answer = examine(bundle.value, outside)
  if (!answer.ok || isPackedAsWritten(bytes, bundle.value)) return ok(answer)
  return ok({
    ...answer,
    ok: false,
    problem: problem('manifest', null, 'the zip around the files was changed'),
  })
}

function examine(bundle: Bundle, outside: OutsideKeys): BundleVerification {
  const { manifest } = bundle
  const unproven = {
    ok: false,
    class: manifest.class,
    size: manifest.size,
    root: manifest.root,
    simulated: manifest.simulated,
    trust: 'self' as const,
    witnessed: null,
    hours: null,
  }
  const found = (problem: BundleProblem) => ({ ...unproven, problem })

  const described = manifestProblem(bundle)
  if (described !== null) return found(described)
  const read = readEvents(fileOf(bundle, 'events.ndjson'))
  if (!read.ok) return found(read.fault)
  const { events, bodies, tree } = read.value
  const checkpoint = checkpointProblem(bundle, events, outside)
  if (!checkpoint.ok) return found(checkpoint.fault)
  const contents = contentProblem(bundle, events, tree, checkpoint.value) ?? checkReceipts(events, tree)
  if (contents !== null) return found(contents)
  const beside = { gm: textOf(bundle, 'checkpoint-gm.note'), policy: textOf(bundle, 'policy.txt') }
  const besides = besideProblem(beside, events, bodies, outside)
  if (besides !== null) return found(besides)
  const act = falseAct(events)
  if (act !== null) return found(act)

  const revoked = checkRevoked(events, manifest.class, outside)
  if (revoked.problem !== null) return found(revoked.problem)

  const hours = recompute(bundle, events)
  const trust: BundleVerification['trust'] = revoked.verified
    ? 'witness'
    : outside.key === undefined && outside.policy === undefined
      ? 'self'
      : 'key'
  const proven = { ...unproven, trust, hours: hours === null ? ('recomputed' as const) : hours.verdict }
  if (hours !== null) return { ...proven, problem: hours.problem }
  if (outside.policy !== undefined) {
    const quorum = checkQuorum(events, manifest.class, outside.policy)
    if (quorum.problem !== null || outside.witness === undefined) {
      const { problem, seen } = quorum
      const rests = problem === null && seen !== null ? ('witness' as const) : trust
      return { ...proven, ok: problem === null, trust: rests, witnessed: seen, problem }
    }
  }
  if (outside.witness === undefined) return { ...proven, ok: true, problem: null }
  const witness = checkWitness(events, manifest.class, outside.witness.vkey)
  if (witness.problem !== null) return { ...proven, witnessed: witness.seen, problem: witness.problem }
  return { ...proven, ok: true, trust: 'witness', witnessed: witness.seen, problem: null }
}

function manifestProblem({ manifest, files }: Bundle): BundleProblem | null {
  for (const [path, bytes] of files) {
    if (path === 'manifest.json') continue
    const claimed = manifest.files.find((file) => file.path === path)
    if (!sameJson(claimed, describeFile(path, bytes))) {
      return problem('manifest', null, `${path} is not the file that the manifest describes`)
    }
  }
  const surplus = manifest.files.find(({ path }) => !files.has(path))
  return surplus === undefined ? null : problem('manifest', null, `${surplus.path} is not in the bundle`)
}

function readEvents(
  bytes: Uint8Array,
): Result<
  { events: readonly LedgerEvent[]; bodies: readonly Uint8Array[]; tree: MerkleTree },
  BundleProblem
> {
  const bodies = splitEvents(bytes)
  if (bodies === null) return fail('altered', null, 'events.ndjson ends inside a record')
  const events: LedgerEvent[] = []
  const tree = new MerkleTree()
  for (const [index, body] of bodies.entries()) {
    const event = decodeEvent(body)
    if (!event.ok) return fail('altered', index, event.fault.message)
    if (event.value.index > index) return fail('removed', index, `record ${index} is missing`)
    if (event.value.index < index) return fail('inserted', index, `record ${event.value.index} comes again`)
    events.push(event.value)
    tree.append(leafHash(body))
  }
  return ok({ events, bodies, tree })
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
  const [named] = decodeText(fileOf(bundle, 'keys.txt')).split('\n')
  if (named !== `station ${own.value.first.vkey}`) {
    return fail('wrong-key', 0, 'keys.txt names another key than the first record')
  }
  const checkpoint = own.value.open(decodeText(fileOf(bundle, 'checkpoint.note')))
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

function recompute(
  bundle: Bundle,
  events: readonly LedgerEvent[],
): { verdict: BundleVerification['hours']; problem: BundleProblem } | null {
  const { manifest } = bundle
  const history = projectHistory(events)
  const named = history.classes.get(manifest.class)
  const pack = parseRulePack(fileOf(bundle, 'pack.json'))
  if (!pack.ok) return { verdict: null, problem: problem('pack', null, pack.fault.message) }
  if (named !== undefined && named.pack.sha256 !== pack.value.sha256) {
    return { verdict: null, problem: problem('pack', null, 'pack.json is not the pack that the class named') }
  }
  const hours = computeHours(history, manifest.class, pack.value)
  if (!hours.ok) return { verdict: null, problem: problem('hours', null, hours.fault.message) }
  const claimed = parseJson(decodeText(fileOf(bundle, 'hours.json')))
  if (!sameJson(claimed, JSON.parse(JSON.stringify(hours.value)))) {
    const detail = 'hours.json is not what the events and the pack give'
    return { verdict: 'differs', problem: problem('hours', null, detail) }
  }
  if (manifest.simulated !== history.simulated) {
    return {
      verdict: 'recomputed',
      problem: problem('manifest', 0, 'the manifest hides a simulated station'),
    }
  }
  return null
}

function fail(code: ProblemCode, index: number | null, detail: string) {
  return { ok: false as const, fault: problem(code, index, detail) }
}

function fileOf({ files }: Bundle, path: BundleFile): Uint8Array {
  return files.get(path) ?? new Uint8Array()
}

/** Null where the bundle has no such file. */
function textOf({ files }: Bundle, path: BundleFile): string | null {
  const bytes = files.get(path)
  return bytes === undefined ? null : decodeText(bytes)
}

function decodeText(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
