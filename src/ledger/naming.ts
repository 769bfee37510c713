import { decodeEvent } from './event.ts'
import type { Evidence, EvidenceRow } from './evidence.ts'
import type { Locator } from './locator.ts'
import { leafHash, type MerkleTree, sameHash } from './merkle.ts'
import type { LogProblem } from './verification.ts'

/** The first row that isn't what its place asks for; the rows before it are in the tree. */
export interface Irregularity {
  /** Null if the row can't be read, or isn't there. */
  readonly row: EvidenceRow | null
  readonly why: string
}

/**
 * Names what happened at the first row that isn't what its place asks for. A body carries its own index, so the
 * question is where the event that belongs here is now, and what the row that is here belongs to.
 */
export function nameIrregularity(
  { row, why }: Irregularity,
  evidence: Evidence,
  tree: MerkleTree,
  where: Locator,
): LogProblem {
  const place = tree.size
  const signed = evidence.largestSignedSize()
  const isSurplus = signed > 0 && place >= signed
  const code = row === null ? 'altered' : nameRow(row, place, claimsFrom(place, evidence), isSurplus)
  // A forged row may look regular, and only what was pushed aside by it doesn't.
  const { first, exact } = where.firstUnsigned(place)
  if (exact && first < place && where.isSigned(first)) {
    return {
      code: code === 'inserted' ? 'inserted' : 'altered',
      index: first,
      detail: `not as it was signed; then ${why}`,
    }
  }
  return { code, index: place, detail: why }
}

/** `isSurplus`: the place is behind all that was ever signed. */
function nameRow(
  row: EvidenceRow,
  place: number,
  claims: readonly Claim[],
  isSurplus: boolean,
): LogProblem['code'] {
  const moved = claims.some(({ at, index }) => index === place && at !== place)
  // A row before all others has no place at all; behind a gap the event is gone, or stands elsewhere.
  if (row.index < place) return 'inserted'
  if (row.index > place) return moved ? 'reordered' : 'removed'
  const claim = claims.find(({ at }) => at === place)?.index ?? null
  if (moved) {
    const isStranger =
      claim === null || claim < place || claims.filter(({ index }) => index === claim).length > 1
    return isStranger ? 'inserted' : 'reordered'
  }
  // Pushed there by something that was put in before it, or put there itself.
  if (isSurplus) return 'inserted'
  // The event of this place is nowhere. If its successors moved up, it was taken out.
  const next = claims.find(({ at }) => at === place + 1)?.index
  const movedUp = claim === place + 1 && (next === undefined || next === place + 2)
  return movedUp && isIntact(row) ? 'removed' : 'altered'
}

/** A row, and the place that its body says it has. */
interface Claim {
  readonly at: number
  readonly index: number
}

function claimsFrom(place: number, evidence: Evidence): Claim[] {
  const claims: Claim[] = []
  try {
    for (const { index: at, body } of evidence.rows()) {
      const event = at < place || body === null ? null : decodeEvent(body)
      if (event?.ok) claims.push({ at, index: event.value.index })
    }
  } catch {
    // An unreadable page further on: what was read so far has to do.
  }
  return claims
}

function isIntact({ body, leaf }: EvidenceRow): boolean {
  return body !== null && leaf !== null && sameHash(leafHash(body), leaf)
}
