import { Fault } from '../../common/fault.ts'
import { failed, ok, type Result } from '../../common/result.ts'
import type { SamCommand } from '../codec/command.ts'
import { type Answer, decodeAnswer } from '../codec/frame.ts'
import type { FrameParser, ParsedFrame } from '../codec/frame-parser.ts'
import { RefusalFault } from '../codec/status.ts'

/** One command that was sent and waits. Ends exactly once: by its answer, by time, or from outside by `end`. */
export class PendingAnswer {
  readonly result: Promise<Result<Answer>>

  readonly #command: SamCommand
  readonly #deadline: number
  readonly #parser: FrameParser
  #resolve: (result: Result<Answer>) => void = () => {}
  #timer: NodeJS.Timeout | undefined
  #lastByteAt = performance.now()
  #damaged = false
  #ended = false

  constructor(command: SamCommand, deadline: number, parser: FrameParser) {
    this.#command = command
    this.#deadline = deadline
    this.#parser = parser
    this.result = new Promise((resolve) => {
      this.#resolve = resolve
    })
    this.#watch()
  }

  /** What the line brought. Gives the number of good frames among it that were answers to something else. */
  take(frames: readonly ParsedFrame[]): number {
    this.#lastByteAt = performance.now()
    const foreign = frames.filter((frame) => !this.#consider(frame)).length
    if (!this.#ended) this.#watch()
    return foreign
  }

  end(result: Result<Answer>): void {
    clearTimeout(this.#timer)
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
    if (this.#command.succeeded(answer)) this.end(ok(answer))
    else if (this.#isOwnRefusal(answer)) this.end(failed(new RefusalFault(answer.status)))
    return this.#ended
  }

  #isOwnRefusal({ status, data }: Answer): boolean {
    return data.length === 0 && !this.#command.foreignRefusals.includes(status)
  }

  #watch(): void {
    clearTimeout(this.#timer)
    const wait = Math.min(this.#deadline, this.#lastByteAt + this.#patienceMs()) - performance.now()
    if (wait > 0) this.#timer = setTimeout(() => this.#watch(), Math.ceil(wait))
    else this.#giveUp()
  }

  /** How long the line may be quiet before waiting on makes no sense. */
  #patienceMs(): number {
    // Noise can look like the start of a frame, so a good one may follow a damaged one.
    if (this.#damaged) return AFTER_DAMAGE_MS
    return this.#parser.midFrame ? MID_FRAME_MS : Number.POSITIVE_INFINITY
  }

  #giveUp(): void {
    const brokenOff = this.#parser.midFrame
    for (const frame of this.#parser.abandonPending()) this.#consider(frame)
    if (this.#ended) return
    if (this.#damaged) this.end(failed(new Fault('CARD_CHECKSUM', "the answer's checksum is wrong")))
    else if (brokenOff) this.end(failed(new Fault('CARD_TRUNCATED', 'the answer broke off')))
    else this.end(failed(new Fault('CARD_TIMEOUT', `the reader gave no answer to "${this.#command.name}"`)))
  }
}

const AFTER_DAMAGE_MS = 150
/** Slow bridges have been seen to cut a frame into pieces a second apart. */
const MID_FRAME_MS = 1_500
