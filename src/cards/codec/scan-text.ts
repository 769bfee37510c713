import { hash } from 'node:crypto'

/** Longest code that is taken, bytes. */
export const MAX_CODE_BYTES = 2_048
/** A code without a terminator ends when nothing comes for this long, milliseconds. */
export const IDLE_MS = 100
/** A scanner that is held over a code reads it again and again: it counts once until it was gone for this long. */
export const REPEAT_MS = 3_000

/** What a scanner read: a text, or something that is none (`too-long`, or neither UTF-8 nor GBK). */
export type ScanFinding =
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'unreadable'; readonly why: 'too-long' | 'not-text' }

/**
 * Cuts the bytes of a serial scanner into codes: each ends with CR, LF, CRLF or `IDLE_MS` of silence; control bytes at
 * its start are dropped, STX among them. UTF-8 first, then GBK, which older scanners send. Total, and it holds at most
 * one code. Times are of any monotonic clock, milliseconds.
 */
export class ScanAssembler {
  readonly #code = new Uint8Array(MAX_CODE_BYTES)
  readonly #repeats = new Repeats()
  #length = 0
  #isTooLong = false
  #lastAt = Number.NEGATIVE_INFINITY

  /** Codes that end within this chunk, and before it the one that silence has ended. */
  push(chunk: Uint8Array, at: number): ScanFinding[] {
    const found = this.settle(at)
    for (const byte of chunk) {
      if (byte === CR || byte === LF) found.push(...this.#end(at))
      else if (this.#length === 0 && byte < SPACE) continue
      else if (this.#length === MAX_CODE_BYTES) this.#isTooLong = true
      else this.#code[this.#length++] = byte
    }
    if (chunk.length > 0) this.#lastAt = at
    return found
  }

  /** The code that silence has ended by now, if there is one. */
  settle(at: number): ScanFinding[] {
    return at - this.#lastAt >= IDLE_MS ? this.#end(this.#lastAt) : []
  }

  #end(at: number): ScanFinding[] {
    if (this.#length === 0) return []
    const bytes = this.#code.subarray(0, this.#length)
    const finding = this.#isTooLong ? TOO_LONG : readText(bytes)
    const isRepeated = this.#repeats.seen(bytes, at)
    // A code may open a payment or be somebody's card: it does not stay in memory until the next one.
    this.#code.fill(0)
    this.#length = 0
    this.#isTooLong = false
    return isRepeated ? [] : [finding]
  }
}

/** Knows whether a code is the one that was seen a moment ago; keeps only its hash. */
export class Repeats {
  #digest = ''
  #at = Number.NEGATIVE_INFINITY

  /** True when the last code was the same one, less than `REPEAT_MS` ago. Time runs on from each time it is seen. */
  seen(code: Uint8Array | string, at: number): boolean {
    const digest = hash('sha256', code)
    const isSame = digest === this.#digest && at - this.#at < REPEAT_MS
    this.#digest = digest
    this.#at = at
    return isSame
  }
}

function readText(bytes: Uint8Array): ScanFinding {
  for (const encoding of ['utf-8', 'gbk']) {
    try {
      return { kind: 'code', text: new TextDecoder(encoding, { fatal: true }).decode(bytes) }
    } catch {
      // The next encoding may fit.
    }
  }
  return { kind: 'unreadable', why: 'not-text' }
}

const TOO_LONG: ScanFinding = { kind: 'unreadable', why: 'too-long' }
const CR = 0x0d
const LF = 0x0a
const SPACE = 0x20
