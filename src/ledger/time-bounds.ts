import type { LedgerEvent } from './event.ts'
import type { EventBounds, LogVerification } from './verification.ts'

/*
 * What receipts say of when things happened: an event is later than the last receipt before it, and earlier than the
 * first one that covers it. The station's own wall clock is only compared.
 */

/** A wall clock may be this far outside its bounds before it counts as contradicted. */
const TOLERANCE_MS = 5 * 60_000

/** Follows the events of a ledger, one after the other. */
export class TimeBounds {
  readonly #receipts: { readonly index: number; readonly size: number; readonly time: number }[] = []
  /** Wall clocks of the events that no receipt covers yet, from `#covered` on; those already told of are −∞. */
  #waiting: number[] = []
  #covered = 0
  #contradicted = 0

  visit({ index, time, type, data }: LedgerEvent): void {
    const after = this.#receipts.at(-1)?.time ?? Number.NEGATIVE_INFINITY
    const simulated = time.trust === 'simulated'
    const tooEarly = !simulated && time.wall < after - TOLERANCE_MS
    if (tooEarly) this.#contradicted++
    this.#waiting.push(simulated || tooEarly ? Number.NEGATIVE_INFINITY : time.wall)
    if (type !== 'receipt' || data.size > index) return
    this.#receipts.push({ index, size: data.size, time: data.time })
    const covers = Math.max(0, data.size - this.#covered)
    const seen = this.#waiting.slice(0, covers)
    this.#contradicted += seen.filter((wall) => wall > data.time + TOLERANCE_MS).length
    this.#waiting = this.#waiting.slice(covers)
    this.#covered += covers
  }

  /** `asked` is an index, or null. */
  bounds(asked: number | null): LogVerification['bounds'] {
    const times = this.#receipts.map(({ time }) => time)
    return {
      receipts: this.#receipts.length,
      covered: this.#covered,
      earliest: iso(times.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY)),
      latest: iso(times.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)),
      contradicted: this.#contradicted,
      event: asked === null ? null : this.#boundsOf(asked),
    }
  }

  #boundsOf(index: number): EventBounds {
    const after = this.#receipts.findLast((receipt) => receipt.index < index)
    const before = this.#receipts.find(({ size }) => size > index)
    return { index, after: iso(after?.time ?? Number.NaN), before: iso(before?.time ?? Number.NaN) }
  }
}

function iso(ms: number): string | null {
  const date = new Date(ms)
  return Number.isNaN(date.getTime()) ? null : date.toISOString()
}
