import { Fault } from '../common/fault.ts'
import { failed, ok, type Result } from '../common/result.ts'
import { decodeBase64, encodeBase64 } from './base64.ts'
import type { Hash } from './merkle.ts'
import { openNote, type VerifierKey } from './note.ts'

/* Checkpoints, c2sp.org/tlog-checkpoint: origin, tree size and root, one line each, as the text of a signed note. */

export interface Checkpoint {
  /** Which ledger, e.g. `shidao/station/0123456789abcdef`. */
  readonly origin: string
  /** Number of leaves. */
  readonly size: number
  readonly root: Hash
}

/** The three lines, without extension lines. */
export function formatCheckpoint({ origin, size, root }: Checkpoint): string {
  return `${origin}\n${size}\n${encodeBase64(root)}\n`
}

/**
 * Reads a checkpoint's text. Extension lines are allowed and left aside.
 * Fault `LEDGER_CHECKPOINT`: fewer than three lines, an empty line, a size with a leading zero or above 2^53, a root
 * that is not 32 bytes.
 */
export function parseCheckpoint(text: string): Result<Checkpoint> {
  const lines = text.split('\n')
  const last = lines.pop()
  const [origin = '', size = '', encodedRoot = ''] = lines
  const root = decodeBase64(encodedRoot)
  if (last !== '' || lines.includes('') || root?.length !== 32) return malformed()
  if (!/^(0|[1-9][0-9]{0,15})$/.test(size) || !Number.isSafeInteger(Number(size))) return malformed()
  return ok({ origin, size: Number(size), root })
}

/**
 * Verifies a checkpoint note by the ledger's own key: one of the known keys must have the origin's name and have
 * signed. Faults of `openNote`, `LEDGER_CHECKPOINT`, and `LEDGER_CHECKPOINT_ORIGIN` if only other names signed.
 */
export function openCheckpoint(note: string, keys: readonly VerifierKey[]): Result<Checkpoint> {
  const opened = openNote(note, keys)
  if (!opened.ok) return opened
  const checkpoint = parseCheckpoint(opened.value.text)
  if (!checkpoint.ok) return checkpoint
  const { origin } = checkpoint.value
  if (opened.value.verified.some(({ key }) => key.name === origin)) return checkpoint
  return failed(new Fault('LEDGER_CHECKPOINT_ORIGIN', 'the checkpoint is of another ledger than its key'))
}

function malformed() {
  return failed(new Fault('LEDGER_CHECKPOINT', 'this is not a checkpoint'))
}
