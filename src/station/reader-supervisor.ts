import type { CardReader, ReaderIdentity } from '../cards/reader.ts'
import type { Fault } from '../common/fault.ts'
import type { Result } from '../common/result.ts'
import { Backoff, type DeviceHealth, healthOf } from './device-supervision.ts'
import { pause } from './pause.ts'

/** Opens the configured reader, or says why not. */
export type OpenReader = () => Promise<Result<CardReader>>

export interface ReaderSupervision {
  /** How long a reader that is open and silent is left to wake up before it is opened anew, milliseconds. */
  readonly silentMs?: number
}

/** Opening anew searches every speed, which takes longer than most readers need to come back by themselves. */
const SILENT_MS = 10_000
const STEADY_MS = 5_000

/**
 * Keeps one reader open and knows how it is, whether or not anybody reads: opens it, opens it again with backoff after
 * it was lost, and hears from the reader itself when it is gone or leaves a command unanswered.
 */
export class ReaderSupervisor {
  readonly #open: OpenReader
  readonly #silentMs: number
  readonly #stop = new AbortController()
  #reader: CardReader | null = null
  #seeking: Promise<void> | null = null
  #health: DeviceHealth = 'missing'
  #fault: Fault | null = null
  #patience: NodeJS.Timeout | undefined
  #backoff = new Backoff()
  #openedAt = Number.NEGATIVE_INFINITY
  #onChange: () => void = () => {}
  #onReader: () => void = () => {}

  constructor(open: OpenReader, { silentMs = SILENT_MS }: ReaderSupervision = {}) {
    this.#open = open
    this.#silentMs = silentMs
  }

  get health(): DeviceHealth {
    return this.#health
  }

  /** Why there is no reader, or what is wrong with the one that is open. */
  get fault(): Fault | null {
    return this.#fault
  }

  /** One listener, called when health or fault are others than before. */
  onChange(listener: () => void): void {
    this.#onChange = listener
  }

  /** The open reader; waits until there is one. Null when the signal aborts, which does not end the search. */
  async reader(signal: AbortSignal): Promise<CardReader | null> {
    while (this.#reader === null && !signal.aborted && !this.#stop.signal.aborted) {
      this.#seek()
      await new Promise<void>((resolve) => {
        this.#onReader = resolve
        signal.addEventListener('abort', () => resolve(), { once: true })
      })
    }
    return signal.aborted ? null : this.#reader
  }

  /** This reader failed in use: it is closed, and opened again. One that was given up before changes nothing. */
  async lost(reader: CardReader, fault: Fault): Promise<void> {
    if (reader !== this.#reader) return
    this.#reader = null
    clearTimeout(this.#patience)
    this.#set(fault)
    await reader.close()
    this.#seek()
  }

  async close(): Promise<void> {
    this.#stop.abort()
    this.#onReader()
    clearTimeout(this.#patience)
    await this.#seeking
    const reader = this.#reader
    this.#reader = null
    await reader?.close()
  }

  #seek(): void {
    if (this.#stop.signal.aborted) return
    this.#seeking ??= this.#search().finally(() => {
      this.#seeking = null
    })
  }

  async #search(): Promise<void> {
    const { signal } = this.#stop
    // One that opens well and fails at once must not be opened as fast as the machine can.
    if (performance.now() - this.#openedAt > STEADY_MS) this.#backoff = new Backoff()
    else await pause(this.#backoff.next(), signal)
    for (; !signal.aborted; await pause(this.#backoff.next(), signal)) {
      const opened = await this.#open()
      if (opened.ok) return this.#take(opened.value)
      this.#set(opened.fault)
    }
  }

  #take(reader: CardReader): void {
    this.#reader = reader
    this.#openedAt = performance.now()
    this.#set(null)
    reader.onSign?.((fault) => this.#heard(reader, fault))
    this.#onReader()
  }

  /** Word from the reader itself, between reads or during one. */
  #heard(reader: CardReader, fault: Fault | null): void {
    if (reader !== this.#reader || this.#stop.signal.aborted) return
    clearTimeout(this.#patience)
    if (fault !== null && fault.code !== 'CARD_READER_SILENT') {
      void this.lost(reader, fault)
      return
    }
    this.#set(fault)
    if (fault !== null) this.#patience = setTimeout(() => void this.lost(reader, fault), this.#silentMs)
  }

  #set(fault: Fault | null): void {
    const health = healthOf(fault)
    const changed = this.#health !== health || this.#fault?.code !== fault?.code
    this.#health = health
    this.#fault = fault
    if (changed) this.#onChange()
  }
}

export function sameReader(a: ReaderIdentity | null, b: ReaderIdentity | null): boolean {
  return a?.profile === b?.profile && a?.port === b?.port && a?.samId === b?.samId && samePlace(a, b)
}

/** A record from before sockets were recorded says nothing against any. */
function samePlace(a: ReaderIdentity | null, b: ReaderIdentity | null): boolean {
  return a?.usbPath === undefined || b?.usbPath === undefined || a.usbPath === b.usbPath
}

/** The line or the reader is gone, as against a card that could not be read. */
export function isReaderLost(fault: Fault): boolean {
  return fault.code.startsWith('PORT_') || fault.code === 'CARD_READER_SILENT'
}
