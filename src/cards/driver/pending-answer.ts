import { Fault } from '../../common/fault.ts'
import { failed, ok, type Result } from '../../common/result.ts'
import type { SamCommand } from '../codec/command.ts'
import { type Answer, decodeAnswer } from '../codec/frame.ts'
import type { FrameParser, ParsedFrame } from '../codec/frame-parser.ts'
import { isRefusal, RefusalFault } from '../codec/status.ts'
import type { LineClock } from './sam-clock.ts'
import type { OwedAnswers } from './sam-owed-answers.ts'

/** What a pending answer shares with its line. */
export interface LineState {
  readonly parser: FrameParser
  readonly owed: OwedAnswers
  readonly clock: LineClock
}

/** Points in time on the clock of the line. */
export interface Patience {
  /** By then the first byte of an answer should have come. */
  readonly answer: number
  /** The caller's last word. */
  readonly deadline: number
}

/** One command that was sent and waits. Ends exactly once: by its answer, by time, or from outside by `end`. */
export class PendingAnswer {
  readonly result: Promise<Result<Answer>>

  readonly #command: SamCommand
  readonly #until: Patience
  readonly #line: LineState
  #resolve: (result: Result<Answer>) => void = () => {}
  #callOff: () => void = () => {}
  #lastByteAt: number
  #heard = false
  #damaged = false
  #ended = false

  constructor(command: SamCommand, until: Patience, line: LineState) {
    this.#command = command
    this.#until = until
    this.#line = line
    this.#lastByteAt = line.clock.now()
    this.result = new Promise((resolve) => {
      this.#resolve = resolve
    })
    this.#watch()
  }

  /** What the line brought. Gives the number of good frames among it that were answers to something else. */
  take(frames: readonly ParsedFrame[]): number {
    this.#lastByteAt = this.#line.clock.now()
    this.#heard = true
    const foreign = frames.filter((frame) => !this.#consider(frame)).length
    if (!this.#ended) this.#watch()
    return foreign
  }

  end(result: Result<Answer>): void {
    this.#callOff()
    this.#ended = true
    this.#resolve(result)
  }

  /** Whether the frame was this command's business. */
  #consider(frame: ParsedFrame): boolean {
    if (frame.kind === 'damaged') {
      this.#damaged = true
      return true
    }
    const answer = decodeAnswer(frame.body)
    if (this.#ended || answer === null) return false
    if (this.#command.succeeded(answer) && !this.#isSomebodyElses()) this.end(ok(answer))
    else if (this.#isOwnRefusal(answer)) this.end(failed(new RefusalFault(answer.status)))
    else if (this.#isMisshapen(answer))
      this.end(failed(new Fault('CARD_LAYOUT', 'the answer has a size that no card gives')))
    return this.#ended
  }

  /** Whether what looks like a success may be the answer to a command before, about the card before. */
  #isSomebodyElses(): boolean {
    const { name, personal } = this.#command
    return personal && this.#line.owed.pay(name, this.#line.clock.now())
  }

  #isOwnRefusal({ status, data }: Answer): boolean {
    return data.length === 0 && isRefusal(status) && !this.#command.foreignRefusals.includes(status)
  }

  /** A read that succeeded with a size that neither it nor a late answer to another command has. */
  #isMisshapen(answer: Answer): boolean {
    const { status, data } = answer
    if (this.#command.name !== 'read' || status !== SUCCESS || this.#command.succeeded(answer)) return false
    return data.length > LARGEST_OTHER_ANSWER && data.length % ADDRESS_BYTES !== 0
  }

  #watch(): void {
    this.#callOff()
    const { clock } = this.#line
    const wait = Math.min(this.#until.deadline, this.#quietUntil()) - clock.now()
    if (wait > 0) this.#callOff = clock.after(Math.ceil(wait), () => this.#watch())
    else this.#giveUp()
  }

  /** Until when the line may be quiet before waiting on makes no sense. */
  #quietUntil(): number {
    // Noise can look like the start of a frame, so a good one may follow a damaged one.
    if (this.#damaged) return Math.min(this.#until.answer, this.#lastByteAt + AFTER_DAMAGE_MS)
    // An answer that has begun may take its time, as long as its pieces keep coming.
    if (this.#line.parser.midFrame) return this.#lastByteAt + MID_FRAME_MS
    // Single bytes may be the head of an answer; noise that never ends must not be waited for.
    const stirred = Math.min(this.#lastByteAt + PIECE_MS, this.#until.answer + MID_FRAME_MS)
    return this.#heard ? Math.max(this.#until.answer, stirred) : this.#until.answer
  }

  #giveUp(): void {
    const brokenOff = this.#line.parser.midFrame
    for (const frame of this.#line.parser.abandonPending()) this.#consider(frame)
    if (this.#ended) return
    if (this.#damaged) this.end(failed(new Fault('CARD_CHECKSUM', "the answer's checksum is wrong")))
    else if (brokenOff) this.end(failed(new Fault('CARD_TRUNCATED', 'the answer broke off')))
    else this.end(failed(new Fault('CARD_TIMEOUT', `the reader gave no answer to "${this.#command.name}"`)))
  }
}

const SUCCESS = 0x90
/** The SAM's management number, 16 bytes, is the largest answer that no card gives. */
const LARGEST_OTHER_ANSWER = 16
/** Additional addresses come in items of 70 bytes. */
const ADDRESS_BYTES = 70
const AFTER_DAMAGE_MS = 150
/** Slow bridges have been seen to cut a frame into pieces a second apart. */
const MID_FRAME_MS = 1_500
/** Between two pieces of a head. */
const PIECE_MS = 700
