import { drawPower } from '../inspect/draw-power.ts'
import type { Visit } from '../inspect/visit.ts'
import type { LedgerEvent } from '../ledger/event.ts'
import type { VisitState } from '../station/visit-work.ts'

/** How far a visit has come, for whoever looks at it. `power` is that of the newest draw. */
export function visitState(visit: Visit, events: readonly LedgerEvent[]): VisitState {
  const { inspector, standing, since, openedAt, draws, headcounts, found } = visit
  const newest = draws.at(-1)
  const committed = events.find(({ type, data }) => type === 'draw.committed' && data.draw === newest?.draw)
  const strata = committed?.type === 'draw.committed' ? committed.data.strata : null
  return {
    ...{ visit: visit.visit, openedAt, inspector, standing },
    since: since === null ? null : { size: since.size, finding: since.finding },
    order: [...new Set(draws.flatMap(({ order }) => order))],
    power: newest === undefined || strata === null ? null : drawPower(strata, newest.k),
    headcount: headcounts.at(-1)?.count ?? null,
    found: found.map(({ person, record, by }) => ({ person, record, by })),
  }
}
