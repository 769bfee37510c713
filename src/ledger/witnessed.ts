import { parseCheckpoint } from './checkpoint.ts'
import { verifyCosignature } from './cosignature.ts'
import type { EventData } from './event.ts'
import type { KeyHistory } from './key-history.ts'
import { mergeNotes, splitNote } from './note.ts'
import { checkPolicy } from './policy.ts'
import { seenBefore } from './revocation.ts'
import type { LogProblem, OutsideKnowledge } from './verification.ts'

/** A checkpoint that somebody outside saw, and how we know of it. */
export interface SeenCheckpoint {
  readonly note: string
  readonly from: string
  /** The event that holds it, or null. */
  readonly index: number | null
}

export interface LoggedReceipt {
  readonly index: number
  readonly receipt: EventData['receipt']
}

/** The checkpoints in receipts, and what the witness's key says of them. */
export interface Witnessed {
  readonly seen: readonly SeenCheckpoint[]
  /** The witness cosigned at least one of them. */
  readonly verified: boolean
  readonly problem: LogProblem | null
}

/**
 * Checks that receipts say what their notes say, and verifies the witness's cosignatures in them and in checkpoints
 * from outside, if a witness's key was given.
 */
export function checkWitness(
  receipts: readonly LoggedReceipt[],
  { witness, checkpoints }: OutsideKnowledge,
): Witnessed {
  const seen = receipts.map(({ index, receipt }) => ({ note: receipt.note, from: `receipt ${index}`, index }))
  let verified = false
  for (const { index, receipt } of receipts) {
    if (!saysWhatItsNoteSays(receipt)) {
      const detail = 'the receipt says something else than its note'
      return { seen, verified, problem: { code: 'altered', index, detail } }
    }
    const cosigned = witness === null ? null : verifyCosignature(receipt.note, witness.vkey)
    if (cosigned === null || (!cosigned.ok && cosigned.fault.code === 'LEDGER_NOTE_UNKNOWN')) continue
    if (!cosigned.ok || cosigned.value.time !== Math.floor(receipt.time / 1000)) {
      const detail = 'the witness did not sign this receipt, or not at this time'
      return { seen, verified, problem: { code: 'wrong-key', index, detail } }
    }
    verified = true
  }
  const outside = witness !== null && checkpoints.some((note) => verifyCosignature(note, witness.vkey).ok)
  return { seen, verified: verified || outside, problem: null }
}

/**
 * Looks for a checkpoint that the policy's quorum cosigned, in receipts and among those from outside. `keys` are the
 * ledger's own, which the policy was asked about before.
 */
export function checkQuorum(
  receipts: readonly LoggedReceipt[],
  { policy, checkpoints }: OutsideKnowledge,
  keys: KeyHistory | null,
): { readonly verified: boolean; readonly problem: LogProblem | null } {
  if (policy === null || keys === null || policy.quorum.threshold === 0)
    return { verified: false, problem: null }
  const byText = new Map<string, string[]>()
  for (const note of [...receipts.map(({ receipt }) => receipt.note), ...checkpoints]) {
    const split = splitNote(note)
    if (split.ok) byText.set(split.value.text, [...(byText.get(split.value.text) ?? []), note])
  }
  const reached = [...byText.values()].some((notes) => {
    const note = mergeNotes(notes)
    return keys.open(note).ok && checkPolicy(note, { ...policy, logs: keys.keys }).ok
  })
  const detail = 'no checkpoint of this ledger was cosigned by the policy’s quorum'
  return { verified: reached, problem: reached ? null : { code: 'wrong-key', index: null, detail } }
}

/**
 * Where the policy says that the ledger's key is revoked, everything in the ledger has to be older than that by the
 * policy's witnesses; their receipts at its end, which nobody had seen yet, are no records of anybody.
 */
export function checkRevoked(
  receipts: readonly LoggedReceipt[],
  { key, policy, checkpoints }: OutsideKnowledge,
  keys: KeyHistory | null,
  size: number,
): { readonly verified: boolean; readonly problem: LogProblem | null } {
  const known = [...(key === null ? [] : [key]), ...(policy?.logs ?? [])]
  const standing = keys?.standing(known, policy?.revoked)
  if (policy === null || keys === null || typeof standing !== 'object')
    return { verified: false, problem: null }
  const { revokedSince } = standing
  const notes = [...receipts.map(({ receipt }) => receipt.note), ...checkpoints]
  const covered = seenBefore(revokedSince, notes, keys, policy)?.size ?? 0
  const own = new Set(receipts.map(({ index }) => index))
  let first = covered
  while (own.has(first)) first++
  if (covered > 0 && first >= size) return { verified: true, problem: null }
  const day = new Date(revokedSince).toISOString()
  const detail = `its key is revoked since ${day}; witnesses had seen ${covered} events before, no later one is believed`
  return { verified: false, problem: { code: 'wrong-key', index: first, detail } }
}

function saysWhatItsNoteSays({ note, size, root }: EventData['receipt']): boolean {
  const split = splitNote(note)
  const checkpoint = split.ok ? parseCheckpoint(split.value.text) : split
  if (!checkpoint.ok) return false
  return checkpoint.value.size === size && Buffer.from(checkpoint.value.root).toString('hex') === root
}
