import type { VerifierKey } from './note.ts'
import type { Policy } from './policy.ts'

/* What is asked of a verification of a ledger, and its answer. */

export type ProblemCode =
  | 'altered'
  | 'removed'
  | 'inserted'
  | 'reordered'
  | 'tail-replaced'
  | 'forked'
  | 'rolled-back'
  | 'wrong-key'
  | 'model-hash'
  | 'clock'
  | 'side-data-missing'

/** What happened to a ledger. */
export interface LogProblem {
  readonly code: ProblemCode
  /** 0-based leaf where it shows first; null if it isn't about one event. */
  readonly index: number | null
  readonly detail: string
}

/** Between which times of receipts an event was recorded; null where no receipt says. */
export interface EventBounds {
  readonly index: number
  readonly after: string | null
  readonly before: string | null
}

/** The document of `log verify`. */
export interface LogVerification {
  readonly ok: boolean
  /** Events that are in the file. */
  readonly size: number
  /** Root of the tree over the events that are in order, hex; null if there are none. */
  readonly root: string | null
  /** `gm` if signatures of the second tree, with SM3 and SM2, were checked too. */
  readonly suite: 'std' | 'gm'
  /** What the answer rests on: the ledger's own first event, a key from outside, or a witness's signature. */
  readonly trust: 'self' | 'key' | 'witness'
  readonly problem: LogProblem | null
  /** Receipts, how many events they cover, and the time of the first and the last, ISO. */
  readonly bounds: {
    readonly receipts: number
    readonly covered: number
    readonly earliest: string | null
    readonly latest: string | null
    /** Events whose own wall clock is outside what the receipts around them leave, by more than five minutes. */
    readonly contradicted: number
    /** The event that was asked for: later than the last receipt before it, earlier than the first one that covers it; ISO. */
    readonly event: EventBounds | null
  }
  /** Keys of people's records that were destroyed lawfully, by events that say so. */
  readonly deleted: number
}

export interface VerifyOptions {
  /** The station's verifier key, got from outside. */
  readonly key?: string
  /** A witness's verifier key: its cosignatures in receipts must verify, and the answer may rest on them. */
  readonly witness?: string
  /** Which ledgers' keys and which witnesses are known, and how many of these have to have seen the ledger. */
  readonly policy?: Policy
  /** Signed checkpoints that were seen outside the ledger (a receipt, a photograph of the screen, another visit). */
  readonly checkpoints?: readonly string[]
  /** An event whose time is asked for. */
  readonly event?: number
}

/** The keys and notes that an examination may rely on. */
export interface OutsideKnowledge {
  readonly key: VerifierKey | null
  readonly witness: VerifierKey | null
  readonly policy: Policy | null
  readonly checkpoints: readonly string[]
  readonly event: number | null
}
