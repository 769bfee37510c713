import { Mailbox } from './mailbox.ts'
import type { Command, Refused, Screen } from './protocol.ts'

interface Answer {
  readonly command: Command
  /** Tells the window whether its command was done. */
  readonly reply: (refused: Refused | null) => void
}

/** Which commands each screen waits for. Every other command is refused at once. */
const expected: Partial<Record<Screen, ReadonlySet<Command['type']>>> = {
  consent: new Set(['consent', 'cancel']),
  witness: new Set(['witness', 'cancel']),
  enrol: new Set(['enrol', 'cancel']),
  looking: new Set(['cancel']),
  prompt: new Set(['cannot', 'cancel']),
  light: new Set(['painted', 'cancel']),
}

/** Carries what people tap to the check that waits for it, and the check's reply back to their window. */
export class Answers {
  readonly #box = new Mailbox<Answer>()

  /** Called for a window. Resolves when the check has dealt with the command. */
  offer(command: Command, screen: Screen): Promise<Refused | null> {
    if (!expected[screen]?.has(command.type)) {
      return Promise.resolve({ type: 'refused', command: command.type, code: 'STATION_NOT_NOW' })
    }
    return new Promise((reply) => this.#box.put({ command, reply }))
  }

  /** Called by the check. Null when nobody answers in time. */
  async wait(timeoutMs: number, signal: AbortSignal): Promise<Answer | null> {
    return this.#box.take(timeoutMs, signal)
  }

  /** Drops an answer that came too late for the screen it was meant for. */
  clear(): void {
    this.#box.clear()
  }
}
