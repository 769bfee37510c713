import { toHex } from '../ledger/bytes.ts'
import { parseCheckpoint } from '../ledger/checkpoint.ts'
import { verifyCosignature } from '../ledger/cosignature.ts'
import type { EventType, LedgerEvent } from '../ledger/event.ts'
import { keyHistoryOf } from '../ledger/key-history.ts'
import type { MerkleTree } from '../ledger/merkle.ts'
import { mergeNotes, splitNote, type VerifierKey } from '../ledger/note.ts'
import { checkPolicy, type Policy } from '../ledger/policy.ts'
import { seenBefore } from '../ledger/revocation.ts'
import { type BundleProblem, problem } from './problem.ts'

/** The largest tree that a witness cosigned, and when by its own clock (ISO 8601, UTC). */
export interface Witnessed {
  readonly size: number
  readonly time: string
}

/** Events that decide about hours; a witness has to have seen all of a class's. */
const deciding: ReadonlySet<EventType> = new Set<EventType>([
  'class.opened',
  'roster.changed',
  'attendance',
  'session.closed',
])

/** Every receipt in the log has to be over a beginning of this very log, whoever signed it. */
export function checkReceipts(events: readonly LedgerEvent[], tree: MerkleTree): BundleProblem | null {
  for (const event of events) {
    if (event.type !== 'receipt') continue
    const { size, root, note } = event.data
    const split = splitNote(note)
    const checkpoint = split.ok ? parseCheckpoint(split.value.text) : split
    const same =
      checkpoint.ok &&
      size <= event.index &&
      checkpoint.value.origin === event.origin &&
      checkpoint.value.size === size &&
      toHex(checkpoint.value.root) === root &&
      toHex(tree.root(size)) === root
    if (!same) return problem('forked', event.index, 'the receipt is over another history than this')
  }
  return null
}

/** What the witness with this key has seen, and a problem unless that is everything that decides about the class. */
export function checkWitness(
  events: readonly LedgerEvent[],
  classId: string,
  vkey: string,
): { seen: Witnessed | null; problem: BundleProblem | null } {
  let seen: Witnessed | null = null
  for (const event of events) {
    if (event.type !== 'receipt') continue
    const receipt = verifyCosignature(event.data.note, vkey)
    if (receipt.ok) {
      const { checkpoint, time } = receipt.value
      if (checkpoint.size >= (seen?.size ?? 0)) {
        seen = { size: checkpoint.size, time: new Date(time * 1000).toISOString() }
      }
    } else if (receipt.fault.code !== 'LEDGER_NOTE_UNKNOWN') {
      return { seen, problem: problem('wrong-key', event.index, receipt.fault.message) }
    }
  }
  const covered = seen?.size ?? 0
  const unseen = events.find((event) => event.index >= covered && decides(event, classId))
  if (unseen === undefined && seen !== null) return { seen, problem: null }
  const detail = `the witness has seen ${covered} records, not all of this class`
  return { seen, problem: problem('unwitnessed', unseen?.index ?? null, detail) }
}

/** The largest tree that the policy's quorum has seen, and a problem unless it holds all that decides about the class. */
export function checkQuorum(
  events: readonly LedgerEvent[],
  classId: string,
  policy: Policy,
): { seen: Witnessed | null; problem: BundleProblem | null } {
  const own = keyHistoryOf(events)
  if (policy.quorum.threshold === 0 || !own.ok) return { seen: null, problem: null }
  const receipts = events.flatMap(({ type, data }) => (type === 'receipt' ? [data] : []))
  let seen: Witnessed | null = null
  for (const size of new Set(receipts.map((receipt) => receipt.size))) {
    const notes = receipts.filter((receipt) => receipt.size === size).map(({ note }) => note)
    const verdict = checkPolicy(mergeNotes(notes), { ...policy, logs: [own.value.at(size)] })
    if (!verdict.ok || size < (seen?.size ?? 0)) continue
    const time = Math.max(...verdict.value.cosigned.map((each) => each.time))
    seen = { size, time: new Date(time * 1000).toISOString() }
  }
  const covered = seen?.size ?? 0
  const unseen = events.find((event) => event.index >= covered && decides(event, classId))
  if (unseen === undefined && seen !== null) return { seen, problem: null }
  const detail = `the policy’s quorum has seen ${covered} records, not all of this class`
  return { seen, problem: problem('unwitnessed', unseen?.index ?? null, detail) }
}

/**
 * Where the policy says that the station's key is revoked, its witnesses have to have seen all that decides about the
 * class before that.
 */
export function checkRevoked(
  events: readonly LedgerEvent[],
  classId: string,
  { key, policy }: { readonly key?: VerifierKey; readonly policy?: Policy },
): { readonly verified: boolean; readonly problem: BundleProblem | null } {
  const own = keyHistoryOf(events)
  if (policy === undefined || !own.ok) return { verified: false, problem: null }
  const standing = own.value.standing([...(key === undefined ? [] : [key]), ...policy.logs], policy.revoked)
  if (typeof standing !== 'object') return { verified: false, problem: null }
  const notes = events.flatMap(({ type, data }) => (type === 'receipt' ? [data.note] : []))
  const covered = seenBefore(standing.revokedSince, notes, own.value, policy)?.size ?? 0
  const unseen = events.find((event) => event.index >= covered && decides(event, classId))
  if (unseen === undefined && covered > 0) return { verified: true, problem: null }
  const day = new Date(standing.revokedSince).toISOString()
  const detail = `the station’s key is revoked since ${day}; witnesses had seen ${covered} records before`
  return { verified: false, problem: problem('wrong-key', unseen?.index ?? 0, detail) }
}

function decides(event: LedgerEvent, classId: string): boolean {
  return deciding.has(event.type) && 'class' in event.data && event.data.class === classId
}
