import { setTimeout as sleep } from 'node:timers/promises'
import { Fault } from '../../common/fault.ts'
import { failed, ok, type Result } from '../../common/result.ts'
import type { ApduChannel } from './apdu-channel.ts'
import { pcscFault, SCARD_E_NO_READERS_AVAILABLE, SCARD_E_NOT_TRANSACTED } from './pcsc-fault.ts'
import { type PcscCard, type PcscHandle, type PcscLibrary, pcscLibrary } from './pcsc-library.ts'

/**
 * Names of the PC/SC readers that are plugged in, as the system writes them; none is an empty list.
 * `PORT_PCSC_UNAVAILABLE` without the library, `PORT_PCSC_NO_SERVICE` without pcscd, `PORT_DENIED`.
 */
export async function listPcscReaders(): Promise<Result<readonly string[]>> {
  const opened = await openContext()
  if (!opened.ok) return opened
  const { library, context } = opened.value
  const { code, value } = await library.listReaders(context)
  await library.releaseContext(context)
  if (code === SCARD_E_NO_READERS_AVAILABLE) return ok([])
  return code === 0 ? ok(value) : failed(pcscFault(code, 'the list of readers'))
}

/**
 * The card slot of a PC/SC reader, by its exact name. Faults as for `listPcscReaders`, and `PORT_NOT_FOUND`.
 * On the open channel: `PORT_LOST` when the reader was unplugged, `CARD_REMOVED` when a card was pulled mid-exchange,
 * `CARD_IN_USE`, `CARD_MUTE`, `CARD_PROTOCOL`, `CARD_EXCHANGE_FAILED`, `CARD_READER_SILENT`.
 */
export async function openPcscChannel(readerName: string): Promise<Result<ApduChannel>> {
  const opened = await openContext()
  if (!opened.ok) return opened
  const { library, context } = opened.value
  const { code, value } = await library.listReaders(context)
  if (code === 0 && value.includes(readerName)) return ok(new PcscChannel(readerName, library, context))
  await library.releaseContext(context)
  if (code === 0 || code === SCARD_E_NO_READERS_AVAILABLE)
    return failed(new Fault('PORT_NOT_FOUND', `there is no PC/SC reader "${readerName}"`))
  return failed(pcscFault(code, readerName))
}

class PcscChannel implements ApduChannel {
  readonly path: string
  readonly #library: PcscLibrary
  readonly #context: PcscHandle
  #card: PcscCard | null = null
  #closed = false

  constructor(readerName: string, library: PcscLibrary, context: PcscHandle) {
    this.path = readerName
    this.#library = library
    this.#context = context
  }

  async powerOn(): Promise<Result<Uint8Array>> {
    await this.powerOff()
    const slot = await this.#slot()
    if (!slot.ok) return slot
    const { present, mute, atr } = slot.value
    if (!present) return failed(new Fault('CARD_NONE', `no card lies in ${this.path}`))
    if (mute) return failed(new Fault('CARD_MUTE', 'the card gives no answer; is it the right way up?'))
    const { code, value } = await this.#library.connect(this.#context, this.path)
    if (code !== 0) return failed(pcscFault(code, this.path))
    this.#card = value
    return ok(atr)
  }

  async transmit(apdu: Uint8Array): Promise<Result<Uint8Array>> {
    if (this.#closed) return failed(new Fault('PORT_CLOSED', `${this.path} was closed`))
    if (this.#card === null) return failed(new Fault('CARD_REMOVED', 'the card has no power'))
    const answer = await answered(this.#library.transmit(this.#card, apdu))
    if (answer === null)
      return failed(new Fault('CARD_READER_SILENT', `${this.path} does not come back from the card`))
    if (answer.code === 0 && answer.value.length >= STATUS_BYTES) return ok(answer.value)
    // Some drivers call it a success when a pulled card answers nothing.
    const code = answer.code === 0 ? SCARD_E_NOT_TRANSACTED : answer.code
    return failed((await this.#gone()) ?? pcscFault(code, this.path))
  }

  async cardPresent(): Promise<boolean> {
    const slot = await this.#slot()
    return slot.ok && slot.value.present
  }

  async powerOff(): Promise<void> {
    const card = this.#card
    this.#card = null
    if (card !== null) await answered(this.#library.disconnect(card))
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    await this.powerOff()
    await answered(this.#library.releaseContext(this.#context))
  }

  async #slot(): Promise<Result<Slot>> {
    if (this.#closed) return failed(new Fault('PORT_CLOSED', `${this.path} was closed`))
    const { code, value } = await this.#library.readerState(this.#context, this.path)
    if (code !== 0) return failed(pcscFault(code, this.path))
    const has = (flag: number) => (value.flags & flag) !== 0
    if (has(SCARD_STATE_UNKNOWN | SCARD_STATE_UNAVAILABLE))
      return failed(new Fault('PORT_LOST', `${this.path} went away`))
    return ok({ present: has(SCARD_STATE_PRESENT), mute: has(SCARD_STATE_MUTE), atr: value.atr })
  }

  /** Card or reader is gone, null if neither. An exchange fails before the service has noticed why. */
  async #gone(): Promise<Fault | null> {
    for (let look = 0; look < LOOKS; look++) {
      const slot = await this.#slot()
      if (!slot.ok) return slot.fault
      if (!slot.value.present) return new Fault('CARD_REMOVED', 'the card was taken away while it was read')
      await sleep(BETWEEN_LOOKS_MS)
    }
    return null
  }
}

interface Slot {
  readonly present: boolean
  readonly mute: boolean
  readonly atr: Uint8Array
}

const SCARD_STATE_UNKNOWN = 0x0004
const SCARD_STATE_UNAVAILABLE = 0x0008
const SCARD_STATE_PRESENT = 0x0020
const SCARD_STATE_MUTE = 0x0200

const STATUS_BYTES = 2

/** pcscd looks at a slot every 400 ms (PCSCLITE_STATUS_POLL_RATE). */
const LOOKS = 6
const BETWEEN_LOOKS_MS = 100

/** No command of ours keeps a card busy that long; a driver that hangs must not hang the station. */
const ANSWER_MS = 5_000

/** What the call gives, null if it doesn't come back. */
async function answered<T>(call: Promise<T>): Promise<T | null> {
  const patience = new AbortController()
  const timeOut = sleep(ANSWER_MS, null, { signal: patience.signal }).catch(() => null)
  const answer = await Promise.race([call, timeOut])
  patience.abort()
  return answer
}

async function openContext(): Promise<Result<{ library: PcscLibrary; context: PcscHandle }>> {
  const library = pcscLibrary()
  if (!library.ok) return library
  const { code, value } = await library.value.establishContext()
  if (code !== 0) return failed(pcscFault(code, 'the PC/SC service'))
  return ok({ library: library.value, context: value })
}
