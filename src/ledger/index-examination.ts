import type { LedgerEvent } from './event.ts'
import { sessionOf } from './event-index.ts'
import type { Evidence } from './evidence.ts'
import type { LogProblem } from './verification.ts'

/**
 * Compares a file's index of events, if it has one, with the events. Nothing rests on it here, but a station that starts
 * reads by it who consented and who is on a roster. Takes five bytes an event.
 */
export class IndexExamination {
  readonly #types = new Map<string, number>()
  readonly #sessions = new Map<string, number>()
  /** By event: number of the type, 0 where its entry was found; and number of the session. */
  #typeOf = new Uint8Array(4_096)
  #sessionOf = new Uint32Array(4_096)
  #size = 0

  visit(event: LedgerEvent): void {
    if (this.#size === this.#typeOf.length) this.#grow()
    this.#typeOf[this.#size] = numberOf(this.#types, event.type)
    this.#sessionOf[this.#size] = numberOf(this.#sessions, sessionOf(event))
    this.#size++
  }

  /** Once every event went by. */
  problem(evidence: Evidence): LogProblem | null {
    let found = 0
    for (const { type, session, indices } of evidence.indexedKinds() ?? []) {
      const [typeNumber, sessionNumber] = [this.#types.get(type), this.#sessions.get(session)]
      for (const index of indices) {
        const isTrue =
          index < this.#size && typeNumber === this.#typeOf[index] && sessionNumber === this.#sessionOf[index]
        if (!isTrue) return altered(`calls event ${index} another kind than it is`)
        this.#typeOf[index] = 0
        found++
      }
    }
    if (found === this.#size || evidence.indexedKinds() === null) return null
    return altered(`leaves out event ${this.#typeOf.subarray(0, this.#size).findIndex((type) => type !== 0)}`)
  }

  #grow(): void {
    const [types, sessions] = [this.#typeOf, this.#sessionOf]
    this.#typeOf = new Uint8Array(types.length * 2)
    this.#typeOf.set(types)
    this.#sessionOf = new Uint32Array(sessions.length * 2)
    this.#sessionOf.set(sessions)
  }
}

/** Numbers from 1 on, in the order in which names come. */
function numberOf(known: Map<string, number>, name: string): number {
  const number = known.get(name) ?? known.size + 1
  known.set(name, number)
  return number
}

function altered(what: string): LogProblem {
  const detail = `the index of events ${what}; the events are as they were signed`
  return { code: 'altered', index: null, detail }
}
