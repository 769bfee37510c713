import { setTimeout as sleep } from 'node:timers/promises'
import { Fault } from '../../common/fault.ts'
import { failed, ok, type Result } from '../../common/result.ts'
import { isSimulatorSamNumber } from '../codec/sam-number.ts'
import { RefusalFault } from '../codec/status.ts'
import { SIMULATED_AREA } from '../driver/chip-card-reader.ts'
import type { CardReader, CardReading, ReaderIdentity } from '../reader.ts'

/** What a reader's library does, in the product's words. Faults `CARD_VENDOR_…` besides those that are named. */
export interface VendorCardSource {
  /** Opens the port, again after the library was lost. `PORT_OPEN`. */
  open(): Promise<Result<null>>
  /**
   * Finds and reads the card that lies there now; `onFound` as early as the library tells.
   * `CARD_NONE` when none does, or only one that was read already; `CARD_RECORD_…` when it says something wrong.
   */
  read(onFound: () => void): Promise<Result<CardContents>>
  /** Lets the reader forget what it has read, where its library can. */
  reset(): Promise<void>
  present(): Promise<boolean>
  close(): Promise<void>
}

/** What a card gave, before it is known which reader it lay on. */
export type CardContents = CardReading extends infer Reading
  ? Reading extends CardReading
    ? Pick<Reading, 'record' | 'token' | 'photo'>
    : never
  : never

export interface VendorReaderOptions {
  /** File of the library. */
  readonly library: string
  /** As vendors count: 1–16 serial ports, 1001–1016 USB. */
  readonly port: number
  /** A 32-bit Node for a 32-bit library on Windows. */
  readonly execPath?: string | undefined
  /** Pause between two finds while no card lies there, ms. */
  readonly pollMs?: number
}

/**
 * A reader behind a vendor's library: read from the start after every failure, four times, with one reset before the
 * last; a crashed or hung library is started and its port opened again meanwhile. A native call can't be
 * interrupted, so a read may end one call later than its time.
 */
export class VendorReader implements CardReader {
  readonly identity: ReaderIdentity
  readonly #source: VendorCardSource
  readonly #pollMs: number
  #open = true
  #queue: Promise<unknown> = Promise.resolve()

  /** `source` is open. */
  constructor(identity: ReaderIdentity, source: VendorCardSource, pollMs = 300) {
    this.identity = identity
    this.#source = source
    this.#pollMs = pollMs
  }

  /** Besides the faults of `VendorCardSource` and of the record: `CARD_NONE` when time is up, `CARD_ABORTED`. */
  read(options: Parameters<CardReader['read']>[0]): Promise<Result<CardReading>> {
    return this.#inTurn(() => this.#readUntil(performance.now() + options.timeoutMs, options))
  }

  cardPresent(): Promise<boolean> {
    return this.#inTurn(async () => this.#open && this.#source.present())
  }

  close(): Promise<void> {
    return this.#inTurn(() => this.#source.close())
  }

  async #readUntil(deadline: number, { signal, onFound }: ReadOptions): Promise<Result<CardReading>> {
    const startedAt = performance.now()
    let last: { fault: Fault; at: number } | null = null
    let failures = 0
    for (;;) {
      const tried = await this.#tryOnce(startedAt, onFound)
      if (tried.ok) return tried
      const now = performance.now()
      if (tried.fault.code !== 'CARD_NONE') {
        last = { fault: tried.fault, at: now }
        failures++
        if (failures >= TRIES || isFinal(tried.fault)) return tried
        if (failures === TRIES - 1) await this.#source.reset()
      } else if (last !== null && now - last.at > CARD_BACK_MS) return failed(last.fault)
      const wait = Math.min(this.#pollMs, deadline - performance.now())
      if (wait > 0) await sleep(wait, undefined, signal === undefined ? {} : { signal }).catch(() => {})
      if (signal?.aborted) return failed(new Fault('CARD_ABORTED', 'the read was cancelled'))
      if (performance.now() >= deadline) return failed(last?.fault ?? noCard())
    }
  }

  async #tryOnce(startedAt: number, onFound: ReadOptions['onFound']): Promise<Result<CardReading>> {
    const contents = await this.#contents(() => onFound?.())
    // A library that was lost has forgotten its port.
    if (!contents.ok && /^(CARD_VENDOR|PORT)_/.test(contents.fault.code)) this.#open = false
    if (!contents.ok) return contents
    return ok({
      ...contents.value,
      simulated: isSimulated(contents.value) || isSimulatorSamNumber(this.identity.samId),
      reader: this.identity,
      skippedBytes: 0,
      ms: Math.round(performance.now() - startedAt),
    })
  }

  async #contents(onFound: () => void): Promise<Result<CardContents>> {
    if (!this.#open) {
      const opened = await this.#source.open()
      if (!opened.ok) return opened
      this.#open = true
    }
    return this.#source.read(onFound)
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#queue.then(work)
    this.#queue = turn.catch(() => {})
    return turn
  }
}

type ReadOptions = Parameters<CardReader['read']>[0]

const TRIES = 4
/** A card that was moved during a read may come back this long before the person is told. */
const CARD_BACK_MS = 3_000

function isSimulated({ photo, token }: CardContents): boolean {
  return photo.format === 'simulated' || token?.identificationCode.startsWith(SIMULATED_AREA) === true
}

/** Nothing that another try would change. */
function isFinal(fault: Fault): boolean {
  return (
    /^(PORT_|CARD_RECORD_|CARD_TYPE_|CARD_(NOT|NEEDS|LOCKED|SSC)|CARD_VENDOR_(MISSING|SYMBOL|HELPER|CLOSED))/.test(
      fault.code,
    ) ||
    (fault instanceof RefusalFault && fault.advice === 'service')
  )
}

function noCard(): Fault {
  return new Fault('CARD_NONE', 'no card was laid on the reader in time')
}
