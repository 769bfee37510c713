import type { Verdict } from './protocol.ts'

/** What became of one card on the reader. */
export interface CheckOutcome {
  readonly verdict: Verdict
  /** Code of the one reason, null when everything was as it should be. */
  readonly reason: string | null
  /** Random person id, null when the card's holder is not known here. */
  readonly person: string | null
  /** Leaf of the record, null when nothing was recorded (`already`). */
  readonly index: number | null
  /** How long each stage took, in order, milliseconds. */
  readonly stagesMs: Readonly<Record<string, number>>
}

/** Times stages of a check; `lap` names what has just ended. */
export class Stages {
  readonly ms: Record<string, number> = {}
  #since = performance.now()

  lap(name: string): void {
    const now = performance.now()
    this.ms[name] = Math.round((now - this.#since) * 10) / 10
    this.#since = now
  }
}
