import { Fault } from '../common/fault.ts'
import { sameBytes, toHex } from './bytes.ts'
import type { Checkpoint } from './checkpoint.ts'
import { ContentsCheck } from './contents.ts'
import { decodeEvent, type LedgerEvent } from './event.ts'
import type { Evidence, EvidenceRow } from './evidence.ts'
import { GmExamination, isGmNote } from './gm-examination.ts'
import { IndexExamination } from './index-examination.ts'
import { KeyHistory } from './key-history.ts'
import { type Locator, locator } from './locator.ts'
import { type Hash, leafHash, MerkleTree, sameHash } from './merkle.ts'
import { BLOCK_LEAVES, BLOCK_LEVELS } from './merkle-blocks.ts'
import { type Irregularity, nameIrregularity } from './naming.ts'
import { splitNote } from './note.ts'
import { revokes } from './revocation.ts'
import { findMissingSideData } from './side-evidence.ts'
import { SIGNATURE_TYPE } from './signature-type.ts'
import type { LogProblem, LogVerification, OutsideKnowledge } from './verification.ts'
import { checkQuorum, checkRevoked, checkWitness, type SeenCheckpoint } from './witnessed.ts'

/** What lies beside the database that is examined. */
export interface LedgerFolder {
  /** The station's data folder; null for a database that is looked at by itself. */
  readonly dir: string | null
  /** What `ledger.head` said before the database was opened, or null. */
  readonly mark: string | null
}

/**
 * Examines a ledger in the order in which a finding spoils what comes after it: each row by itself, then the signed
 * head over all of them, then every other checkpoint that was signed, then what the events say, and at last what lies
 * beside them.
 */
export function examine(
  evidence: Evidence,
  outside: OutsideKnowledge,
  { dir, mark }: LedgerFolder,
): LogVerification {
  const tree = new MerkleTree()
  const contents = new ContentsCheck()
  const gm = gmExamination(evidence, outside)
  const index = new IndexExamination()
  const roots = new Map<number, Hash>()
  const irregular = evidence.hasEvents
    ? readRows(evidence, tree, [contents, index], gm, roots)
    : { row: null, why: 'the table of events is gone' }
  const keys = contents.keys ?? (outside.key === null ? null : KeyHistory.born(outside.key))
  const where = locator(tree, keys, evidence)
  const witnessed = checkWitness(contents.receipts, outside)
  const quorum = checkQuorum(contents.receipts, outside, keys)
  const revoked = checkRevoked(contents.receipts, outside, keys, tree.size)
  const problem =
    checkDeclaredKey(contents, outside) ??
    (irregular === null ? null : nameIrregularity(irregular, evidence, tree, where)) ??
    contents.falseRotation ??
    checkHead(evidence, tree, keys, where) ??
    checkRotations(tree, keys) ??
    checkHistory(evidence, { tree, roots }, keys, where, [
      ...witnessed.seen,
      ...outsideCheckpoints(outside),
      ...marked(mark, keys),
    ]) ??
    gm.problem(tree.size) ??
    witnessed.problem ??
    revoked.problem ??
    quorum.problem ??
    contents.problem ??
    // Last of what is about events: whoever rewrote these left the roots as they were, and that says less.
    checkBlocks(evidence, tree) ??
    index.problem(evidence) ??
    (dir === null ? null : findMissingSideData(dir, contents.identities))
  const size = irregular === null ? tree.size : countOrNone(evidence, tree.size)
  return {
    ok: problem === null,
    size,
    root: tree.size === 0 ? null : Buffer.from(tree.root()).toString('hex'),
    suite: gm.suite,
    trust:
      witnessed.verified || quorum.verified || revoked.verified
        ? 'witness'
        : knowsKey(outside)
          ? 'key'
          : 'self',
    problem,
    bounds: contents.bounds(outside.event),
    deleted: contents.deleted,
  }
}

function readRows(
  evidence: Evidence,
  tree: MerkleTree,
  followers: readonly { visit(event: LedgerEvent): void }[],
  gm: GmExamination,
  roots: Map<number, Hash>,
): Irregularity | null {
  const leaves = (block: number) => evidence.leavesOf(block * BLOCK_LEAVES, (block + 1) * BLOCK_LEAVES)
  const kept = evidence.keptSizes()
  try {
    for (const row of evidence.rows()) {
      const event = regularEvent(row, tree.size)
      if (typeof event === 'string') return { row, why: event }
      tree.append(row.leaf!)
      // Now it costs next to nothing; afterwards a block of leaves would have to be read again for each.
      if (kept.has(tree.size)) roots.set(tree.size, tree.root())
      if (tree.size % SHED_EVERY === 0) tree.shed(leaves)
      for (const follower of followers) follower.visit(event)
      gm.visit(event, row.body!)
    }
    return null
  } catch (thrown) {
    if (thrown instanceof Fault && thrown.code === 'LEDGER_CORRUPT') {
      return { row: null, why: 'the file cannot be read here' }
    }
    throw thrown
  }
}

/** The event of a row that is what place `index` asks for, or what is wrong with it. */
function regularEvent({ index: place, body, leaf }: EvidenceRow, index: number): LedgerEvent | string {
  if (place !== index) return `event ${index} is not at its place`
  if (body === null || leaf === null) return 'body or leaf is not what an event has'
  if (!sameHash(leafHash(body), leaf)) return 'the body does not have the hash of its leaf'
  const event = decodeEvent(body)
  if (!event.ok) return event.fault.message
  if (event.value.index !== index) return `the body says that it is event ${event.value.index}`
  return event.value
}

/** The first event names the key of the whole ledger; another one given from outside means another ledger. */
function checkDeclaredKey({ keys }: ContentsCheck, { key, policy }: OutsideKnowledge): LogProblem | null {
  const known = [...(key === null ? [] : [key]), ...(policy?.logs ?? [])]
  if (keys === null || (known.length === 0 && !revokes(policy))) return null
  if (keys.standing(known, policy?.revoked) !== 'unknown') return null
  return { code: 'wrong-key', index: 0, detail: `the ledger is of ${keys.first.name} and another key` }
}

function checkHead(
  evidence: Evidence,
  tree: MerkleTree,
  keys: KeyHistory | null,
  where: Locator,
): LogProblem | null {
  const { size } = tree
  if (size === 0) return { code: 'removed', index: 0, detail: 'the ledger has no event' }
  if (keys === null)
    return { code: 'wrong-key', index: 0, detail: 'the first event does not name a station key' }
  const note = evidence.head()
  if (note === null) return { code: 'removed', index: null, detail: 'the signed head is gone' }
  const head = keys.open(note)
  if (!head.ok) return nameFalseHead(note, keys, size, where)
  if (head.value.size === size && sameHash(head.value.root, tree.root())) {
    const signed = evidence.largestSignedSize()
    if (signed <= size) return null
    return {
      code: 'rolled-back',
      index: size,
      detail: `this station signed ${signed} events, ${size} are here`,
    }
  }
  return nameFalseTree(head.value, size, where)
}

/** Nothing rests on stored roots here, but a station opens by them. */
function checkBlocks(evidence: Evidence, tree: MerkleTree): LogProblem | null {
  let block = -1
  for (const root of evidence.blockRoots()) {
    block++
    const complete = (block + 1) * BLOCK_LEAVES <= tree.size
    if (complete && root !== null && sameHash(root, tree.completeSubtree(BLOCK_LEVELS, block))) continue
    const detail = `the stored root of block ${block} was changed; the events are as they were signed`
    return { code: 'altered', index: null, detail }
  }
  return null
}

/** The events don't give the root of a true head. */
function nameFalseTree(head: Checkpoint, size: number, where: Locator): LogProblem {
  const { first, exact } = where.firstUnsigned(Math.min(size, head.size))
  const since = exact ? '' : `; it is one of the events from ${first} on`
  if (size > head.size) {
    if (first >= head.size && where.isSigned(size)) {
      return { code: 'rolled-back', index: head.size, detail: `the head is older than its ${size} events` }
    }
    return { code: 'inserted', index: first, detail: `${size - head.size} more than were signed${since}` }
  }
  if (size < head.size) {
    return {
      code: 'removed',
      index: first,
      detail: `${head.size - size} of ${head.size} events are gone${since}`,
    }
  }
  return { code: 'altered', index: first, detail: `the events do not give the signed root${since}` }
}

function nameFalseHead(note: string, keys: KeyHistory, size: number, where: Locator): LogProblem {
  if (where.isSigned(size)) {
    return {
      code: 'altered',
      index: null,
      detail: 'the signed head was changed; the events are as they were signed',
    }
  }
  const split = splitNote(note)
  const named = split.ok && split.value.signatures.some(({ keyId }) => sameBytes(keyId, keys.at(size).keyId))
  if (split.ok && !named)
    return {
      code: 'wrong-key',
      index: 0,
      detail: `the head is not signed by the key of ${keys.first.name} at this size`,
    }
  const { first } = where.firstUnsigned(size)
  return { code: 'altered', index: first, detail: 'neither the head nor the events are as they were signed' }
}

/** The next key signed what was before it: that has to be what is here. */
function checkRotations(tree: MerkleTree, keys: KeyHistory | null): LogProblem | null {
  const false_ = keys?.rotations.find(({ size, root }) => size > tree.size || toHex(tree.root(size)) !== root)
  if (false_ === undefined) return null
  return { code: 'tail-replaced', index: false_.size, detail: 'the key was changed after another history' }
}

/** A tree over a million leaves held whole takes as much memory as everything else together. */
const SHED_EVERY = 1_024

/** Two true signatures over trees of which neither extends the other: only the key's holder can do that. */
function checkHistory(
  evidence: Evidence,
  { tree, roots }: { readonly tree: MerkleTree; readonly roots: ReadonlyMap<number, Hash> },
  keys: KeyHistory | null,
  where: Locator,
  seen: readonly SeenCheckpoint[],
): LogProblem | null {
  const kept = evidence.keptCheckpoints().map((note) => ({ note, from: 'a kept checkpoint', index: null }))
  let agreed = 0
  for (const { note, from, index } of [...kept, ...seen]) {
    const checkpoint = keys?.open(note)
    if (!checkpoint?.ok) return { code: 'wrong-key', index, detail: `${from} is not signed by this station` }
    const { size, root } = checkpoint.value
    if (size > tree.size) {
      return {
        code: 'rolled-back',
        index: tree.size,
        detail: `${from} has ${size} events, ${tree.size} are here`,
      }
    }
    if (!sameHash(root, roots.get(size) ?? tree.root(size))) {
      // Signatures that were made anew fit the new tree: then only the last checkpoint that agreed says where.
      const { first } = where.firstUnsigned(size)
      return {
        code: size === tree.size ? 'forked' : 'tail-replaced',
        index: first === size ? agreed : Math.max(agreed, first),
        detail: `${from} of ${size} events has another root`,
      }
    }
    agreed = Math.max(agreed, size)
  }
  return null
}

function outsideCheckpoints({ checkpoints }: OutsideKnowledge): SeenCheckpoint[] {
  const notes = checkpoints.filter((note) => !isGmNote(note))
  return notes.map((note) => ({ note, from: 'the checkpoint from outside', index: null }))
}

function gmExamination(evidence: Evidence, { checkpoints, policy }: OutsideKnowledge): GmExamination {
  const keys = policy?.logs.filter(({ type }) => type === SIGNATURE_TYPE.sm2) ?? []
  return new GmExamination(evidence.gmCheckpoints(), checkpoints.filter(isGmNote), keys)
}

function knowsKey({ key, policy }: OutsideKnowledge): boolean {
  return key !== null || (policy?.logs.length ?? 0) > 0
}

/** A mark that the station's key didn't sign was left by a power cut, and says nothing. */
function marked(mark: string | null, keys: KeyHistory | null): SeenCheckpoint[] {
  if (mark === null || !keys?.open(mark).ok) return []
  return [{ note: mark, from: 'ledger.head', index: null }]
}

function countOrNone(evidence: Evidence, atLeast: number): number {
  try {
    return evidence.hasEvents ? evidence.count() : 0
  } catch {
    return atLeast
  }
}
