import { Fault } from '../common/fault.ts'
import type { SimulatedClock } from '../station/clock.ts'
import type { Mailbox } from '../station/mailbox.ts'
import type { CheckOutcome } from '../station/outcome.ts'
import type { Snapshot } from '../station/protocol.ts'
import type { Station } from '../station/station.ts'
import { emptyFrames } from './camera.ts'
import { demoFaces } from './faces.ts'
import { livingFrames, obeying } from './living-camera.ts'
import { people } from './people.ts'
import type { DemoReaders } from './readers.ts'
import { at, type Step } from './scenario.ts'
import type { SimulatedWindow } from './window.ts'

/** One line of the demonstration's table. */
export interface DemoCase {
  readonly name: string
  readonly expected: string
  readonly got: string
  readonly reason: string | null
  readonly stagesMs: Readonly<Record<string, number>>
}

const STEP_TIMEOUT_MS = 20_000

/** Puts people through the door, one after the other: card on the reader, person before the camera, card taken. */
export class DoorRun {
  readonly #readers: DemoReaders
  readonly #window: SimulatedWindow
  readonly #clock: SimulatedClock
  readonly #station: Station
  readonly #outcomes: Mailbox<CheckOutcome>
  #seed = 1
  /** Which film each face was last seen in: played again it has the same bytes. */
  readonly #films = new Map<string, number>()

  constructor(parts: {
    readers: DemoReaders
    window: SimulatedWindow
    clock: SimulatedClock
    station: Station
    outcomes: Mailbox<CheckOutcome>
  }) {
    this.#readers = parts.readers
    this.#window = parts.window
    this.#clock = parts.clock
    this.#station = parts.station
    this.#outcomes = parts.outcomes
  }

  async pass(step: Step): Promise<DemoCase> {
    this.#clock.set(at(step.time))
    await this.#readers.use(step.reader)
    const { face, consent } = step
    const seed = (step.replayed ? this.#films.get(face) : null) ?? this.#seed++
    this.#films.set(face, seed)
    this.#window.behave({
      consent,
      frames: (prompt) =>
        face === 'nobody'
          ? emptyFrames()
          : livingFrames(demoFaces[people[face].face]!, {
              count: 150,
              seed: prompt === null ? seed : this.#seed++,
              ...(prompt === null ? {} : { act: obeying(prompt) }),
            }),
    })
    if (step.trouble === 'line-noise') {
      this.#readers.faults.add({ kind: 'noise', bytes: 48, times: 3 })
      this.#readers.faults.add({ kind: 'split', bytes: 37, gapMs: 3, times: 3 })
    }
    this.#outcomes.clear()
    await this.#readers.place(step)
    const outcome = await this.#outcomes.take(STEP_TIMEOUT_MS)
    if (outcome === null) throw new Fault('STATION_DEMO', `"${step.name}" came to no end`)
    this.#readers.remove()
    await this.#idle()
    const { verdict, reason } = step.expected
    return {
      name: `${step.card} ${step.name}`,
      expected: describe(verdict, reason),
      got: describe(outcome.verdict, outcome.reason),
      reason: outcome.reason,
      stagesMs: outcome.stagesMs,
    }
  }

  #idle(): Promise<void> {
    return new Promise((resolve) => {
      const look = (snapshot: Snapshot): void => {
        if (snapshot.screen !== 'idle') return
        unsubscribe()
        resolve()
      }
      const unsubscribe = this.#station.door.subscribe(look)
      look(this.#station.door.snapshot())
    })
  }
}

function describe(verdict: string, reason: string | null): string {
  return reason === null ? verdict : `${verdict} (${reason})`
}
