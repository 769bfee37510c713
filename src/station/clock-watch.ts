import type { EventInput, EventTime, LedgerEvent } from '../ledger/event.ts'
import { clockJump, isBent, JUMP_TOLERANCE_MS } from './clock.ts'

/**
 * Tells what the clock did since the last record: a jump against the kernel's time since boot; many small steps that
 * add up to one; and a process that is shown another time than the kernel has. Each is an event, never a silent fix.
 */
export class ClockWatch {
  #last: EventTime | null = null
  /** From where small steps are added up: the first record of this boot, or the last one that told of the clock. */
  #anchor: EventTime | null = null
  /** The deviation that was told of last, ms. */
  #bent = 0

  /** Takes in a record of the ledger. */
  apply({ type, time, data }: LedgerEvent): void {
    const told = type === 'clock.jump' || type === 'clock.drift'
    if (told || this.#anchor?.boot !== time.boot) this.#anchor = time
    if (type === 'clock.bent') this.#bent = data.processMs - data.kernelMs
    this.#last = time
  }

  /** What has to be recorded before a record of this moment; nothing while all agrees. */
  check(now: EventTime, deviation: number | null): EventInput[] {
    if (now.trust === 'simulated') return []
    const found: EventInput[] = []
    const jump = this.#last === null ? null : clockJump(this.#last, now)
    if (jump !== null) found.push({ type: 'clock.jump', data: jump })
    const drift = this.#anchor?.boot === now.boot ? clockJump(this.#anchor, now) : null
    if (jump === null && drift !== null) found.push({ type: 'clock.drift', data: drift })
    if (deviation !== null && this.#isNews(deviation)) {
      const kernelMs = Math.max(0, Math.round(now.wall - deviation))
      found.push({ type: 'clock.bent', data: { processMs: now.wall, kernelMs } })
    }
    return found
  }

  /** A clock that is bent further, or straight again. */
  #isNews(deviation: number): boolean {
    const told = Math.abs(this.#bent) > JUMP_TOLERANCE_MS
    if (isBent(deviation) !== told) return true
    return told && Math.abs(deviation - this.#bent) > JUMP_TOLERANCE_MS
  }
}
