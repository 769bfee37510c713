const FIRST_MS = 1000
const CAP_MS = 5 * 60_000
/** A collector can ask for patience, but not silence a station for ever. */
const LONGEST_RETRY_AFTER_MS = 60 * 60_000

/**
 * How long to wait before the next attempt, ms: a uniform draw from zero to a bound that doubles with each failure
 * up to five minutes ("full jitter", so that a hundred stations don't return at the same moment), and never sooner
 * than the collector asked. `failures` counts from 1; `random` is in [0, 1).
 */
export function backoff(failures: number, retryAfterMs: number | null, random: number): number {
  const bound = Math.min(CAP_MS, FIRST_MS * 2 ** Math.min(failures, 30))
  return Math.round((retryAfterMs ?? 0) + random * bound)
}

/** `Retry-After` (RFC 9110 §10.2.3: seconds or a date) in ms from `now`; null when absent or meaningless. */
export function retryAfter(header: string | undefined, now: number): number | null {
  if (header === undefined) return null
  const wait = /^\d{1,9}$/.test(header)
    ? Number(header) * 1000
    : // Date.parse alone makes a date of almost anything.
      (header.endsWith(' GMT') ? Date.parse(header) : Number.NaN) - now
  return Number.isNaN(wait) ? null : Math.min(Math.max(wait, 0), LONGEST_RETRY_AFTER_MS)
}
