import { KeyBurst, TYPED_BY_SCANNER_MS } from './key-burst.ts'

/**
 * Calls `onScan` with each code that a scanner types. Its keys reach nothing else on the page, a PIN least of all; keys
 * of a hand arrive `TYPED_BY_SCANNER_MS` later. Returns the call that ends it.
 */
export function watchKeyWedge(page: Window, onScan: (code: string) => void): () => void {
  const burst = new KeyBurst()
  let isReplaying = false
  let silence = 0

  const replay = (keys: readonly string[]): void => {
    isReplaying = true
    for (const key of keys) {
      const target = page.document.activeElement ?? page.document.body
      target.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }))
    }
    isReplaying = false
  }

  const press = (event: KeyboardEvent): void => {
    if (isReplaying || event.key === 'Shift') return
    // Whoever writes into a field of the office means the field, and a key that is played again would not reach it.
    if (event.target instanceof HTMLInputElement) return
    page.clearTimeout(silence)
    replay(burst.expired(event.timeStamp))
    // A key that is held down repeats as fast as a scanner types.
    const isByHand = event.repeat || event.isComposing || event.ctrlKey || event.altKey || event.metaKey
    const fate = isByHand ? null : burst.press(event.key, event.timeStamp)
    if (fate === null || fate.kind === 'passed') {
      replay(burst.release())
      return
    }
    event.preventDefault()
    event.stopImmediatePropagation()
    if (fate.kind === 'held') {
      silence = page.setTimeout(() => replay(burst.release()), TYPED_BY_SCANNER_MS)
    } else if (fate.code.length <= LONGEST_CODE) onScan(fate.code)
  }
  page.addEventListener('keydown', press, { capture: true })
  return () => {
    page.clearTimeout(silence)
    page.removeEventListener('keydown', press, { capture: true })
  }
}

/** Of the protocol's `scan`. */
const LONGEST_CODE = 2048
