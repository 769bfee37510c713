import { Fault } from '../common/fault.ts'
import { failed, ok, type Result } from '../common/result.ts'
import type { EventData, LedgerEvent } from '../ledger/event.ts'
import { historyOf } from './attendance-acts.ts'
import type { StationData } from './data-folder.ts'
import type { Signer, Staff } from './staff.ts'

export type CardLane = EventData['card.missing']['lane']

/**
 * Says that a trainee came without a card that can be read: forgotten, a temporary one, withheld by somebody, or broken.
 * It lets nobody in: the person still stands before the camera, or a supervisor says who it is. From `supervisorFrom`
 * times on a supervisor signs. Gives how often it happened by now in this class.
 * Faults: `STATION_NOT_SUPERVISOR`, `ROSTER_PERSON_UNKNOWN`, `ROSTER_CLASS_UNKNOWN`, those of `Staff.sign`.
 */
export function reportMissingCard(
  data: StationData,
  staff: Staff,
  given: { readonly class: string; readonly person: string; readonly lane: CardLane },
  by: Signer,
  supervisorFrom: number,
): Result<{ index: number; count: number }> {
  const history = historyOf(data, given.class)
  if (!history.ok) return history
  if (history.value.seats.get(given.person)?.at(-1)?.until !== null) {
    return failed(new Fault('ROSTER_PERSON_UNKNOWN', 'nobody on this roster has this id'))
  }
  const before = missingCards(events(data), given.class).get(given.person)
  const count = (before?.count ?? 0) + 1
  const body = { ...given, count }
  const role = count >= supervisorFrom ? ('supervisor' as const) : undefined
  const act = staff.sign({ act: 'card.missing', ...body }, [by], role)
  if (!act.ok) return act
  const { index } = data.ledger.append({ type: 'card.missing', data: { ...body, act: act.value } })
  return ok({ index, count })
}

/** How often each person of a class came without a card, and in which lanes. */
export function missingCards(
  events: Iterable<LedgerEvent>,
  classId: string,
): ReadonlyMap<string, { readonly count: number; readonly lanes: readonly CardLane[] }> {
  const people = new Map<string, { count: number; lanes: CardLane[] }>()
  for (const event of events) {
    if (event.type !== 'card.missing' || event.data.class !== classId) continue
    const known = people.get(event.data.person) ?? { count: 0, lanes: [] }
    people.set(event.data.person, { count: known.count + 1, lanes: [...known.lanes, event.data.lane] })
  }
  return people
}

function* events({ ledger }: StationData): Generator<LedgerEvent> {
  for (const { event } of ledger.events()) yield event
}
