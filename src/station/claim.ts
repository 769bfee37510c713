import { maskName, maskNumber } from '../cards/mask.ts'
import { type CardPhoto, type CardReading, type ReaderIdentity, tokenNumber } from '../cards/reader.ts'
import type { CardFacts } from './card-facts.ts'
import type { StationData } from './data-folder.ts'
import { personIdentity } from './setup.ts'

/** What somebody showed at the door: who they say they are, before anything proves it. */
export interface Claim {
  /** Random person id, null when nobody here is known by what was shown. */
  readonly person: string | null
  /** Masked, for the screen; null when nothing is known to show. */
  readonly shown: { readonly name: string; readonly number: string } | null
  /** The chip's portrait; null when no card was read. */
  readonly photo: CardPhoto | null
  /** Last day of the card, ISO; null when it has none. */
  readonly validTo: string | null
  /** What a fairness report needs of a card; null when none was read or it says nothing of its holder. */
  readonly facts: CardFacts | null
  readonly reader: ReaderIdentity
  /** The hardware was simulated; the station's own simulation is not in here. */
  readonly simulated: boolean
  /** A card that was read, or a code that was only scanned. */
  readonly by: 'card' | 'code'
  /** How long reading it took, milliseconds. */
  readonly ms: number
}

/**
 * The claim of a card that was read. One that gave its identity token alone shows what the roster knows of its holder.
 */
export function claimOfCard(reading: CardReading, data: StationData): Claim {
  const { record, token, photo, reader, simulated, ms } = reading
  const person = data.side.personByNumber(record === null ? tokenNumber(token) : record.number)
  const holder = record ?? (person === null ? null : personIdentity(data, person))
  return {
    person,
    shown: holder && { name: maskName(holder.name), number: maskNumber(holder.number) },
    photo,
    validTo: (record ?? token).validTo,
    facts: record && { validFrom: record.validFrom, ethnicity: record.ethnicity },
    reader,
    simulated,
    by: 'card',
    ms,
  }
}

/** The claim of a scanned code that selects `person`; null is somebody whom this station does not know. */
export function claimOfCode(
  person: string | null,
  scan: { readonly reader: ReaderIdentity; readonly simulated: boolean },
  data: StationData,
): Claim {
  const identity = person === null ? null : personIdentity(data, person)
  return {
    person,
    shown: identity && { name: maskName(identity.name), number: maskNumber(identity.number) },
    photo: null,
    validTo: null,
    facts: null,
    reader: scan.reader,
    simulated: scan.simulated,
    by: 'code',
    ms: 0,
  }
}
