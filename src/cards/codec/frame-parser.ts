import { type Checksum, HEAD_BYTES, MAX_LENGTH, PREAMBLE } from './frame.ts'

/** What the parser found: a good body (between length field and checksum), or a candidate whose checksum is wrong. */
export type ParsedFrame =
  | { readonly kind: 'frame'; readonly body: Uint8Array }
  | { readonly kind: 'damaged'; readonly bytes: number }

/** Shortest length field: CMD PARA CHK of a request, SW1 SW2 SW3 CHK of an answer. */
export const SHORTEST = { request: 3, answer: 4 } as const

/**
 * Bytes in any chunks → frames. Total: takes whatever the line brings and never throws.
 *
 * Synchronises on the whole preamble only (`96 69` alone occurs inside photos), checks the length's range and the
 * checksum, and after a damaged candidate looks again from the byte behind its start, so that a good frame that
 * noise had swallowed still comes out. Linear in the input, because running sums make every checksum one
 * subtraction; memory is bounded by two of the largest frames.
 */
export class FrameParser {
  /** Bytes that belonged to no frame, since the parser was made. */
  skippedBytes = 0
  /** Candidates with a good preamble and length and a wrong checksum. */
  damagedFrames = 0

  readonly #shortest: number
  readonly #checksums: readonly Checksum[]
  readonly #bytes = Buffer.alloc(CAPACITY)
  /** `#xor[i]` is the XOR of all bytes before index i, up to a constant that cancels out. */
  readonly #xor = new Uint8Array(CAPACITY + 1)
  /** The same for the sum modulo 256. */
  readonly #sum = new Uint8Array(CAPACITY + 1)
  #start = 0
  #end = 0

  /** A frame is good if any of `checksums` fits. */
  constructor(kind: keyof typeof SHORTEST, checksums: readonly Checksum[] = ['xor']) {
    this.#shortest = SHORTEST[kind]
    this.#checksums = checksums
  }

  /** Frames that this chunk completes, in the order of the line. */
  push(chunk: Uint8Array): ParsedFrame[] {
    const found: ParsedFrame[] = []
    for (let taken = 0; taken < chunk.length; ) {
      const piece = chunk.subarray(taken, taken + this.#makeRoom())
      this.#append(piece)
      taken += piece.length
      this.#drainInto(found)
    }
    return found
  }

  /** Whether a preamble has come whose frame hasn't ended yet. */
  get midFrame(): boolean {
    return this.#end - this.#start >= PREAMBLE.length
  }

  /** The line has gone quiet inside a frame: gives up its start and returns what lay hidden behind it. */
  abandonPending(): ParsedFrame[] {
    const found: ParsedFrame[] = []
    while (this.midFrame) {
      this.#skipTo(this.#start + 1)
      this.#drainInto(found)
    }
    return found
  }

  /** Forgets what has come so far; a frame that was half received becomes skipped bytes. */
  reset(): void {
    this.skippedBytes += this.#end - this.#start
    this.#start = 0
    this.#end = 0
  }

  #drainInto(found: ParsedFrame[]): void {
    while (this.#seekPreamble()) {
      const waiting = this.#end - this.#start
      if (waiting < HEAD_BYTES) return
      const length = this.#bytes.readUInt16BE(this.#start + PREAMBLE.length)
      if (length < this.#shortest || length > MAX_LENGTH) {
        this.#skipTo(this.#start + 1)
        continue
      }
      if (waiting < HEAD_BYTES + length) return
      found.push(this.#take(length))
    }
  }

  #take(length: number): ParsedFrame {
    const checkAt = this.#start + HEAD_BYTES + length - 1
    if (
      !this.#checksums.some((checksum) => this.#checksumBefore(checkAt, checksum) === this.#bytes[checkAt])
    ) {
      this.damagedFrames++
      this.#skipTo(this.#start + 1)
      return { kind: 'damaged', bytes: HEAD_BYTES + length }
    }
    const body = new Uint8Array(this.#bytes.subarray(this.#start + HEAD_BYTES, checkAt))
    this.#start = checkAt + 1
    return { kind: 'frame', body }
  }

  /** The checksum over everything from the length field to the byte before `checkAt`. */
  #checksumBefore(checkAt: number, checksum: Checksum): number {
    const from = this.#start + PREAMBLE.length
    if (checksum === 'xor') return (this.#xor[checkAt] ?? 0) ^ (this.#xor[from] ?? 0)
    return ((this.#sum[from] ?? 0) - (this.#sum[checkAt] ?? 0)) & 0xff
  }

  /** Moves to the next preamble, or to the tail that may still become one. */
  #seekPreamble(): boolean {
    const view = this.#bytes.subarray(this.#start, this.#end)
    const at = view.indexOf(PREAMBLE)
    if (at >= 0) {
      this.#skipTo(this.#start + at)
      return true
    }
    const kept = Math.min(view.length, partialPreamble(view))
    this.#skipTo(this.#end - kept)
    return false
  }

  #skipTo(index: number): void {
    this.skippedBytes += index - this.#start
    this.#start = index
  }

  #append(piece: Uint8Array): void {
    for (const byte of piece) {
      this.#bytes[this.#end] = byte
      this.#xor[this.#end + 1] = (this.#xor[this.#end] ?? 0) ^ byte
      this.#sum[this.#end + 1] = (this.#sum[this.#end] ?? 0) + byte
      this.#end++
    }
  }

  /** Free bytes behind the end. Moving costs nothing on average: what is kept is at most half of the buffer. */
  #makeRoom(): number {
    if (this.#end === CAPACITY || this.#start === this.#end) {
      this.#bytes.copyWithin(0, this.#start, this.#end)
      this.#xor.copyWithin(0, this.#start, this.#end + 1)
      this.#sum.copyWithin(0, this.#start, this.#end + 1)
      this.#end -= this.#start
      this.#start = 0
    }
    return CAPACITY - this.#end
  }
}

const CAPACITY = 2 * (HEAD_BYTES + MAX_LENGTH)

/** How many bytes at the end of `view` are the beginning of a preamble. */
function partialPreamble(view: Uint8Array): number {
  for (let size = Math.min(PREAMBLE.length - 1, view.length); size > 0; size--)
    if (PREAMBLE.subarray(0, size).every((byte, i) => byte === view[view.length - size + i])) return size
  return 0
}
