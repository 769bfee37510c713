import type { Fault } from '../common/fault.ts'
import type { FaceEngine } from '../face/engine.ts'
import type { Answers } from './answers.ts'
import type { ClassRoll } from './class-roll.ts'
import type { StationData } from './data-folder.ts'
import type { Display } from './display.ts'
import type { DoorPolicy } from './door-policy.ts'
import type { DuplicateWatch } from './duplicates/watch.ts'
import type { FrameKeeper } from './kept-frames.ts'
import type { LivenessGuard } from './liveness-guard.ts'
import type { Mailbox } from './mailbox.ts'
import type { Refused } from './protocol.ts'
import type { Recorder } from './recorder.ts'
import type { Staff } from './staff.ts'

/** What one check needs of its station. */
export interface CheckContext {
  readonly classId: string
  readonly data: StationData
  readonly roll: ClassRoll
  readonly recorder: Recorder
  readonly staff: Staff
  readonly engine: FaceEngine
  readonly policy: DoorPolicy
  readonly display: Display
  readonly answers: Answers
  readonly frames: Mailbox<Uint8Array>
  /** Null or absent where the site keeps no frames. */
  readonly frameKeeper?: FrameKeeper | null
  /** Null or absent where nobody is asked about it. */
  readonly duplicates?: DuplicateWatch | null
  /** The site keeps issue date and ethnicity of cards for the fairness report. */
  readonly cardFacts?: boolean
  /** Null or absent where the site judges no liveness. */
  readonly guard?: LivenessGuard | null
  readonly noticeVersion: string
  /** Told of faults that cost nobody their check, for the log. */
  readonly onFault?: (fault: Fault) => void
  /** Null follows the timetable. */
  readonly forcedDirection: 'in' | 'out' | null
}

export function refusedBecause(command: string, code: string): Refused {
  return { type: 'refused', command, code }
}
