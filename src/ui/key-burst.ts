/** Keys that follow each other faster than this come from a scanner that types: no hand keeps it up, milliseconds. */
export const TYPED_BY_SCANNER_MS = 35
/** A hand may hit two or three keys at once; a code is longer. */
const SHORTEST_CODE = 6

/** What happens to a key: held back until it is known what it belongs to, passed on, or the last one of a scan. */
export type KeyFate =
  | { readonly kind: 'held' }
  | { readonly kind: 'passed' }
  | { readonly kind: 'scan'; readonly code: string }

/**
 * Tells a keyboard-wedge scanner from a hand by the times between keys: printable keys less than `TYPED_BY_SCANNER_MS`
 * apart, then Enter. Times are `Event.timeStamp`, milliseconds.
 */
export class KeyBurst {
  #keys: string[] = []
  #lastAt = Number.NEGATIVE_INFINITY

  /** Keys that are not part of the burst any more, because this one came too late: the page gets them now. */
  expired(at: number): string[] {
    return at - this.#lastAt >= TYPED_BY_SCANNER_MS ? this.release() : []
  }

  /** All keys that are held back. */
  release(): string[] {
    const keys = this.#keys
    this.#keys = []
    return keys
  }

  press(key: string, at: number): KeyFate {
    const isPrintable = [...key].length === 1
    // A space alone presses the button that has the focus, and a page cannot press it in the browser's stead.
    if (isPrintable && (key !== ' ' || this.#keys.length > 0)) {
      this.#keys.push(key)
      this.#lastAt = at
      return { kind: 'held' }
    }
    if (key !== 'Enter' || this.#keys.length < SHORTEST_CODE) return PASSED
    return { kind: 'scan', code: this.release().join('') }
  }
}

const PASSED: KeyFate = { kind: 'passed' }
