import { shippedCalendar } from '../attendance/workdays.ts'
import { Fault } from '../common/fault.ts'
import { failed, ok, type Result } from '../common/result.ts'
import { classPattern } from '../inspect/class-pattern.ts'
import { seatsOf, strataOf } from '../inspect/draw-plan.ts'
import { drawPower } from '../inspect/draw-power.ts'
import { foldVisits, openVisit } from '../inspect/visit.ts'
import { type VisitFacts, visitFacts } from '../inspect/visit-facts.ts'
import { openFindings } from '../inspect/visit-findings.ts'
import type { LedgerEvent } from '../ledger/event.ts'
import type { DeskParts } from '../station/desk-service.ts'
import type { ClaimedFacts, UnusualPattern, VisitAnswers } from '../station/visit-work.ts'
import type { ClassEvents } from './class-events.ts'
import type { VisitLog } from './visit-log.ts'
import { sessionAt, visitPeople } from './visit-people.ts'
import { visitState } from './visit-state.ts'

/** Numbers of people for which a draw's power is shown, as far as the class has that many. */
const SHOWN_K = [3, 5, 10, 15, 20] as const

/** Classes of this station, that of the present session first, with the visit that is open. */
export function visitClasses(
  { data, roll }: Pick<DeskParts, 'data' | 'roll'>,
  log: VisitLog,
): VisitAnswers['visit.classes'] {
  const { wall } = data.clock.now()
  const visits = foldVisits(log.events())
  const classes = roll.classIds().map((id) => ({
    ...{ id, title: roll.title(id) ?? '', isNow: sessionAt(roll, id, wall) !== null },
    visit: openVisit(visits, id)?.visit ?? null,
  }))
  return { classes: classes.sort((a, b) => Number(b.isNow) - Number(a.isNow)) }
}

/** What the log claims about a class at this moment, its people masked, and the visit. Fault `ROSTER_CLASS_UNKNOWN`. */
export async function visitOverview(
  parts: Pick<DeskParts, 'data' | 'roll'>,
  log: VisitLog,
  classEvents: ClassEvents,
  classId: string,
): Promise<Result<VisitAnswers['visit.facts']>> {
  const { data } = parts
  const events = await classEvents.of(classId)
  const { wall } = data.clock.now()
  const facts = visitFacts(events, classId, wall)
  const seats = seatsOf(events, classId)
  if (facts === null || seats === null) {
    return failed(new Fault('ROSTER_CLASS_UNKNOWN', 'no such class in this ledger'))
  }
  const visit = log.openOf(classId)
  const strata = strataOf(seats, 1)
  const shown = SHOWN_K.filter((k) => k <= seats.length)
  return ok({
    facts: claimed(facts, openFindings(events, classId, shippedCalendar(), wall), data.ledger.size),
    pattern: patternOf(events, classId),
    people: visitPeople(parts, { class: classId, seats, visit, events }),
    powers: shown.map((k) => ({ k, power: drawPower(strata, k) })),
    visit: visit === null ? null : visitState(visit, log.events()),
    checkpoint: data.ledger.checkpoint(),
  })
}

function claimed(
  { filing, receipt, ...facts }: VisitFacts,
  findings: ClaimedFacts['findings'],
  size: number,
): ClaimedFacts {
  // Of the whole ledger, of which other classes' events were not read here.
  const seen = receipt === null ? null : { ...receipt, behind: size - receipt.size }
  if (filing === null) return { ...facts, filing, findings, receipt: seen }
  const { unconfirmed: _, ...filed } = filing
  return { ...facts, filing: filed, findings, receipt: seen }
}

function patternOf(events: readonly LedgerEvent[], classId: string): UnusualPattern | null {
  const pattern = classPattern(events, classId)
  if (pattern === null) return null
  const features = pattern.features.map(({ name, points, explanation }) => ({ name, points, explanation }))
  return { score: pattern.score, threshold: pattern.threshold, features }
}
