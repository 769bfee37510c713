import { Fault } from '../common/fault.ts'
import { failed, type Result } from '../common/result.ts'
import type { DeskParts } from '../station/desk-service.ts'
import type { VisitWork } from '../station/visit-work.ts'

/** An inspector's visit, see `VisitAnswers` for what each request gives. */
export function openVisitDesk(_parts: DeskParts): (work: VisitWork) => Promise<Result<unknown>> {
  return async () => failed(new Fault('STATION_NOT_NOW', 'not yet'))
}
