import type { CardReading, ReaderIdentity } from '../cards/reader.ts'
import { Fault } from '../common/fault.ts'
import { failed, ok, type Result } from '../common/result.ts'
import type { FaceEvidence } from '../ledger/event.ts'
import type { CheckContext } from './check-context.ts'
import { claimOfCard } from './claim.ts'
import type { StationData } from './data-folder.ts'
import { faceEvidenceOf } from './face-evidence.ts'
import { lookAtCamera } from './look.ts'
import { keptReference } from './reference-portrait.ts'

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

/** What is asked of the door: the next card on its reader, or a look at this person's face. */
export type ToIdentify = { readonly by: 'card' } | { readonly by: 'face'; readonly person: string }

/**
 * Lends the door's reader or camera to somebody else for one reading; nothing of it is attendance. Faults:
 * `STATION_NOT_NOW` (somebody is being checked), `CARD_NONE` (nobody came in time, or it was cancelled), those of a card
 * that can't be read, and those of `identifyFace`.
 */
export type IdentifyAtDoor = (asked: ToIdentify) => Promise<Result<Identified>>

/** Whose card it is. */
export function identifyCard(reading: CardReading, data: StationData): Identified {
  const { person, shown, reader, simulated } = claimOfCard(reading, data)
  const { profile, port, samId } = reader
  return {
    ...{ person, card: shown, reader: { profile, port, samId }, face: null },
    simulated: simulated || data.key.simulated,
  }
}

/**
 * Holds the face before the camera against a person's reference, with the same decision and the same liveness layers as
 * at the door; nobody is prompted. Faults: `FACE_CONSENT_NONE` (the person never agreed to a face check, or took it
 * back), `FACE_REFERENCE_NONE`, `FACE_NOBODY`, `FACE_UNAVAILABLE`.
 */
export async function identifyFace(
  person: string,
  context: CheckContext,
  signal: AbortSignal,
): Promise<Result<Identified>> {
  const { roll, data, engine, guard = null } = context
  if (roll.consent(person) !== true) {
    return failed(new Fault('FACE_CONSENT_NONE', 'this person has not agreed to a face check'))
  }
  const reference = await keptReference(null, person, context)
  if (reference === null) {
    return failed(new Fault('FACE_REFERENCE_NONE', 'no portrait of this person is kept here'))
  }
  const look = await lookAtCamera({ ...context, reference: reference.template }, signal)
  const { verdict } = look
  if (verdict === 'unavailable')
    return failed(new Fault('FACE_UNAVAILABLE', 'the face engine does not answer'))
  if (verdict === 'nobody') return failed(new Fault('FACE_NOBODY', 'nobody was before the camera'))
  if (verdict === 'cancelled') return failed(new Fault('STATION_CANCELLED', 'the look was ended'))
  guard?.remember([...look.observations])
  const face = faceEvidenceOf({ ...look, verdict }, reference, engine.info, null)
  return ok({ person, card: null, reader: null, face, simulated: data.key.simulated })
}
