import { setTimeout as sleep } from 'node:timers/promises'
import { Fault } from '../../common/fault.ts'
import { failed, ok, type Result } from '../../common/result.ts'
import { FIND, PROBE, READ, RESET, type SamCommand, SELECT } from '../codec/command.ts'
import type { Answer } from '../codec/frame.ts'
import { readPhotoBlock } from '../codec/photo.ts'
import { splitReadAnswer } from '../codec/read-answer.ts'
import { isSimulatorSamNumber } from '../codec/sam-number.ts'
import { RefusalFault } from '../codec/status.ts'
import { decodeTextRecord } from '../codec/text-record.ts'
import type { CardReader, CardReading, ReaderIdentity } from '../reader.ts'
import type { SamLine } from './sam-line.ts'

/**
 * A reader with a SAM, over any line: find → select → read, from the start after every failure, at most three times;
 * then the SAM is reset once; then the fault is given back.
 */
export class SamReader implements CardReader {
  readonly identity: ReaderIdentity
  readonly #line: SamLine
  readonly #baudRate: number
  readonly #pollMs: number
  #queue: Promise<unknown> = Promise.resolve()

  constructor(identity: ReaderIdentity, line: SamLine, speed: { baudRate: number; pollMs: number }) {
    this.identity = identity
    this.#line = line
    this.#baudRate = speed.baudRate
    this.#pollMs = speed.pollMs
  }

  /**
   * Besides the faults of `SamLine.exchange` and of the record: `CARD_NONE` when time is up and no card lay there.
   * A record that came whole but is wrong is given back at once, because the card would say the same again.
   */
  read(options: { timeoutMs: number; signal?: AbortSignal }): Promise<Result<CardReading>> {
    return this.#inTurn(() => this.#readUntil(performance.now() + options.timeoutMs, options.signal))
  }

  cardPresent(): Promise<boolean> {
    return this.#inTurn(() => this.#probe())
  }

  async close(): Promise<void> {
    await this.#line.transport.close()
  }

  async #readUntil(deadline: number, signal: AbortSignal | undefined): Promise<Result<CardReading>> {
    const before = { at: performance.now(), skippedBytes: this.#line.skippedBytes }
    const attempts = new Attempts()
    for (;;) {
      const tried = await this.#tryOnce(before, deadline, signal)
      if (tried.ok) return tried
      if (isAbsent(tried.fault)) {
        // A SAM gives each card once: after a damaged answer it must forget that it has read this one.
        if (attempts.mayBeHeldBack()) await this.#ask(RESET, deadline, signal)
        else if (attempts.personLeft(performance.now())) return failed(attempts.last ?? tried.fault)
      } else {
        const next = attempts.failed(tried.fault, performance.now())
        if (next === 'give-up') return tried
        if (next === 'reset') await this.#ask(RESET, deadline, signal)
      }
      const ended = await this.#rest(deadline, signal)
      if (ended !== null) return failed(ended.code === 'CARD_NONE' ? (attempts.last ?? ended) : ended)
    }
  }

  async #tryOnce(
    before: Before,
    deadline: number,
    signal: AbortSignal | undefined,
  ): Promise<Result<CardReading>> {
    const found = await this.#ask(FIND, deadline, signal)
    // A find that the end of the whole read cut short says nothing against the reader.
    if (!found.ok && found.fault.code === 'CARD_TIMEOUT' && performance.now() >= deadline)
      return failed(noCard())
    if (!found.ok) return found
    const selected = await this.#ask(SELECT, deadline, signal)
    if (!selected.ok) return selected
    const answer = await this.#ask(READ, deadline, signal)
    if (!answer.ok) return answer
    return this.#interpret(answer.value, before)
  }

  #interpret(answer: Answer, before: Before): Result<CardReading> {
    const blocks = splitReadAnswer(answer.data)
    if (!blocks.ok) return blocks
    const record = decodeTextRecord(blocks.value.text)
    if (!record.ok) return record
    const photo = readPhotoBlock(blocks.value.photo)
    return ok({
      record: record.value,
      photo,
      simulated: photo.format === 'simulated' || isSimulatorSamNumber(this.identity.samId),
      reader: this.identity,
      skippedBytes: this.#line.skippedBytes - before.skippedBytes,
      ms: Math.round(performance.now() - before.at),
    })
  }

  async #probe(): Promise<boolean> {
    for (let attempt = 0; attempt < 2; attempt++) {
      const answer = await this.#ask(PROBE, Number.POSITIVE_INFINITY, undefined)
      if (answer.ok) return true
      if (answer.fault instanceof RefusalFault || this.#line.lost !== null) return false
    }
    return false
  }

  #ask(command: SamCommand, deadline: number, signal: AbortSignal | undefined): Promise<Result<Answer>> {
    return this.#line.exchange(command, { deadline, baudRate: this.#baudRate, signal })
  }

  /** Waits for the next try; says why there is none. */
  async #rest(deadline: number, signal: AbortSignal | undefined): Promise<Fault | null> {
    const wait = Math.min(this.#pollMs, deadline - performance.now())
    if (wait > 0) await sleep(wait, undefined, signal === undefined ? {} : { signal }).catch(() => {})
    if (signal?.aborted) return new Fault('CARD_ABORTED', 'the read was cancelled')
    if (this.#line.lost !== null) return this.#line.lost
    return performance.now() >= deadline ? noCard() : null
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#queue.then(work)
    this.#queue = turn.catch(() => {})
    return turn
  }
}

/** Where clock and line stood when the read began. */
interface Before {
  readonly at: number
  readonly skippedBytes: number
}

/** Tries that failed on the card that lies there now. */
class Attempts {
  last: Fault | null = null
  #failures = 0
  #failedAt = 0
  #wasReset = false
  #resetForCard = true

  failed(fault: Fault, now: number): 'again' | 'reset' | 'give-up' {
    const advice = fault instanceof RefusalFault ? fault.advice : 'retry'
    if (isFinal(fault) || advice === 'service') return 'give-up'
    this.last = fault
    this.#failedAt = now
    this.#failures++
    this.#resetForCard = fault instanceof RefusalFault
    if (!this.#wasReset && (advice === 'reset' || this.#failures >= TRIES)) {
      this.#wasReset = true
      return 'reset'
    }
    return this.#failures > TRIES ? 'give-up' : 'again'
  }

  /** No card is found, though its answer was damaged on the line a moment ago: worth one reset for each damage. */
  mayBeHeldBack(): boolean {
    if (this.#resetForCard) return false
    this.#resetForCard = true
    return true
  }

  personLeft(now: number): boolean {
    return this.last !== null && now - this.#failedAt > CARD_BACK_MS
  }
}

const TRIES = 3
/** A card that was moved during a read may come back this long before the person is told. */
const CARD_BACK_MS = 3_000

function isAbsent(fault: Fault): boolean {
  return fault.code === 'CARD_NONE'
}

/** Nothing that another try would change: the port is gone, or the card came whole and says something wrong. */
function isFinal({ code }: Fault): boolean {
  return (
    code === 'CARD_ABORTED' ||
    code.startsWith('PORT_') ||
    code.startsWith('CARD_RECORD_') ||
    code === 'CARD_TYPE_UNSUPPORTED'
  )
}

function noCard(): Fault {
  return new Fault('CARD_NONE', 'no card was laid on the reader in time')
}
