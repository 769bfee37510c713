import { Fault } from '../common/fault.ts'
import { failed, type Result } from '../common/result.ts'
import type { Identified, ToIdentify } from './identify.ts'

/**
 * The door's reader or camera lent to somebody else, one reading at a time: asked from outside, taken by the door when
 * it is free, and over at the latest when time is up.
 */
export class DoorLoan {
  #asked: ToIdentify | null = null
  #settle: (result: Result<Identified>) => void = () => {}

  /** What the door is asked for; null when nothing is. */
  get asked(): ToIdentify | null {
    return this.#asked
  }

  /** Waits for the door's answer. Faults: `STATION_NOT_NOW` while another loan lasts, `CARD_NONE` when time is up. */
  ask(asked: ToIdentify, patienceMs: number): Promise<Result<Identified>> {
    if (this.#asked !== null) {
      return Promise.resolve(failed(new Fault('STATION_NOT_NOW', 'the door is lent to somebody else')))
    }
    this.#asked = asked
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.end(), patienceMs)
      this.#settle = (result) => {
        clearTimeout(timer)
        resolve(result)
      }
    })
  }

  answer(result: Result<Identified>): void {
    this.#asked = null
    this.#settle(result)
  }

  /** Nobody came. Does nothing while nothing is lent. */
  end(): void {
    if (this.#asked !== null) this.answer(failed(new Fault('CARD_NONE', 'nobody came in time')))
  }
}
