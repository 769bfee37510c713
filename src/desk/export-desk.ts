import { Fault } from '../common/fault.ts'
import { failed, type Result } from '../common/result.ts'
import type { DeskParts } from '../station/desk-service.ts'
import type { ExportWork } from '../station/export-work.ts'

/** Exports and the files that they leave, see `ExportAnswers` for what each request gives. */
export function openExportDesk(_parts: DeskParts): (work: ExportWork) => Promise<Result<unknown>> {
  return async () => failed(new Fault('STATION_NOT_NOW', 'not yet'))
}
