import { asFault } from '../common/fault.ts'
import { failed, ok, type Result } from '../common/result.ts'
import type { DeskParts } from '../station/desk-service.ts'
import type { VisitWork } from '../station/visit-work.ts'
import { ClassEvents } from './class-events.ts'
import { VisitClosing } from './visit-closing.ts'
import { VisitDraw } from './visit-draw.ts'
import { VisitFollowUp } from './visit-follow-up.ts'
import { VisitIdentify } from './visit-identify.ts'
import { VisitKeys } from './visit-key.ts'
import { VisitLog } from './visit-log.ts'
import { VisitMarks } from './visit-marks.ts'
import { VisitOpening } from './visit-opening.ts'
import { visitClasses, visitOverview } from './visit-overview.ts'
import { leaveVisitFile, leaveVisitReport } from './visit-reports.ts'

/**
 * An inspector's visit, see `VisitAnswers` for what each request gives: the window and the commands send the same. What a
 * visit has come to is folded from the ledger each time, so that a power cut loses nothing but what waits for a
 * signature.
 */
export function openVisitDesk(parts: DeskParts): (work: VisitWork) => Promise<Result<unknown>> {
  const log = new VisitLog(parts.data)
  const classEvents = new ClassEvents(parts.data)
  const keys = new VisitKeys(parts.data, log)
  const identify = new VisitIdentify(parts, log, keys)
  const opening = new VisitOpening(parts, log, keys)
  const draw = new VisitDraw(parts, log, keys)
  const marks = new VisitMarks(log, keys, identify)
  const closing = new VisitClosing(parts, log, keys)
  const followUp = new VisitFollowUp(parts, log, classEvents)
  const answer = async (work: VisitWork): Promise<Result<unknown>> => {
    await log.catchUp()
    switch (work.act) {
      case 'visit.classes':
        return ok(visitClasses(parts, log))
      case 'visit.facts':
        return visitOverview(parts, log, classEvents, work.class)
      case 'visit.admit':
        return opening.admit(work)
      case 'visit.open':
        return opening.open(work)
      case 'visit.commit':
        return draw.commit(work)
      case 'visit.draw':
        return draw.draw(work)
      case 'visit.headcount':
        return marks.headcount(work)
      case 'visit.identify':
        return identify.identify(work)
      case 'visit.check':
        return marks.check(work)
      case 'visit.find':
        return marks.find(work)
      case 'visit.finish':
        return closing.finish(work)
      case 'visit.close':
        return closing.close(work)
      case 'visit.report':
        return leaveVisitReport(parts, work)
      case 'visit.file':
        return leaveVisitFile(parts, log, work.visit)
      case 'visit.answer':
        return followUp.answer(work)
      case 'visit.settle':
        return followUp.settle(work)
      case 'visit.settled':
        return followUp.settled(work)
    }
  }
  return (work) => answer(work).catch((thrown: unknown) => failed(asFault(thrown)))
}
