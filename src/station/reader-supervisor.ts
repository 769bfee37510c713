import type { CardReader, ReaderIdentity } from '../cards/reader.ts'
import type { Fault } from '../common/fault.ts'
import type { Result } from '../common/result.ts'
import { pause } from './pause.ts'

export type ReaderHealth = 'ok' | 'missing' | 'fault'

/** Opens the configured reader, or says why not. */
export type OpenReader = () => Promise<Result<CardReader>>

const FIRST_RETRY_MS = 500
const LONGEST_RETRY_MS = 5_000

/**
 * Keeps one reader open: opens it, opens it again with backoff after it was lost, and tells when it is another
 * one than before.
 */
export class ReaderSupervisor {
  readonly #open: OpenReader
  #reader: CardReader | null = null
  #health: ReaderHealth = 'missing'
  #fault: Fault | null = null

  constructor(open: OpenReader) {
    this.#open = open
  }

  get health(): ReaderHealth {
    return this.#health
  }

  /** Why there is no reader. */
  get fault(): Fault | null {
    return this.#fault
  }

  /** The open reader; waits with backoff until there is one. Null when the signal aborts. */
  async reader(signal: AbortSignal, onChange: () => void): Promise<CardReader | null> {
    for (let wait = FIRST_RETRY_MS; !signal.aborted; wait = Math.min(wait * 2, LONGEST_RETRY_MS)) {
      if (this.#reader !== null) return this.#reader
      const opened = await this.#open()
      if (opened.ok) {
        this.#reader = opened.value
        this.#set('ok', null, onChange)
        return opened.value
      }
      this.#set(opened.fault.code === 'PORT_NOT_FOUND' ? 'missing' : 'fault', opened.fault, onChange)
      await pause(wait, signal)
    }
    return null
  }

  /** The reader failed in use: close it, so that the next call opens it again. */
  async lost(fault: Fault, onChange: () => void): Promise<void> {
    const reader = this.#reader
    this.#reader = null
    this.#set('fault', fault, onChange)
    await reader?.close()
  }

  async close(): Promise<void> {
    await this.#reader?.close()
    this.#reader = null
  }

  #set(health: ReaderHealth, fault: Fault | null, onChange: () => void): void {
    const changed = this.#health !== health || this.#fault?.code !== fault?.code
    this.#health = health
    this.#fault = fault
    if (changed) onChange()
  }
}

export function sameReader(a: ReaderIdentity | null, b: ReaderIdentity | null): boolean {
  return a?.profile === b?.profile && a?.port === b?.port && a?.samId === b?.samId
}
