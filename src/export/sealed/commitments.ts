import { z } from 'zod'
import type { Unseal } from '../../attendance/fact-history.ts'
import { fromHex, toHex } from '../../ledger/bytes.ts'
import type { LedgerEvent } from '../../ledger/event.ts'
import { sha256 } from '../../ledger/sha256.ts'

/*
 * What events commit to about people, and its openings: SHA-256(salt || text) stands in an event, salt and text in the
 * auditor's sealed part. Whoever has both sees that this very name, group or certificate was meant.
 */

/** A sealed record that an event commits to. `person` is who it is about, `record` its name. */
export interface Commitment {
  readonly leaf: number
  readonly person: string
  readonly record: string
  readonly commitment: string
}

/** The record of name and number; every other record is a fact that claims rest on. */
export const IDENTITY_RECORD = 'person'

/** An opening: 16 bytes of salt in hex, and the record's exact text. */
export const openedRecord = z.strictObject({
  person: z.string().regex(/^[0-9a-f]{32}$/),
  record: z.string().min(1).max(200),
  commitment: z.string().regex(/^[0-9a-f]{64}$/),
  salt: z.string().regex(/^[0-9a-f]{32}$/),
  text: z.string().max(1_000_000),
})
export type OpenedRecord = z.infer<typeof openedRecord>

/** Whether salt and text are those of the commitment. */
export function opensCommitment({ commitment, salt, text }: OpenedRecord): boolean {
  const salted = fromHex(salt)
  if (salted === null) return false
  return toHex(sha256(Uint8Array.from([...salted, ...new TextEncoder().encode(text)]))) === commitment
}

/**
 * What has to be opened for a class: of everybody in it the newest identity and every fact, whichever class brought it.
 * People whose identity key was destroyed afterwards are left out: nobody can open theirs any more, lawfully.
 */
export function commitmentsOf(events: readonly LedgerEvent[], people: ReadonlySet<string>): Commitment[] {
  const identities = new Map<string, Commitment>()
  let facts: Commitment[] = []
  for (const event of events) {
    switch (event.type) {
      case 'roster.changed':
        for (const { person, identity: commitment } of event.data.added) {
          if (!people.has(person)) continue
          identities.set(person, { leaf: event.index, person, record: IDENTITY_RECORD, commitment })
        }
        break
      case 'person.facts':
      case 'certificate.imported':
      case 'history.imported':
        for (const fact of event.data.people)
          if (people.has(fact.person)) facts.push({ leaf: event.index, ...fact })
        break
      case 'record.destroyed': {
        const { person, kind } = event.data
        if (kind !== 'identity') break
        identities.delete(person)
        facts = facts.filter((fact) => fact.person !== person)
        break
      }
    }
  }
  return [...identities.values(), ...facts]
}

/** Opens facts from openings that were checked, by what they commit to. */
export function unsealFromOpened(records: readonly OpenedRecord[]): Unseal {
  const texts = new Map(records.map(({ person, commitment, text }) => [`${person} ${commitment}`, text]))
  return ({ person, commitment }) => {
    const text = texts.get(`${person} ${commitment}`)
    return text === undefined ? null : new TextEncoder().encode(text)
  }
}

const identity = z.object({ name: z.string(), number: z.string() })

/** Name and number as the roster had them; null for a text of another form. */
export function identityOf({
  text,
}: OpenedRecord): { readonly name: string; readonly number: string } | null {
  try {
    const read = identity.safeParse(JSON.parse(text))
    return read.success ? { name: read.data.name, number: read.data.number } : null
  } catch {
    return null
  }
}
