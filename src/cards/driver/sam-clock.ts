/** Time as the driver and the simulator see it, so that a day of cards can pass in a minute. */
export interface LineClock {
  /** Milliseconds since any moment; never goes back. */
  now(): number
  /** Calls back once, not before `ms` have passed; the function given back calls it off. */
  after(ms: number, callback: () => void): () => void
}

/** The clock of `performance.now()` and `setTimeout`. */
export const systemClock: LineClock = {
  now: () => performance.now(),
  after: (ms, callback) => {
    const timer = setTimeout(callback, ms)
    return () => clearTimeout(timer)
  },
}

/** Resolves after `ms`, or at once when the signal aborts. */
export function pause(clock: LineClock, ms: number, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted) return Promise.resolve()
  return new Promise((resolve) => {
    const end = () => {
      callOff()
      signal?.removeEventListener('abort', end)
      resolve()
    }
    const callOff = clock.after(ms, end)
    signal?.addEventListener('abort', end, { once: true })
  })
}
