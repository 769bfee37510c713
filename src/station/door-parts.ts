import type { FaceEngine } from '../face/engine.ts'
import type { ClassRoll } from './class-roll.ts'
import type { StationData } from './data-folder.ts'
import type { DoorPolicy } from './door-policy.ts'
import type { FrameKeeper } from './kept-frames.ts'
import type { Snapshot } from './protocol.ts'
import type { ReaderSupervisor } from './reader-supervisor.ts'
import type { Recorder } from './recorder.ts'
import type { ForwardElectronicCard } from './selection.ts'
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
  /** Null or absent where the site keeps no frames. */
  readonly frameKeeper?: FrameKeeper | null
  /** Records waiting for a receipt, and whether the collector answered last time. */
  readonly upload: () => Snapshot['upload']
  /** How the serial scanner is; absent or null without one. */
  readonly scanner?: () => Snapshot['scanner']
  /** Where electronic social security cards are verified; without it their codes are unknown ones. */
  readonly forwardElectronicCard?: ForwardElectronicCard | null
}
