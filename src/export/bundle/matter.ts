import { type ClassRecord, projectClasses } from '../../attendance/class-record.ts'
import { type AttendanceHistory, type ClassHistory, projectHistory } from '../../attendance/history.ts'
import { computeHours, type HoursDocument } from '../../attendance/hours.ts'
import type { RulePack } from '../../attendance/rule-pack.ts'
import { Fault } from '../../common/fault.ts'
import { failed, ok, type Result } from '../../common/result.ts'
import type { LedgerEvent } from '../../ledger/event.ts'
import { type Anchors, anchorsOf } from './anchors.ts'
import { type ClassMatter, type CorrectionIndex, correctionIndex } from './corrections.ts'
import { type SpotChecks, spotChecks } from './spot-checks.ts'

/** The tree that a bundle's checkpoint signs. Root in hex. */
export interface Tree {
  readonly origin: string
  readonly size: number
  readonly root: string
}

/** Everything in a bundle that follows from its events and its pack: a station writes it, a verifier computes it again. */
export interface BundleMatter extends ClassMatter {
  readonly history: AttendanceHistory
  readonly target: ClassHistory
  readonly record: ClassRecord | null
  readonly tree: Tree
  readonly corrections: CorrectionIndex
  readonly checks: SpotChecks
  readonly anchors: Anchors
}

/**
 * Pure: the same events, class and pack give the same. `known` is what was computed already of exactly these.
 * Fault `ROSTER_CLASS_UNKNOWN`.
 */
export function bundleMatter(
  events: readonly LedgerEvent[],
  classId: string,
  pack: RulePack,
  tree: Tree,
  known?: { readonly history: AttendanceHistory; readonly hours: HoursDocument },
): Result<BundleMatter> {
  const history = known?.history ?? projectHistory(events)
  const target = history.classes.get(classId)
  if (target === undefined)
    return failed(new Fault('ROSTER_CLASS_UNKNOWN', `no class "${classId}" in this ledger`))
  const hours = known === undefined ? computeHours(history, classId, pack) : ok(known.hours)
  if (!hours.ok) return hours
  const matter = { classId, events, hours: hours.value, pack }
  return ok({
    ...matter,
    ...{ history, target, record: projectClasses(events).get(classId) ?? null, tree },
    corrections: correctionIndex(matter),
    checks: spotChecks(events, classId),
    anchors: anchorsOf(events, classId),
  })
}
