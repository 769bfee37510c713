/**
 * A set of SHA-256 digests by their first 64 bits, in 8 to 16 bytes each: millions of them as strings would take a
 * gigabyte. Two digests of ten million agree in these bits by chance once in 100,000 sets.
 */
export class DigestSet {
  /** Pairs of 32 bits; 0, 0 is a free place. */
  #slots = new Uint32Array(2 * 1_024)
  #size = 0

  get size(): number {
    return this.#size
  }

  /** `sha256` is hex. */
  add(sha256: string): void {
    if (this.#size * 2 >= this.#slots.length / 2) this.#grow()
    const [high, low] = firstBits(sha256)
    if (this.#put(high, low)) this.#size++
  }

  has(sha256: string): boolean {
    const [high, low] = firstBits(sha256)
    const place = this.#find(high, low)
    return this.#slots[place] === high && this.#slots[place + 1] === low
  }

  #put(high: number, low: number): boolean {
    const place = this.#find(high, low)
    const isNew = this.#slots[place] === 0 && this.#slots[place + 1] === 0
    this.#slots[place] = high
    this.#slots[place + 1] = low
    return isNew
  }

  /** Where a pair is, or the free place where it belongs. */
  #find(high: number, low: number): number {
    const slots = this.#slots
    // A digest's bits are as good as chance already.
    let place = (low & (slots.length / 2 - 1)) * 2
    while (!isFree(slots, place) && !(slots[place] === high && slots[place + 1] === low)) {
      place = (place + 2) % slots.length
    }
    return place
  }

  #grow(): void {
    const old = this.#slots
    this.#slots = new Uint32Array(old.length * 2)
    for (let place = 0; place < old.length; place += 2) {
      if (!isFree(old, place)) this.#put(old[place]!, old[place + 1]!)
    }
  }
}

function isFree(slots: Uint32Array, place: number): boolean {
  return slots[place] === 0 && slots[place + 1] === 0
}

function firstBits(sha256: string): readonly [high: number, low: number] {
  return [Number.parseInt(sha256.slice(0, 8), 16), Number.parseInt(sha256.slice(8, 16), 16)]
}
