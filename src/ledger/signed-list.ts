import { toHex } from './bytes.ts'
import type { EventData } from './event.ts'
import { sha256 } from './sha256.ts'

/*
 * Long lists are signed by their digest, so that a statement stays short enough for a person's key in a card:
 * SHA-256, hex, over one line an entry, each ended by LF, in the order of the event.
 */

/** Lines `id TAB start TAB end`, times in milliseconds. */
export function sessionsDigest(sessions: EventData['class.opened']['sessions']): string {
  return digest(sessions.map(({ id, start, end }) => `${id}\t${start}\t${end}`))
}

/** Lines `+ TAB person TAB identity TAB portrait` for who is added, then `- TAB person` for who is removed. */
export function rosterDigest({
  added,
  removed,
}: Pick<EventData['roster.changed'], 'added' | 'removed'>): string {
  const plus = added.map(({ person, identity, portrait }) => `+\t${person}\t${identity}\t${portrait}`)
  return digest([...plus, ...removed.map((person) => `-\t${person}`)])
}

/** Lines `person TAB in TAB out`, times in milliseconds, empty for none. */
export function paperDigest(entries: EventData['paper.entered']['entries']): string {
  return digest(entries.map((entry) => `${entry.person}\t${entry.in ?? ''}\t${entry.out ?? ''}`))
}

/** One name a line. */
export function namesDigest(names: readonly string[]): string {
  return digest(names)
}

/** Lines `person TAB record TAB commitment`. */
export function sealedFactsDigest(people: EventData['person.facts']['people']): string {
  return digest(people.map(({ person, record, commitment }) => `${person}\t${record}\t${commitment}`))
}

/** Lines `name TAB value as JSON`, by name. */
export function factsDigest(facts: EventData['class.facts']['facts']): string {
  const lines = Object.entries(facts).map(([name, value]) => `${name}\t${JSON.stringify(value)}`)
  return digest(lines.sort())
}

/** Lines `person TAB milliseconds`. */
export function onlineDigest(people: EventData['online.imported']['people']): string {
  return digest(people.map(({ person, milliseconds }) => `${person}\t${milliseconds}`))
}

function digest(lines: readonly string[]): string {
  return toHex(sha256(new TextEncoder().encode(lines.map((line) => `${line}\n`).join(''))))
}
