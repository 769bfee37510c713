import type { ReaderIdentity } from '../cards/reader.ts'
import type { EventInput, LedgerEvent } from '../ledger/event.ts'
import { CameraHistory } from './camera/camera-history.ts'
import type { ClassRoll } from './class-roll.ts'
import { ClockWatch } from './clock-watch.ts'
import type { StationData } from './data-folder.ts'
import { doorEvents } from './replay.ts'

/**
 * The one way by which a running station appends: what was recorded is applied to the roll at once, and what the
 * clock did since the last record is recorded before anything else.
 */
export class Recorder {
  readonly #data: StationData
  readonly #roll: ClassRoll
  #applied = 0
  readonly #clockWatch = new ClockWatch()
  #lastReader: ReaderIdentity | null = null
  #readerChangedAt: number | null = null
  /** The cameras of this station, by its own record. */
  readonly cameras = new CameraHistory()

  constructor(data: StationData, roll: ClassRoll) {
    this.#data = data
    this.#roll = roll
    for (const event of doorEvents(data.ledger)) this.#apply(event)
    this.#applied = data.ledger.size
  }

  /** The reader that this station used last, by its own record. */
  get lastReader(): ReaderIdentity | null {
    return this.#lastReader
  }

  /** When one reader followed another, ms since epoch; null while this station has known one at most. */
  get readerChangedAt(): number | null {
    return this.#readerChangedAt
  }

  /** Label of the camera that a window opened last, null without one. */
  get lastCamera(): string | null {
    return this.cameras.label
  }

  /** Durable when it returns. Throws the ledger's fault otherwise, and then nothing was recorded. */
  append(input: EventInput): number {
    this.noteClock()
    const { index } = this.#data.ledger.append(input)
    this.catchUp()
    return index
  }

  /** Records a clock that jumped since the last record; before others append to the same ledger. */
  noteClock(): void {
    const { clock, ledger } = this.#data
    for (const found of this.#clockWatch.check(clock.now(), clock.deviation())) ledger.append(found)
  }

  /** Applies what others appended to the same ledger, the uploader's receipts for one. */
  catchUp(): void {
    for (const { event } of this.#data.ledger.events(this.#applied)) this.#apply(event)
    this.#applied = this.#data.ledger.size
  }

  #apply(event: LedgerEvent): void {
    this.#roll.apply(event)
    this.#clockWatch.apply(event)
    if (event.type === 'reader.changed') {
      this.#lastReader = event.data.after
      if (event.data.before !== null) this.#readerChangedAt = event.time.wall
    }
    this.cameras.apply(event)
  }
}
