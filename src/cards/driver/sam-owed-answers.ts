import type { SamCommandName } from '../codec/command.ts'

/**
 * Answers that a SAM still owes, because nobody waited for them any longer.
 *
 * A SAM works through its commands in order. So when a command succeeds of whose kind nothing is owed, everything older
 * has come or never will. While something of its kind is owed, an answer may be the older one: harmless for a find or
 * a select, whose successor brings it to light, but it must not pass where it says something of a person.
 */
export class OwedAnswers {
  #owed: { readonly name: SamCommandName; readonly sentAt: number }[] = []

  /** A command was given up before it was answered. */
  add(name: SamCommandName, sentAt: number): void {
    this.#owed.push({ name, sentAt })
  }

  /** Whether an answer to this kind may be the one that is owed. Takes it as paid if so. */
  pay(name: SamCommandName, now: number): boolean {
    this.#owed = this.#owed.filter(({ sentAt }) => now - sentAt < FORGOTTEN_MS)
    const at = this.#owed.findIndex((owed) => owed.name === name)
    if (at < 0) return false
    this.#owed.splice(at, 1)
    return true
  }

  /** A command of this kind succeeded. */
  succeeded(name: SamCommandName): void {
    if (!this.#owed.some((owed) => owed.name === name)) this.#owed = []
  }
}

/** No SAM is this far behind: the longest command takes three and a half seconds. */
const FORGOTTEN_MS = 15_000
