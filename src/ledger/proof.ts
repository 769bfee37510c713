import { Fault } from '../common/fault.ts'
import { failed, ok, type Result } from '../common/result.ts'
import { decodeBase64, encodeBase64 } from './base64.ts'
import { type Checkpoint, openCheckpoint } from './checkpoint.ts'
import { type Hash, leafHash, verifyInclusion } from './merkle.ts'
import type { VerifierKey } from './note.ts'

/* Proof files, c2sp.org/tlog-proof: one leaf's inclusion in a signed checkpoint, verifiable offline. */

/** Extension of proof files. */
export const PROOF_EXTENSION = '.tlog-proof'

export interface TlogProof {
  /** 0-based leaf. */
  readonly index: number
  /** Sibling hashes from the leaf up. */
  readonly siblings: readonly Hash[]
  /** The signed checkpoint, verbatim, with whatever cosignatures it has. */
  readonly checkpoint: string
  /** Not authenticated by the proof; absent if null. */
  readonly extra: Uint8Array | null
}

export function formatProof(proof: TlogProof): string {
  const extra = proof.extra === null ? '' : `extra ${encodeBase64(proof.extra)}\n`
  const siblings = proof.siblings.map((sibling) => `${encodeBase64(sibling)}\n`).join('')
  return `${HEADER}\n${extra}index ${proof.index}\n${siblings}\n${proof.checkpoint}`
}

/** Reads a proof file. Total. Fault `LEDGER_PROOF_FORMAT`. The checkpoint is not verified here. */
export function parseProof(text: string): Result<TlogProof> {
  // The first empty line: no line of the head is empty, and a checkpoint has its own later on.
  const end = text.indexOf('\n\n')
  if (end < 0) return malformed()
  const lines = text.slice(0, end).split('\n')
  if (lines.shift() !== HEADER) return malformed()
  const extraLine = lines[0]?.startsWith('extra ') ? lines.shift() : undefined
  const extra = extraLine === undefined ? null : decodeBase64(extraLine.slice('extra '.length))
  const index = /^index (0|[1-9][0-9]{0,15})$/.exec(lines.shift() ?? '')?.[1]
  const siblings = lines.map(decodeBase64)
  if (extraLine !== undefined && extra === null) return malformed()
  if (index === undefined || !Number.isSafeInteger(Number(index))) return malformed()
  if (siblings.length > DEEPEST || !siblings.every((bytes) => bytes?.length === 32)) return malformed()
  return ok({ index: Number(index), siblings: siblings as Hash[], checkpoint: text.slice(end + 2), extra })
}

/**
 * Verifies that the event's bytes are leaf `index` of a checkpoint that the ledger's key signed.
 * Faults: those of `openCheckpoint`, and `LEDGER_PROOF_FALSE` if the bytes aren't in that tree at that place.
 */
export function verifyProof(
  proof: TlogProof,
  body: Uint8Array,
  keys: readonly VerifierKey[],
): Result<{ readonly index: number; readonly checkpoint: Checkpoint }> {
  const checkpoint = openCheckpoint(proof.checkpoint, keys)
  if (!checkpoint.ok) return checkpoint
  const { size, root } = checkpoint.value
  const claim = { index: proof.index, size, root, leaf: leafHash(body), proof: proof.siblings }
  if (verifyInclusion(claim)) return ok({ index: proof.index, checkpoint: checkpoint.value })
  return failed(new Fault('LEDGER_PROOF_FALSE', 'the event is not in the tree of this checkpoint'))
}

const HEADER = 'c2sp.org/tlog-proof@v1'
/** No tree that fits this world is deeper. */
const DEEPEST = 63

function malformed() {
  return failed(new Fault('LEDGER_PROOF_FORMAT', 'this is not a proof file'))
}
