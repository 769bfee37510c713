import { setImmediate } from 'node:timers/promises'
import type { LedgerEvent } from '../ledger/event.ts'
import type { RecordedEvent } from '../ledger/ledger.ts'
import type { StationData } from '../station/data-folder.ts'

const SLICE = 256

/** Events from an index on, with a pause after each few hundred: nobody at the door waits while a long ledger is read. */
export async function* inSlices(
  { ledger }: Pick<StationData, 'ledger'>,
  from: number,
): AsyncGenerator<RecordedEvent> {
  let read = 0
  for (const recorded of ledger.events(from)) {
    yield recorded
    if (++read % SLICE === 0) await setImmediate()
  }
}

/**
 * What a ledger says of one class: its events, and those that are about no class. Kept for the class that was asked for
 * last, so that looking again reads only what is new.
 */
export class ClassEvents {
  readonly #data: Pick<StationData, 'ledger'>
  #class: string | null = null
  #events: LedgerEvent[] = []
  #read = 0

  constructor(data: Pick<StationData, 'ledger'>) {
    this.#data = data
  }

  async of(classId: string): Promise<readonly LedgerEvent[]> {
    if (classId !== this.#class) {
      this.#class = classId
      this.#events = []
      this.#read = 0
    }
    for await (const { index, event } of inSlices(this.#data, this.#read)) {
      // Somebody else may have asked meanwhile, for this class or another.
      if (this.#class !== classId || index !== this.#read) continue
      this.#read = index + 1
      if (isAbout(event, classId)) this.#events.push(event)
    }
    return this.#events
  }
}

function isAbout({ data }: LedgerEvent, classId: string): boolean {
  return !('class' in data) || data.class === classId || data.class === null
}
