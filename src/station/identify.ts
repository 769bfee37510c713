import type { ReaderIdentity } from '../cards/reader.ts'
import type { Result } from '../common/result.ts'
import type { FaceEvidence } from '../ledger/event.ts'

/** Whom the door's reader or camera found, without signing anybody in or out. */
export interface Identified {
  /** Null: a card of nobody whom this ledger knows. */
  readonly person: string | null
  /** Masked, of the card; null when none was read. */
  readonly card: { readonly name: string; readonly number: string } | null
  readonly reader: ReaderIdentity | null
  readonly face: FaceEvidence | null
  readonly simulated: boolean
}

/**
 * Lends the door's reader (`card`) or camera (`face`, against this person's reference) to somebody else for one reading.
 * Faults: `STATION_NOT_NOW` (somebody is being checked), `CARD_NONE` (nobody came in time), those of readers,
 * `FACE_NO_REFERENCE`, `FACE_NOBODY`.
 */
export type IdentifyAtDoor = (
  asked: { readonly by: 'card' } | { readonly by: 'face'; readonly person: string },
) => Promise<Result<Identified>>
