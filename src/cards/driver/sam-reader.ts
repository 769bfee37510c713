import { Fault } from '../../common/fault.ts'
import { failed, ok, type Result } from '../../common/result.ts'
import { decodeAdditionalAddresses } from '../codec/additional-address.ts'
import { dialects, type SamCommand, type SamDialect } from '../codec/command.ts'
import type { Answer } from '../codec/frame.ts'
import { readPhotoBlock } from '../codec/photo.ts'
import { splitReadAnswer } from '../codec/read-answer.ts'
import { isSimulatorSamNumber } from '../codec/sam-number.ts'
import { RefusalFault } from '../codec/status.ts'
import { decodeTextRecord } from '../codec/text-record.ts'
import type { CardReader, CardReading, ReaderIdentity } from '../reader.ts'
import { pause } from './sam-clock.ts'
import type { SamLine } from './sam-line.ts'

export interface SamReaderOptions {
  /** Bits per second, for how long answers take on the wire. */
  readonly baudRate: number
  /** Pause between two finds while no card lies there, milliseconds. */
  readonly pollMs: number
  /** What the reader is asked with; the standard commands if left out. */
  readonly dialect?: SamDialect
}

/**
 * A reader with a SAM, over any line: find → select → read, from the start after every failure, at most three times;
 * then the SAM is reset once; then the fault is given back.
 */
export class SamReader implements CardReader {
  readonly identity: ReaderIdentity
  readonly #line: SamLine
  readonly #baudRate: number
  readonly #pollMs: number
  readonly #dialect: SamDialect
  #queue: Promise<unknown> = Promise.resolve()

  constructor(identity: ReaderIdentity, line: SamLine, options: SamReaderOptions) {
    this.identity = identity
    this.#line = line
    this.#baudRate = options.baudRate
    this.#pollMs = options.pollMs
    this.#dialect = options.dialect ?? dialects.standard
  }

  /**
   * Besides the faults of `SamLine.exchange` and of the record: `CARD_NONE` when time is up and no card lay there.
   * A record that came whole but is wrong is given back at once, because the card would say the same again.
   */
  read({ timeoutMs, signal, onFound }: ReadOptions): Promise<Result<CardReading>> {
    return this.#inTurn(() =>
      this.#readUntil({
        deadline: this.#now() + timeoutMs,
        signal,
        ...(onFound === undefined ? {} : { onFound }),
      }),
    )
  }

  cardPresent(): Promise<boolean> {
    return this.#inTurn(() => this.#probe())
  }

  onSign(listener: (fault: Fault | null) => void): void {
    this.#line.onSign(listener)
  }

  /**
   * The additional addresses of the card that was read last and still lies there, [] if it has none. Asked on demand:
   * no check needs them. `CARD_READ_FAILED` when the card is gone, `CARD_SAM_COMMAND` when the reader can't say.
   */
  additionalAddress(): Promise<Result<readonly string[]>> {
    return this.#inTurn(async () => {
      const { additionalAddress } = this.#dialect
      if (additionalAddress === null)
        return failed(new Fault('CARD_SAM_COMMAND', 'this reader does not give additional addresses'))
      const answer = await this.#ask(additionalAddress, Number.POSITIVE_INFINITY, undefined)
      return answer.ok ? decodeAdditionalAddresses(answer.value.data) : answer
    })
  }

  async close(): Promise<void> {
    await this.#line.transport.close()
  }

  async #readUntil(limits: ReadLimits): Promise<Result<CardReading>> {
    const { deadline, signal } = limits
    const before = { at: this.#now(), skippedBytes: this.#line.skippedBytes }
    const attempts = new Attempts()
    for (;;) {
      const tried = await this.#tryOnce(before, limits)
      if (tried.ok) return tried
      if (isAbsent(tried.fault)) {
        // A SAM gives each card once: after a damaged answer it must forget that it has read this one.
        if (attempts.mayBeHeldBack()) await this.#ask(this.#dialect.reset, deadline, signal)
        else if (attempts.personLeft(this.#now())) return failed(attempts.last ?? tried.fault)
      } else {
        const next = attempts.failed(tried.fault, this.#now())
        if (next === 'give-up') return tried
        if (next === 'reset') await this.#ask(this.#dialect.reset, deadline, signal)
      }
      const ended = await this.#rest(deadline, signal)
      if (ended !== null) return failed(ended.code === 'CARD_NONE' ? (attempts.last ?? ended) : ended)
    }
  }

  async #tryOnce(before: Before, { deadline, signal, onFound }: ReadLimits): Promise<Result<CardReading>> {
    const found = await this.#ask(this.#dialect.find, deadline, signal)
    // A find that the end of the whole read cut short says nothing against the reader.
    if (!found.ok && found.fault.code === 'CARD_TIMEOUT' && this.#now() >= deadline) return failed(noCard())
    if (!found.ok) return found
    const selected = await this.#ask(this.#dialect.select, deadline, signal)
    if (!selected.ok) return selected
    onFound?.()
    const answer = await this.#ask(this.#dialect.read, deadline, signal)
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
      token: null,
      photo,
      simulated: photo.format === 'simulated' || isSimulatorSamNumber(this.identity.samId),
      reader: this.identity,
      skippedBytes: this.#line.skippedBytes - before.skippedBytes,
      ms: Math.round(this.#now() - before.at),
    })
  }

  async #probe(): Promise<boolean> {
    const { probe } = this.#dialect
    // Without 30 03 nobody can tell; a card that lies on is not found again, so "gone" does no harm.
    if (probe === null) return false
    for (let attempt = 0; attempt < 2; attempt++) {
      const answer = await this.#ask(probe, Number.POSITIVE_INFINITY, undefined)
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
    const wait = Math.min(this.#pollMs, deadline - this.#now())
    if (wait > 0) await pause(this.#line.clock, wait, signal)
    if (signal?.aborted) return new Fault('CARD_ABORTED', 'the read was cancelled')
    if (this.#line.lost !== null) return this.#line.lost
    return this.#now() >= deadline ? noCard() : null
  }

  #now(): number {
    return this.#line.clock.now()
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#queue.then(work)
    this.#queue = turn.catch(() => {})
    return turn
  }
}

type ReadOptions = Parameters<CardReader['read']>[0]

interface ReadLimits extends Pick<ReadOptions, 'onFound'> {
  /** On the clock of the line. */
  readonly deadline: number
  readonly signal: AbortSignal | undefined
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
    code === 'CARD_TYPE_UNSUPPORTED' ||
    code === 'CARD_LAYOUT'
  )
}

function noCard(): Fault {
  return new Fault('CARD_NONE', 'no card was laid on the reader in time')
}
