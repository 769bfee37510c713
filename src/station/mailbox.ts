/**
 * Holds the newest thing put in and hands it to whoever waits: camera frames and answers from a screen, where
 * an old one is worth nothing once a newer one is there.
 */
export class Mailbox<T> {
  #newest: T | null = null
  #waiting: ((value: T) => void) | null = null
  #putAt = 0
  #takenAt = 0

  /** When the value that was taken last had been put in, `performance.now()`. */
  get arrivedAt(): number {
    return this.#takenAt
  }

  put(value: T): void {
    this.#putAt = performance.now()
    if (this.#waiting === null) {
      this.#newest = value
      return
    }
    const deliver = this.#waiting
    this.#waiting = null
    deliver(value)
  }

  clear(): void {
    this.#newest = null
  }

  /** The next value, or null when `timeoutMs` pass or the signal aborts first. One waiter at a time. */
  take(timeoutMs: number, signal?: AbortSignal): Promise<T | null> {
    if (signal?.aborted) return Promise.resolve(null)
    if (this.#newest !== null) {
      const value = this.#newest
      this.#newest = null
      this.#takenAt = this.#putAt
      return Promise.resolve(value)
    }
    return new Promise((resolve) => {
      const finish = (value: T | null): void => {
        clearTimeout(timer)
        signal?.removeEventListener('abort', onAbort)
        this.#waiting = null
        if (value !== null) this.#takenAt = this.#putAt
        resolve(value)
      }
      const onAbort = (): void => finish(null)
      const timer = setTimeout(() => finish(null), timeoutMs)
      signal?.addEventListener('abort', onAbort, { once: true })
      this.#waiting = finish
    })
  }
}
