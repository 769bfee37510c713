import type { ReaderIdentity } from '../cards/reader.ts'
import { asFault, type Fault } from '../common/fault.ts'
import type { EventInput } from '../ledger/event.ts'
import type { DoorParts } from './door-parts.ts'
import { runChecks } from './random-checks.ts'
import { sameReader } from './reader-supervisor.ts'

type RecordParts = Pick<DoorParts, 'classId' | 'data' | 'roll' | 'recorder' | 'policy' | 'checks'>

/** What a door records by itself, outside any check of a person. A record that fails goes to `onFault`. */
export class DoorRecords {
  readonly #parts: RecordParts
  readonly #onFault: (fault: Fault) => void

  constructor(parts: RecordParts, onFault: (fault: Fault) => void) {
    this.#parts = parts
    this.#onFault = onFault
  }

  /**
   * Says in the ledger that nothing more comes for sessions whose door has shut, and keeps that checkpoint: until
   * then nobody is called absent.
   */
  closeSessions(): void {
    const { roll, classId, data, policy, recorder } = this.#parts
    for (const { id } of roll.toClose(classId, data.clock.now().wall, policy.openAfterMs)) {
      this.#attempt(() => {
        const index = recorder.append({ type: 'session.closed', data: { class: classId, session: id } })
        data.ledger.keepCheckpoint('session')
        return index
      })
    }
  }

  /** Commits, calls and reveals the checks that are due. True when one was called or ended, so that a screen says so. */
  runChecks(): boolean {
    const { data, roll, recorder, classId, checks, policy } = this.#parts
    if (checks === undefined) return false
    const before = data.ledger.size
    this.#attempt(() => {
      runChecks({ data, roll, append: (input) => recorder.append(input) }, classId, checks, policy)
      return data.ledger.size
    })
    return data.ledger.size > before
  }

  /**
   * Another reader, port, USB socket or SAM than before is an event: a frame emulator is a perfect card. True when it
   * is another one.
   */
  pinReader({ profile, port, samId, usbPath }: ReaderIdentity): boolean {
    const { recorder } = this.#parts
    const before = recorder.lastReader
    const after = { profile, port, samId, ...(usbPath === undefined ? {} : { usbPath }) }
    if (sameReader(before, after)) return false
    this.#attempt(() => recorder.append({ type: 'reader.changed', data: { before, after } }))
    return true
  }

  /** What the watch over the camera has to say. False when it could not be recorded. */
  camera(input: EventInput): boolean {
    return this.#attempt(() => this.#parts.recorder.append(input)) !== null
  }

  /** A card that was there and could not be read. Gives the leaf, null when that could not be recorded either. */
  unreadableCard(reader: ReaderIdentity, code: string): number | null {
    const { recorder, roll, classId, data } = this.#parts
    return this.#attempt(() =>
      recorder.append({
        type: 'refusal',
        data: {
          class: roll.known(classId),
          session: null,
          person: null,
          reason: code,
          face: null,
          reader,
          simulated: data.key.simulated,
          by: 'card',
        },
      }),
    )
  }

  #attempt(append: () => number): number | null {
    try {
      return append()
    } catch (thrown) {
      this.#onFault(asFault(thrown))
      return null
    }
  }
}
