import { verifyCosignature } from './cosignature.ts'
import type { EventData } from './event.ts'
import type { VerifierKey } from './note.ts'
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

/** Verifies the witness's cosignatures in receipts and in checkpoints from outside, if a witness's key was given. */
export function checkWitness(
  receipts: readonly LoggedReceipt[],
  { witness, checkpoints }: OutsideKnowledge,
  key: VerifierKey | null,
): Witnessed {
  const seen = receipts.map(({ index, receipt }) => ({ note: receipt.note, from: `receipt ${index}`, index }))
  if (witness === null || key === null) return { seen, verified: false, problem: null }
  let verified = false
  for (const { index, receipt } of receipts) {
    const cosigned = verifyCosignature(receipt.note, witness.vkey)
    if (cosigned.ok && cosigned.value.time === Math.floor(receipt.time / 1000)) verified = true
    else if (cosigned.ok)
      return { seen, verified, problem: falseReceipt(index, 'has another time than its cosignature') }
    else if (cosigned.fault.code !== 'LEDGER_NOTE_UNKNOWN') {
      return { seen, verified, problem: falseReceipt(index, 'has a false cosignature') }
    }
  }
  const outside = checkpoints.some((note) => verifyCosignature(note, witness.vkey).ok)
  return { seen, verified: verified || outside, problem: null }
}

function falseReceipt(index: number, what: string): LogProblem {
  return { code: 'wrong-key', index, detail: `the receipt ${what}` }
}
