import type { Fault } from '../../common/fault.ts'

/** When a process was lost, and how long it is left alone for that. */
export class LossRecord {
  readonly #now: () => number
  #last: Fault | null = null
  #times: number[] = []

  constructor(now: () => number) {
    this.#now = now
  }

  add(fault: Fault): void {
    this.#last = fault
    this.#times = [...this.#recent(), this.#now()]
  }

  /** The last loss while it is too early to start again, else null. */
  resting(): Fault | null {
    const times = this.#recent()
    const latest = times.at(-1)
    if (latest === undefined) return null
    const rest = REST_MS[Math.min(times.length, REST_MS.length) - 1] ?? 0
    return this.#now() - latest < rest ? this.#last : null
  }

  #recent(): number[] {
    const since = this.#now() - MEMORY_MS
    return this.#times.filter((time) => time > since)
  }
}

/** Rest after the first, second … loss: one accident costs nothing. */
const REST_MS = [0, 500, 2_000, 10_000, 30_000]
const MEMORY_MS = 120_000
