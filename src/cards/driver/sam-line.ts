import { Fault } from '../../common/fault.ts'
import { failed, type Result } from '../../common/result.ts'
import type { SamCommand } from '../codec/command.ts'
import type { Answer, Checksum } from '../codec/frame.ts'
import { FrameParser } from '../codec/frame-parser.ts'
import { RefusalFault } from '../codec/status.ts'
import type { Transport } from '../transport/transport.ts'
import { type LineState, PendingAnswer } from './pending-answer.ts'
import { type LineClock, pause, systemClock } from './sam-clock.ts'
import { OwedAnswers } from './sam-owed-answers.ts'

/** What bounds one exchange. `deadline` is on the clock of the line, by default that of `performance.now()`. */
export interface ExchangeLimits {
  readonly deadline: number
  readonly baudRate: number
  readonly signal?: AbortSignal | undefined
}

/**
 * Commands and answers over one transport, one at a time.
 *
 * The protocol numbers nothing, so an answer that comes late looks like the answer to the next command. Four things
 * keep them apart: input that came before a command is thrown away, after a failure the line must be quiet first, an
 * answer counts only with the status and payload size of its command, and while an answer of the same kind is owed,
 * what a card says isn't believed.
 */
export class SamLine {
  /** Good frames that answered no command that waited. */
  lateAnswers = 0
  /** Good frames of any kind: above zero, somebody there speaks the protocol at this speed. */
  goodFrames = 0

  readonly transport: Transport
  readonly clock: LineClock
  readonly #state: LineState
  #pending: PendingAnswer | null = null
  #lastByteAt = Number.NEGATIVE_INFINITY
  #settled = true
  #lost: Fault | null = null
  #onSign: ((fault: Fault | null) => void) | null = null
  #isSilent = false
  /** Runs from the first command that nothing has answered. */
  #silence: (() => void) | null = null

  constructor(transport: Transport, options: { checksums?: readonly Checksum[]; clock?: LineClock } = {}) {
    this.transport = transport
    this.clock = options.clock ?? systemClock
    const parser = new FrameParser('answer', options.checksums)
    this.#state = { parser, owed: new OwedAnswers(), clock: this.clock }
    transport.onData((chunk) => this.#take(chunk))
    transport.onClose((fault) => {
      this.#lost = fault ?? new Fault('PORT_CLOSED', `${transport.path} was closed`)
      this.#heard()
      if (fault !== null) this.#onSign?.(fault)
      this.#pending?.end(failed(this.#lost))
    })
  }

  /** Bytes that belonged to no frame so far. */
  get skippedBytes(): number {
    return this.#state.parser.skippedBytes
  }

  /** Why the line is gone, null while it is there. */
  get lost(): Fault | null {
    return this.#lost
  }

  /** See `CardReader.onSign`. Watched by the clock and not by the end of a command, because a caller may end it sooner. */
  onSign(listener: (fault: Fault | null) => void): void {
    this.#onSign = listener
    if (this.#lost !== null) listener(this.#lost)
  }

  /**
   * Sends a command and waits for its answer. Faults: a refusal of the SAM (`RefusalFault`), `CARD_TIMEOUT` (nothing
   * came), `CARD_TRUNCATED` (a frame began and didn't end), `CARD_CHECKSUM`, `PORT_LOST`, `PORT_CLOSED`, `CARD_ABORTED`.
   */
  async exchange(command: SamCommand, limits: ExchangeLimits): Promise<Result<Answer>> {
    if (!this.#settled) await this.#settle()
    if (this.#lost !== null) return failed(this.#lost)
    if (limits.signal?.aborted) return failed(aborted())
    this.#state.parser.reset()
    const sentAt = this.clock.now()
    // A reader that hung is asked more often, so that it is found soon when it is back.
    const patience = this.#isSilent ? command.timeoutMs / 2 : command.timeoutMs
    const answer = sentAt + patience + wireMs(limits.baudRate)
    const pending = new PendingAnswer(command, { answer, deadline: limits.deadline }, this.#state)
    const abort = () => pending.end(failed(aborted()))
    limits.signal?.addEventListener('abort', abort, { once: true })
    this.#pending = pending
    this.#expectAnswer(command)
    this.transport.write(command.frame)
    const result = await pending.result
    this.#pending = null
    limits.signal?.removeEventListener('abort', abort)
    this.#settled = result.ok || result.fault instanceof RefusalFault
    if (result.ok) this.#state.owed.succeeded(command.name)
    else if (!this.#settled) this.#state.owed.add(command.name, sentAt)
    return result
  }

  #take(chunk: Uint8Array): void {
    this.#lastByteAt = this.clock.now()
    this.#heard()
    const frames = this.#state.parser.push(chunk)
    const good = frames.filter(({ kind }) => kind === 'frame').length
    this.goodFrames += good
    if (good > 0 && this.#isSilent) {
      this.#isSilent = false
      this.#onSign?.(null)
    }
    this.lateAnswers += this.#pending === null ? good : this.#pending.take(frames)
  }

  #expectAnswer({ name, timeoutMs }: SamCommand): void {
    if (this.#onSign === null || this.#isSilent || this.#silence !== null) return
    this.#silence = this.clock.after(timeoutMs * SILENT_SHARE, () => {
      this.#silence = null
      this.#isSilent = true
      this.#onSign?.(new Fault('CARD_READER_SILENT', `the reader gave no answer to "${name}"`))
    })
  }

  #heard(): void {
    this.#silence?.()
    this.#silence = null
  }

  /** Lets a late answer come to its end before the next command, so that it is thrown away whole. */
  async #settle(): Promise<void> {
    const latest = this.clock.now() + SETTLE_AT_MOST_MS
    for (;;) {
      const wait = Math.min(latest, this.#lastByteAt + QUIET_MS) - this.clock.now()
      if (wait <= 0) break
      await pause(this.clock, Math.ceil(wait))
    }
    this.#settled = true
  }
}

/** Of the time that a command may take: the longest answers seen took two thirds of it. */
const SILENT_SHARE = 0.8
const QUIET_MS = 40
const SETTLE_AT_MOST_MS = 400

/** Time that the largest answer takes at ten bits a byte. */
function wireMs(baudRate: number): number {
  return Math.ceil((2_321 * 10 * 1000) / baudRate)
}

function aborted(): Fault {
  return new Fault('CARD_ABORTED', 'the read was cancelled')
}
