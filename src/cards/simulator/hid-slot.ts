/** A chip card that only exists in memory. */
export interface SimulatedChip {
  /** Answer to reset, 2 to 33 bytes. */
  readonly atr: Uint8Array
  /** The response to a command, its two status bytes included. */
  respond(apdu: Uint8Array): Uint8Array
}

/** A simulated contact slot; null stands for a reader's refusal. */
export class SimulatedSlot {
  #chip: SimulatedChip | null
  #powered = false

  constructor(chip: SimulatedChip | null) {
    this.#chip = chip
  }

  get isEmpty(): boolean {
    return this.#chip === null
  }

  insert(chip: SimulatedChip): void {
    this.#chip = chip
    this.#powered = false
  }

  pull(): void {
    this.#chip = null
    this.#powered = false
  }

  powerOn(): Uint8Array | null {
    this.#powered = this.#chip !== null
    return this.#chip?.atr ?? null
  }

  transmit(apdu: Uint8Array): Uint8Array | null {
    return this.#powered && this.#chip !== null ? this.#chip.respond(apdu) : null
  }

  powerOff(): Uint8Array {
    this.#powered = false
    return new Uint8Array()
  }
}
