import { decodeEvent, type LedgerEvent } from '../../ledger/event.ts'
import type { Language, Texts } from './texts.ts'

/* Elements of the answer. Everything from a file is written as text, never as HTML. */

export function line(name: string, text: string): HTMLElement {
  const element = document.createElement('p')
  element.className = name
  element.textContent = text
  return element
}

/** Rows that a page shows; all events are verified. */
const MOST_ROWS = 500

/** The first events of a file that was verified already, and how many of them these are. */
export function firstEvents(events: readonly LedgerEvent[], words: Texts, language: Language): HTMLElement[] {
  const shown = events.slice(0, MOST_ROWS)
  return [line('shown', words.shown(shown.length, events.length)), eventTable(shown, words, language)]
}

/** Of records that were verified already. */
export function decodedEvents(bodies: readonly Uint8Array[]): LedgerEvent[] {
  return bodies.flatMap((body) => {
    const event = decodeEvent(body)
    return event.ok ? [event.value] : []
  })
}

export function eventTable(events: readonly LedgerEvent[], words: Texts, language: Language): HTMLElement {
  const rows = events.map(({ index, time, type, data }) => {
    const when = new Date(time.wall).toLocaleString(language, { timeZone: 'Asia/Shanghai' })
    return [String(index), when, type, JSON.stringify(data, null, 1)]
  })
  return table(words.columns, rows)
}

export function table(head: readonly string[], rows: readonly (readonly string[])[]): HTMLElement {
  const body = document.createElement('table')
  body.append(row('th', head), ...rows.map((cells) => row('td', cells)))
  return body
}

function row(kind: 'td' | 'th', cells: readonly string[]): HTMLElement {
  const element = document.createElement('tr')
  element.append(
    ...cells.map((text) => {
      const cell = document.createElement(kind)
      cell.textContent = text
      return cell
    }),
  )
  return element
}
