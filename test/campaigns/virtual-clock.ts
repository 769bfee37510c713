import type { LineClock } from '../../src/cards/driver/sam-clock.ts'

/** A clock that jumps to its next timer as soon as everybody waits: a day passes as fast as it can be worked off. */
export class VirtualClock implements LineClock {
  #now = 0
  #timers: { at: number; callback: () => void }[] = []

  now(): number {
    return this.#now
  }

  after(ms: number, callback: () => void): () => void {
    const timer = { at: this.#now + ms, callback }
    const behind = this.#timers.findIndex(({ at }) => at > timer.at)
    this.#timers.splice(behind < 0 ? this.#timers.length : behind, 0, timer)
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer)
    }
  }

  /** Timers that wait now. */
  get waiting(): number {
    return this.#timers.length
  }

  /** Lets time pass until the work is done. Throws when the work waits for nothing that could still happen. */
  async runUntil<T>(work: Promise<T>): Promise<T> {
    let done = false
    const settled = work.finally(() => {
      done = true
    })
    settled.catch(() => {})
    for (let idle = 0; !done; ) {
      await new Promise((resolve) => setImmediate(resolve))
      if (done) break
      const next = this.#timers.shift()
      if (next !== undefined) {
        this.#now = Math.max(this.#now, next.at)
        next.callback()
      }
      idle = next === undefined ? idle + 1 : 0
      if (idle > STUCK_TURNS) throw new Error('stuck: no timer and no event left')
    }
    return await settled
  }
}

const STUCK_TURNS = 1_000
