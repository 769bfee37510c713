import type { EventTime, EventType, LedgerEvent } from '../ledger/event.ts'
import type { Ledger } from '../ledger/ledger.ts'

/* What a station reads of its own record when it starts: years of it, of which the door needs little. */

/** Most of a ledger: what people did in sessions, of which only those that are still open matter at the door. */
const OF_SESSIONS = ['attendance', 'refusal', 'check.answered'] as const satisfies readonly EventType[]
/** What a station doesn't go by when it starts. */
export const BULK = [...OF_SESSIONS, 'receipt'] as const satisfies readonly EventType[]

/**
 * Events that make up what the door has to know, in order, up to `size`: all but receipts, and of attendance, refusals
 * and answers only those of sessions that nobody closed yet; the first and the last event of the present boot in any
 * case, because the clock is compared with them.
 */
export function* doorEvents(ledger: Ledger): Generator<LedgerEvent> {
  const { size } = ledger
  if (size === 0) return
  const lasting: LedgerEvent[] = []
  const sessions = new Set<string>()
  const closed = new Set<string>()
  for (const { event } of ledger.chosen({ but: BULK })) {
    lasting.push(event)
    if (event.type === 'class.opened') for (const { id } of event.data.sessions) sessions.add(id)
    if (event.type === 'makeup.scheduled') sessions.add(event.data.session.id)
    if (event.type === 'session.closed') closed.add(event.data.session)
  }
  const last = eventAt(ledger, size - 1)
  const open = [...sessions].filter((session) => !closed.has(session))
  const ofSessions = open.flatMap((session) =>
    [...ledger.chosen({ of: OF_SESSIONS, session })].map(({ event }) => event),
  )
  const all = [...lasting, ...ofSessions, eventAt(ledger, firstOfBoot(ledger, last.time)), last]
  const byIndex = new Map(all.map((event) => [event.index, event]))
  yield* [...byIndex.values()].sort((a, b) => a.index - b.index)
}

/** A boot's events stand together, and it never comes back: found by halving. */
function firstOfBoot(ledger: Ledger, { boot }: EventTime): number {
  let [before, inside] = [-1, ledger.size - 1]
  while (inside - before > 1) {
    const middle = Math.floor((before + inside) / 2)
    if (eventAt(ledger, middle).time.boot === boot) inside = middle
    else before = middle
  }
  return inside
}

function eventAt(ledger: Ledger, index: number): LedgerEvent {
  return ledger.events(index, index + 1).next().value!.event
}
