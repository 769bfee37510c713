import { projectHistory } from '../attendance/history.ts'
import { computeHours } from '../attendance/hours.ts'
import { monthFigures } from '../attendance/month-close.ts'
import { sameJson } from '../common/same-json.ts'
import type { BundleMatter } from '../export/bundle/matter.ts'
import { type BundleProblem, problem } from './problem.ts'

/**
 * Counts every closed month of the class again from the records that its closing says it was made from, under the
 * class's own pack; null when each digest and each total is what they give. A closing that was made while the class
 * named another pack is left alone: that pack is not in the bundle.
 */
export function closedMonthProblem({ events, classId, pack }: BundleMatter): BundleProblem | null {
  for (const { type, index, data } of events) {
    if (type !== 'month.closed' || data.class !== classId) continue
    if (data.size > index) {
      return problem('hours', index, `${data.month} was closed over records that came later`)
    }
    const history = projectHistory(events.slice(0, data.size))
    const target = history.classes.get(classId)
    if (target !== undefined && target.pack.sha256 !== pack.sha256) continue
    const hours = computeHours(history, classId, pack)
    const found =
      target === undefined || !hours.ok
        ? null
        : monthFigures(target, hours.value, data.month, history.watermark ?? 0)
    if (found?.hours === data.hours && sameJson(found.totals, data.totals)) continue
    return problem(
      'hours',
      index,
      `${data.month} was closed with other hours than the records before it give`,
    )
  }
  return null
}
