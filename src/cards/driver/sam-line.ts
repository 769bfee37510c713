import { setTimeout as sleep } from 'node:timers/promises'
import { Fault } from '../../common/fault.ts'
import { failed, type Result } from '../../common/result.ts'
import type { SamCommand } from '../codec/command.ts'
import type { Answer } from '../codec/frame.ts'
import { FrameParser } from '../codec/frame-parser.ts'
import { RefusalFault } from '../codec/status.ts'
import type { Transport } from '../transport/transport.ts'
import { PendingAnswer } from './pending-answer.ts'

/** What bounds one exchange. `deadline` is on the clock of `performance.now()`. */
export interface ExchangeLimits {
  readonly deadline: number
  readonly baudRate: number
  readonly signal?: AbortSignal | undefined
}

/**
 * Commands and answers over one transport, one at a time.
 *
 * The protocol numbers nothing, so an answer that comes late looks like the answer to the next command. Three things
 * keep them apart: input that came before a command is thrown away, after a failure the line must be quiet first, and
 * an answer counts only with the status and payload size of its command.
 */
export class SamLine {
  /** Good frames that answered no command that waited. */
  lateAnswers = 0
  /** Good frames of any kind: above zero, somebody there speaks the protocol at this speed. */
  goodFrames = 0

  readonly transport: Transport
  readonly #parser = new FrameParser('answer')
  #pending: PendingAnswer | null = null
  #lastByteAt = 0
  #settled = true
  #lost: Fault | null = null

  constructor(transport: Transport) {
    this.transport = transport
    transport.onData((chunk) => this.#take(chunk))
    transport.onClose((fault) => {
      this.#lost = fault ?? new Fault('PORT_CLOSED', `${transport.path} was closed`)
      this.#pending?.end(failed(this.#lost))
    })
  }

  /** Bytes that belonged to no frame so far. */
  get skippedBytes(): number {
    return this.#parser.skippedBytes
  }

  /** Why the line is gone, null while it is there. */
  get lost(): Fault | null {
    return this.#lost
  }

  /**
   * Sends a command and waits for its answer. Faults: a refusal of the SAM (`RefusalFault`), `CARD_TIMEOUT` (nothing
   * came), `CARD_TRUNCATED` (a frame began and didn't end), `CARD_CHECKSUM`, `PORT_LOST`, `PORT_CLOSED`, `CARD_ABORTED`.
   */
  async exchange(command: SamCommand, limits: ExchangeLimits): Promise<Result<Answer>> {
    if (!this.#settled) await this.#settle()
    if (this.#lost !== null) return failed(this.#lost)
    if (limits.signal?.aborted) return failed(aborted())
    this.#parser.reset()
    const patience = performance.now() + command.timeoutMs + wireMs(limits.baudRate)
    const pending = new PendingAnswer(command, Math.min(limits.deadline, patience), this.#parser)
    const abort = () => pending.end(failed(aborted()))
    limits.signal?.addEventListener('abort', abort, { once: true })
    this.#pending = pending
    this.transport.write(command.frame)
    const answer = await pending.result
    this.#pending = null
    limits.signal?.removeEventListener('abort', abort)
    this.#settled = answer.ok || answer.fault instanceof RefusalFault
    return answer
  }

  #take(chunk: Uint8Array): void {
    this.#lastByteAt = performance.now()
    const frames = this.#parser.push(chunk)
    const good = frames.filter(({ kind }) => kind === 'frame').length
    this.goodFrames += good
    this.lateAnswers += this.#pending === null ? good : this.#pending.take(frames)
  }

  /** Lets a late answer come to its end before the next command, so that it is thrown away whole. */
  async #settle(): Promise<void> {
    const latest = performance.now() + SETTLE_AT_MOST_MS
    for (;;) {
      const wait = Math.min(latest, this.#lastByteAt + QUIET_MS) - performance.now()
      if (wait <= 0) break
      await sleep(Math.ceil(wait))
    }
    this.#settled = true
  }
}

const QUIET_MS = 40
const SETTLE_AT_MOST_MS = 400

/** Time that the largest answer takes at ten bits a byte. */
function wireMs(baudRate: number): number {
  return Math.ceil((2_321 * 10 * 1000) / baudRate)
}

function aborted(): Fault {
  return new Fault('CARD_ABORTED', 'the read was cancelled')
}
