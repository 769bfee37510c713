import { toHex } from '../ledger/bytes.ts'
import type { EventData, LedgerEvent } from '../ledger/event.ts'
import type { Hash } from '../ledger/merkle-hash.ts'
import { sha256 } from '../ledger/sha256.ts'

/** What a closing says of the visit's events before it. */
export type Covers = NonNullable<EventData['visit.closed']['covers']>

/**
 * Number of a visit's events and SHA-256, hex, over one line each, by rising index: `index TAB leaf hash in hex LF`.
 * The events are the opening, draws, headcounts, checks and finds of the visit.
 */
export function coversOf(events: readonly { readonly index: number; readonly leaf: Hash }[]): Covers {
  const lines = events.map(({ index, leaf }) => `${index}\t${toHex(leaf)}\n`)
  return { events: events.length, sha256: toHex(sha256(new TextEncoder().encode(lines.join('')))) }
}

const covered: ReadonlySet<LedgerEvent['type']> = new Set<LedgerEvent['type']>([
  ...(['visit.opened', 'visit.drawn', 'visit.headcount'] as const),
  ...(['visit.checked', 'visit.found'] as const),
])

/** The visit whose closing has to cover this event, null for an event that none has to. */
export function coveredVisit({ type, data }: LedgerEvent): string | null {
  return covered.has(type) && 'visit' in data ? (data.visit ?? null) : null
}
