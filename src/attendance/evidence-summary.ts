import { type Evidence, type EvidenceTotals, evidenceLevels } from './evidence.ts'

/** How hours were proven, in the words of an audit. Whole milliseconds; every level is in exactly one of them. */
export interface EvidenceSummary {
  /** Compared with a portrait, by where that came from. */
  readonly face: { readonly chip: number; readonly official: number; readonly enrolled: number }
  /** Neither a face nor a signature: the card alone. */
  readonly noFace: number
  /** By a supervisor who signed at the door. */
  readonly witnessed: number
  /** By two people who signed afterwards: doubts that they accepted, corrections, paper sheets. */
  readonly manual: number
  /** Of other systems; never part of this ledger's hours. */
  readonly imported: number
  /** Of simulated hardware; never counts. */
  readonly simulated: number
}

/** Sorts the levels of evidence; `importedMs` comes from elsewhere and is in no level. */
export function summariseEvidence(totals: EvidenceTotals, importedMs = 0): EvidenceSummary {
  const { chip, official, enrolled, witnessed, manual, none, simulated } = totals
  return {
    face: { chip, official, enrolled },
    noFace: none,
    witnessed,
    manual,
    imported: importedMs,
    simulated,
  }
}

/** The weakest level that a claim rests on, null for one that rests on no hour. */
export function weakestEvidence(totals: EvidenceTotals): Evidence | null {
  return [...evidenceLevels].reverse().find((level) => totals[level] > 0) ?? null
}
