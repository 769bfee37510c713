import type { ChipCard } from './chip-card.ts'

/** A simulated contact slot; null stands for a reader's refusal. A card that is pulled instead of answering is gone. */
export class SimulatedSlot {
  #card: ChipCard | null
  #powered = false

  constructor(card: ChipCard | null) {
    this.#card = card
  }

  get isEmpty(): boolean {
    return this.#card === null
  }

  insert(card: ChipCard): void {
    this.#card = card
    this.#powered = false
  }

  pull(): void {
    this.#card = null
    this.#powered = false
  }

  powerOn(): Uint8Array | null {
    this.#powered = this.#card !== null
    this.#card?.reset()
    return this.#card?.atr ?? null
  }

  transmit(apdu: Uint8Array): Uint8Array | null {
    const answer = this.#powered ? (this.#card?.answer(apdu) ?? null) : null
    if (this.#powered && answer === null) this.pull()
    return answer
  }

  powerOff(): Uint8Array {
    this.#powered = false
    this.#card?.powerOff?.()
    return new Uint8Array()
  }
}
