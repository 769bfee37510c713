import type { Result } from '../common/result.ts'
import type { FaceEngine } from '../face/engine.ts'
import type { ClassRoll } from './class-roll.ts'
import type { StationData } from './data-folder.ts'
import type { ExportWork } from './export-work.ts'
import type { IdentifyAtDoor } from './identify.ts'
import type { JoinWork } from './join-work.ts'
import type { Recorder } from './recorder.ts'
import type { Settings } from './settings.ts'
import type { Staff } from './staff.ts'
import type { VisitWork } from './visit-work.ts'

/**
 * Does work that needs what the station knows nothing of: exports and inspections. It appends straight to the ledger; a
 * running door notes its clock before and catches up after.
 */
export type DeskService = (work: VisitWork | ExportWork | JoinWork) => Promise<Result<unknown>>

/** What such a service is made with. `identify` is null where no door runs. */
export interface DeskParts {
  readonly data: StationData
  readonly staff: Staff
  readonly roll: ClassRoll
  readonly settings: Settings
  readonly recorder: Recorder
  readonly engine: () => Promise<Pick<FaceEngine, 'info' | 'template' | 'compare'>>
  readonly identify: IdentifyAtDoor | null
}

export type OpenDesk = (parts: DeskParts) => DeskService
