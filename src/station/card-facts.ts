import type { SideRecords } from '../ledger/side-records.ts'

/** The least of a card that the fairness report needs; age and sex are in the number that the roster brought. */
export interface CardFacts {
  /** Day of issue, ISO: the portrait was taken shortly before. */
  readonly validFrom: string
  /** GB/T 3304 code; null where the card has none. */
  readonly ethnicity: string | null
}

/**
 * Seals a card's facts. Under the biometric key, though they are no biometrics: their one purpose is the face check's
 * errors, so that withdrawing from it or the end of the objection period removes them too.
 */
export function keepCardFacts(side: SideRecords, person: string, { validFrom, ethnicity }: CardFacts): void {
  const bytes = Buffer.from(JSON.stringify({ validFrom, ethnicity }))
  const kept = side.get(person, 'biometric', RECORD)
  if (kept === null || !bytes.equals(kept)) side.put(person, 'biometric', RECORD, bytes)
}

/** Null where none were kept or the key was destroyed. */
export function keptCardFacts(side: SideRecords, person: string): CardFacts | null {
  const bytes = side.get(person, 'biometric', RECORD)
  return bytes === null ? null : JSON.parse(Buffer.from(bytes).toString('utf8'))
}

const RECORD = 'card-facts'
