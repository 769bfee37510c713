import type { AttendanceRecord } from './history.ts'

/**
 * How an hour was proven, strongest first: by a face compared with the portrait in the card's chip, with an
 * official one, with one enrolled on site under two signers; by a supervisor who signed at the door (`witnessed`);
 * by two people who signed afterwards, for a doubtful record, a correction or a paper sheet (`manual`); by nothing
 * but the card; or not at all, because the station was a simulation.
 */
export const evidenceLevels = [
  'chip',
  'official',
  'enrolled',
  'witnessed',
  'manual',
  'none',
  'simulated',
] as const
export type Evidence = (typeof evidenceLevels)[number]

/** Milliseconds for every level, zeros included. */
export type EvidenceTotals = Readonly<Record<Evidence, number>>

export function noEvidence(): Record<Evidence, number> {
  return { chip: 0, official: 0, enrolled: 0, witnessed: 0, manual: 0, none: 0, simulated: 0 }
}

export function addEvidence(totals: readonly EvidenceTotals[]): EvidenceTotals {
  const sum = noEvidence()
  for (const total of totals) for (const level of evidenceLevels) sum[level] += total[level]
  return sum
}

/** A stay is proven no better than the weaker of its two ends. */
export function evidenceOf(signIn: AttendanceRecord, signOut: AttendanceRecord): Evidence {
  const ranks = [signIn, signOut].map((record) => evidenceLevels.indexOf(endEvidence(record)))
  return evidenceLevels[Math.max(...ranks)] ?? 'none'
}

function endEvidence(record: AttendanceRecord): Evidence {
  if (record.simulated) return 'simulated'
  const entered = (record.origin ?? 'door') !== 'door'
  if (entered || record.resolution?.decision === 'accept') return 'manual'
  return record.outcome === 'witnessed' ? 'witnessed' : record.portrait
}
