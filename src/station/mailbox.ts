/**
 * Holds the newest thing put in and hands it to whoever waits: camera frames and answers from a screen, where
 * an old one is worth nothing once a newer one is there.
 */
export class Mailbox<T> {
  #newest: T | null = null
  #waiting: ((value: T) => void) | null = null

  put(value: T): void {
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
      return Promise.resolve(value)
    }
    return new Promise((resolve) => {
      const finish = (value: T | null): void => {
        clearTimeout(timer)
        signal?.removeEventListener('abort', onAbort)
        this.#waiting = null
        resolve(value)
      }
      const onAbort = (): void => finish(null)
      const timer = setTimeout(() => finish(null), timeoutMs)
      signal?.addEventListener('abort', onAbort, { once: true })
      this.#waiting = finish
    })
  }
}
