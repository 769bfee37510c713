import { setTimeout as pause } from 'node:timers/promises'
import { asFault, type Fault } from '../common/fault.ts'
import type { FrameObservation } from '../face/liveness/observation.ts'
import { FrameMemory, type SameMoment, type SeenFrames } from '../face/liveness/seen-frames.ts'
import type { LedgerEvent } from '../ledger/event.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { DigestSet } from './digest-set.ts'

/** Read before the door opens: a busy week, in a tenth of a second. */
const AT_ONCE = 2_000
/** Read at a time afterwards, so that the door never waits for more than a few milliseconds. */
const AT_A_TIME = 100
const PAUSE_MS = 10

/**
 * Knows every frame that a ledger names: the newest from the start, the older ones within seconds or, with years of
 * records, minutes. Until then an old frame that is shown again passes this one test.
 *
 * What frames looked like ends with the process: a film of an earlier run that was encoded anew is not known again.
 * Perceptual fingerprints alone are not kept for it, because they can't tell a replay from the same person on the same
 * spot another day: in generated clips those lie 1 bit apart at the nearest, and a film that was encoded anew up to 13
 * (`build/liveness/measure-replay.ts`); what could tell them apart is a picture of the person.
 */
export class LedgerFrames implements SeenFrames {
  readonly #ledger: Pick<Ledger, 'events' | 'indicesOf'>
  readonly #memory = new FrameMemory()
  readonly #earlier = new DigestSet()
  readonly #stop = new AbortController()
  /** Resolves when all are read, or reading was stopped, or failed. */
  readonly finished: Promise<void>

  /** `onFault` is told of an event that can't be read; the others are not read then. */
  constructor(ledger: Pick<Ledger, 'events' | 'indicesOf'>, onFault: (fault: Fault) => void) {
    this.#ledger = ledger
    const newestFirst = ledger.indicesOf({ of: ['attendance', 'refusal', 'check.answered'] }).reverse()
    for (const index of newestFirst.slice(0, AT_ONCE)) this.#take(index)
    this.finished = this.#takeFrom(newestFirst, AT_ONCE).catch((thrown) => onFault(asFault(thrown)))
  }

  hasBytes(sha256: string): boolean {
    return this.#earlier.has(sha256) || this.#memory.hasBytes(sha256)
  }

  sameMoment(observation: FrameObservation): SameMoment | null {
    return this.#memory.sameMoment(observation)
  }

  addVisit(observations: readonly FrameObservation[]): void {
    this.#memory.addVisit(observations)
  }

  async stop(): Promise<void> {
    this.#stop.abort()
    await this.finished
  }

  async #takeFrom(indices: readonly number[], first: number): Promise<void> {
    for (let start = first; start < indices.length; start += AT_A_TIME) {
      await pause(PAUSE_MS, null, { ref: false })
      if (this.#stop.signal.aborted) return
      for (const index of indices.slice(start, start + AT_A_TIME)) this.#take(index)
    }
  }

  #take(index: number): void {
    for (const { event } of this.#ledger.events(index, index + 1)) {
      for (const sha256 of framesOf(event)) this.#earlier.add(sha256)
    }
  }
}

function framesOf(event: LedgerEvent): readonly string[] {
  const isOfLook = event.type === 'attendance' || event.type === 'refusal' || event.type === 'check.answered'
  if (!isOfLook) return []
  const { face } = event.data
  return [...(face?.frames ?? []).map(({ sha256 }) => sha256), ...(face?.liveness?.frames ?? [])]
}
