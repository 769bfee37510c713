import { Fault } from '../../common/fault.ts'
import { failed, ok, type Result } from '../../common/result.ts'
import type { ApduChannel } from '../transport/apdu-channel.ts'
import type { ChipCard } from './chip-card.ts'

/** A slot in software, with or without a card in it. */
export class SimulatedSlot implements ApduChannel {
  readonly path: string
  #card: ChipCard | null = null
  #powered = false
  #unplugged = false

  constructor(path = 'simulated slot') {
    this.path = path
  }

  insert(card: ChipCard): void {
    this.#card = card
  }

  remove(): void {
    this.#card = null
    this.#powered = false
  }

  /** The reader itself goes away. */
  unplug(): void {
    this.#unplugged = true
  }

  async powerOn(): Promise<Result<Uint8Array>> {
    if (this.#unplugged) return failed(new Fault('PORT_LOST', `${this.path} went away`))
    if (this.#card === null) return failed(new Fault('CARD_NONE', `no card lies in ${this.path}`))
    this.#card.reset()
    this.#powered = true
    return ok(this.#card.atr)
  }

  async transmit(apdu: Uint8Array): Promise<Result<Uint8Array>> {
    if (this.#unplugged) return failed(new Fault('PORT_LOST', `${this.path} went away`))
    const answer = this.#powered ? this.#card?.answer(apdu) : undefined
    if (answer !== undefined && answer !== null) return ok(answer)
    this.remove()
    return failed(new Fault('CARD_REMOVED', 'the card was taken away while it was read'))
  }

  async cardPresent(): Promise<boolean> {
    return this.#card !== null && !this.#unplugged
  }

  async powerOff(): Promise<void> {
    this.#powered = false
  }

  async close(): Promise<void> {
    this.#powered = false
  }
}
