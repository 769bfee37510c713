import type { Result } from '../common/result.ts'
import type { FaceEngine } from '../face/engine.ts'
import type { ListCameras } from './camera/list-cameras.ts'
import type { ClassRoll } from './class-roll.ts'
import type { StationData } from './data-folder.ts'
import type { DeskWork } from './desk-work.ts'
import type { DoorPolicy } from './door-policy.ts'
import type { DuplicateWatch } from './duplicates/watch.ts'
import type { FrameKeeper } from './kept-frames.ts'
import type { LivenessGuard } from './liveness-guard.ts'
import type { Snapshot } from './protocol.ts'
import type { ReaderSupervisor } from './reader-supervisor.ts'
import type { Recorder } from './recorder.ts'
import type { ForwardElectronicCard } from './selection.ts'
import type { Settings } from './settings.ts'
import type { Staff } from './staff.ts'

/** What a door is made of. */
export interface DoorParts {
  readonly classId: string
  readonly data: StationData
  readonly roll: ClassRoll
  readonly recorder: Recorder
  readonly staff: Staff
  readonly engine: FaceEngine
  readonly policy: DoorPolicy
  readonly readers: ReaderSupervisor
  readonly noticeVersion: string
  /** Null or absent where the site judges no liveness. */
  readonly guard?: LivenessGuard | null
  /** Null or absent where the site keeps no frames. */
  readonly frameKeeper?: FrameKeeper | null
  /** Null or absent where nobody is asked about it. */
  readonly duplicates?: DuplicateWatch | null
  /** The site keeps issue date and ethnicity of cards for the fairness report. */
  readonly cardFacts?: boolean
  /** Records waiting for a receipt, and whether the collector answered last time. */
  readonly upload: () => Snapshot['upload']
  /** How the serial scanner is; absent or null without one. */
  readonly scanner?: () => Snapshot['scanner']
  /** Which cameras the system has; asks this machine's when absent. */
  readonly listCameras?: ListCameras
  /** Where electronic social security cards are verified; without it their codes are unknown ones. */
  readonly forwardElectronicCard?: ForwardElectronicCard | null
  /** How checks in the middle of a session are made; absent: there are none. */
  readonly checks?: Settings['office']
  /** Does what is beside the door on its ledger; absent where nothing is. */
  readonly office?: (work: DeskWork) => Promise<Result<unknown>>
}
