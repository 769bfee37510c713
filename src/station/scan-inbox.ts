import type { Scan } from './scan-check.ts'

/**
 * Where a scanned code waits for the door. It takes one code, and only while the door waits for somebody: what is
 * scanned during another person's check is nobody's.
 */
export class ScanInbox {
  #waiting: AbortController | null = null
  #scan: Scan | null = null
  #ended = false

  /** The door waits for somebody. */
  get isWaiting(): boolean {
    return this.#waiting !== null
  }

  /** The door begins to wait; the signal ends its wait when a code comes. */
  open(): AbortSignal {
    this.#waiting = new AbortController()
    if (this.#ended) this.#waiting.abort()
    return this.#waiting.signal
  }

  /** The door waits no more: gives the code that came, and takes no other until it is opened again. */
  close(): Scan | null {
    const scan = this.#scan
    this.#scan = null
    this.#waiting = null
    return scan
  }

  /** False when the door does not wait, or another code was first. */
  offer(scan: Scan): boolean {
    if (this.#waiting === null || this.#waiting.signal.aborted) return false
    this.#scan = scan
    this.#waiting.abort()
    return true
  }

  /** Ends this wait without a code: the door is wanted for something else. False when it does not wait. */
  interrupt(): boolean {
    this.#waiting?.abort()
    return this.#waiting !== null
  }

  /** Ends every wait for good. */
  end(): void {
    this.#ended = true
    this.#waiting?.abort()
  }
}
