import type { Result } from '../common/result.ts'

/** A station as the collector knows it: a key that a person confirmed, or one that still waits for that. */
export interface Station {
  /** Short name of the key that two people can read to each other, see `enrolment.ts`. */
  readonly fingerprint: string
  readonly origin: string
  /** C2SP verifier key, Ed25519. */
  readonly vkey: string
  readonly name: string
  readonly simulated: boolean
  /** Milliseconds since 1970. */
  readonly requestedAt: number
  readonly confirmedAt: number | null
  /** Fingerprint of the key that this one takes the place of, once a person confirms it; the old key signed that. */
  readonly replaces?: string
  /** Since when another key of the same station has its place. */
  readonly retiredAt?: number | null
  readonly head: Head
  /** Signed evidence that this origin showed two different histories. Empty for an honest station. */
  readonly forks: readonly Fork[]
}

/** Whether this key is the one whose history an origin is. */
export function isHolder({ confirmedAt, retiredAt }: Station): boolean {
  return confirmedAt !== null && (retiredAt ?? null) === null
}

/** The largest consistent tree that the collector has stored for an origin; `note` is null before the first batch. */
export interface Head {
  readonly size: number
  readonly root: Uint8Array
  /** The checkpoint with the station's signature and this collector's cosignature. */
  readonly note: string | null
}

export interface EnrolmentRequest {
  readonly fingerprint: string
  readonly origin: string
  readonly vkey: string
  readonly name: string
  readonly simulated: boolean
  readonly requestedAt: number
  readonly replaces?: string
}

export interface Leaf {
  readonly body: Uint8Array
  readonly hash: Uint8Array
}

/** Events that take a station's tree from `from` to `head`, already verified. */
export interface Batch {
  readonly kind: 'batch'
  readonly origin: string
  readonly from: Pick<Head, 'size' | 'root'>
  readonly leaves: readonly Leaf[]
  readonly head: Head & { readonly note: string }
  readonly receivedAt: number
}

/** Two checkpoints signed by one key that can't both be true. Both are kept, neither replaces the other. */
export interface Fork {
  readonly kind: 'fork'
  readonly origin: string
  /** What the collector had cosigned before. */
  readonly stored: string
  /** What the station signed and sent now. */
  readonly presented: string
  /** JSON `{old: {size, root}, proof}` that came with it: where `presented` is larger, this ties it to another past. */
  readonly consistency: string
  readonly receivedAt: number
}

export interface StoredEvent extends Leaf {
  readonly index: number
}

/** How many pieces of evidence are kept for an origin: the first ones prove the fork, the rest would only fill the disk. */
export const FORKS_KEPT = 16

/**
 * Where a collector keeps what it received: five methods, so that another database is one file.
 * Each call is one transaction, durable when its promise resolves. Records are only ever added.
 * What every implementation must do is written down in `test/collector/store-contract.ts`.
 */
export interface CollectorStore {
  /** Stations in the order of their requests, all of them or those that match. */
  stations(which?: { readonly origin?: string; readonly fingerprint?: string }): Promise<readonly Station[]>
  /** Keeps a request until a person decides. A key that asked before keeps its first request. */
  enrol(request: EnrolmentRequest): Promise<Station>
  /**
   * A person confirms the key with this fingerprint; doing it again changes nothing.
   * A key that replaces the origin's holder takes over its history, and the holder is retired.
   * `COLLECTOR_UNKNOWN_STATION` without a request, `COLLECTOR_ORIGIN_TAKEN` when another key holds the origin, or this
   * one held it before.
   */
  confirm(fingerprint: string, confirmedAt: number): Promise<Result<Station>>
  /**
   * Adds a batch if the origin's head is still exactly `from` (compare and set), else stores nothing and gives
   * `moved`. A fork is added whatever the head is.
   */
  append(record: Batch | Fork): Promise<'stored' | 'moved'>
  /** Events `from` (inclusive) to `to` (exclusive) of an origin, in order. */
  events(origin: string, from: number, to: number): AsyncIterable<StoredEvent>
  close(): Promise<void>
}
