import { setTimeout as sleep } from 'node:timers/promises'
import { Fault } from '../../common/fault.ts'
import { failed, type Result } from '../../common/result.ts'
import type { HidPort } from './hid-port.ts'

/** Reports → answers, or the fault of one that came damaged. */
export interface AnswerDecoder<A> {
  push(report: Uint8Array): readonly Result<A>[]
  /** Forgets what came before the question. */
  reset(): void
}

/**
 * Question and answer over input and output reports, one at a time. Nothing numbers an answer, so what comes while no
 * question waits is thrown away, and after a failure the device must be quiet before the next question.
 */
export class HidDialogue<A> {
  readonly #port: HidPort
  readonly #decoder: AnswerDecoder<A>
  #waiting: ((answer: Result<A>) => void) | null = null
  #accepts: (answer: A) => boolean = () => false
  #queue: Promise<unknown> = Promise.resolve()
  #ended: Fault | null = null
  #settled = true
  #lastReportAt = 0

  constructor(port: HidPort, decoder: AnswerDecoder<A>) {
    this.#port = port
    this.#decoder = decoder
    port.onReport((report) => {
      this.#lastReportAt = performance.now()
      for (const answer of decoder.push(report))
        if (!answer.ok || this.#accepts(answer.value)) this.#waiting?.(answer)
    })
    port.onClose((fault) => {
      this.#ended = fault ?? new Fault('PORT_CLOSED', `${port.path} was closed`)
      this.#waiting?.(failed(this.#ended))
    })
  }

  /** `CARD_TIMEOUT`, `PORT_LOST`, `PORT_CLOSED`, or the decoder's fault. */
  ask(
    reports: readonly Uint8Array[],
    accepts: (answer: A) => boolean,
    timeoutMs: number,
  ): Promise<Result<A>> {
    const turn = this.#queue.then(() => this.#exchange(reports, accepts, timeoutMs))
    this.#queue = turn
    return turn
  }

  async #exchange(
    reports: readonly Uint8Array[],
    accepts: (answer: A) => boolean,
    timeoutMs: number,
  ): Promise<Result<A>> {
    if (!this.#settled) await this.#settle()
    if (this.#ended !== null) return failed(this.#ended)
    this.#decoder.reset()
    const answer = new Promise<Result<A>>((resolve) => {
      this.#waiting = resolve
    })
    this.#accepts = accepts
    const silent = failed(new Fault('CARD_TIMEOUT', `${this.#port.path} gave no answer`))
    const timer = setTimeout(() => this.#waiting?.(silent), timeoutMs)
    const sent = await Promise.race([this.#port.sendReports(reports), answer])
    const result = sent.ok ? await answer : sent
    clearTimeout(timer)
    this.#waiting = null
    this.#accepts = () => false
    this.#settled = result.ok
    return result
  }

  async #settle(): Promise<void> {
    const latest = performance.now() + SETTLE_AT_MOST_MS
    for (;;) {
      const wait = Math.min(latest, this.#lastReportAt + QUIET_MS) - performance.now()
      if (wait <= 0) break
      await sleep(Math.ceil(wait))
    }
    this.#settled = true
  }
}

const QUIET_MS = 40
const SETTLE_AT_MOST_MS = 400
