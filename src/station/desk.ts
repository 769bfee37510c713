import type { Result } from '../common/result.ts'
import type { DeskWork } from './desk-work.ts'
import type { Command, FrameFacts, Refused, Snapshot } from './protocol.ts'

/** What the station offers to a window, whatever carries it there. The channel adapters know nothing else of it. */
export interface StationDesk {
  /** The newest state. */
  snapshot(): Snapshot
  /** Calls the listener with every later state, newest last; returns the call that ends it. */
  subscribe(listener: (snapshot: Snapshot) => void): () => void
  /** Does what people asked for; null when done, else why not. */
  command(command: Command): Promise<Refused | null>
  /** Does what is beside the door, one after the other, and gives its answer; see `doOfficeWork` and `DeskService`. */
  office(work: DeskWork): Promise<Result<unknown>>
  /** One camera frame, JPEG, at most `MAX_FRAME_BYTES`, and what the window's browser says of it. */
  frame(jpeg: Uint8Array, facts?: FrameFacts): void
}
