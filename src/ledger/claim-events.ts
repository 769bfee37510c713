import { z } from 'zod'
import { civilDay, id, label, sha256, signedAct } from './event-fields.ts'

/** What is known of people and may not be in the ledger: each in a sealed side record of theirs (`identity`) that this commits to. */
const sealedFacts = z
  .array(z.strictObject({ person: id, record: label, commitment: sha256 }))
  .min(1)
  .max(5000)

/** What claims need to know about a class; null: not known. Values are those of `src/attendance/claim-facts.ts`. */
const classFacts = z.strictObject({
  occupation: label.nullable(),
  level: label.nullable(),
  trainingKind: label.nullable(),
  form: label.nullable(),
  institution: label.nullable(),
  region: label.nullable(),
  uplift: label.nullable(),
  filedLessons: z.int().min(1).nullable(),
  /** Sessions of practice; every other one is theory. Null: they were not told apart. */
  practiceSessions: z.array(label).max(2000).nullable(),
  /** Items that the institution claims; null: all that the pack has. */
  items: z.array(label).max(64).nullable(),
  /** Rates and amounts, fen a unit, that were agreed or set by the county, by item. */
  agreedFen: z.record(label, z.int().min(0)),
  /** Other packs that people may fall under by their places, sha256. */
  packs: z.array(sha256).max(16),
})

/**
 * Schemas of `data` by event type.
 * What claims are made of beside attendance, and what left the station.
 */
export const claimEvents = {
  /** Replaces what was said of the class before. */
  'class.facts': z.strictObject({ class: label, facts: classFacts, act: signedAct }),
  /** Group, contract, pension, insurance, voucher … of people; the newest one of a person stands. */
  'person.facts': z.strictObject({ class: label, people: sealedFacts, source: label, act: signedAct }),
  'certificate.imported': z.strictObject({
    class: label,
    people: sealedFacts,
    source: label,
    act: signedAct,
  }),
  /** Earlier subsidies from elsewhere, complete for these people up to `asOf`. */
  'history.imported': z.strictObject({ asOf: civilDay, people: sealedFacts, source: label, act: signedAct }),
  /** Hours of another system. They stay apart from those that this ledger proves. */
  'online.imported': z.strictObject({
    class: label,
    source: label,
    people: z
      .array(z.strictObject({ person: id, milliseconds: z.int().min(0) }))
      .min(1)
      .max(5000),
    act: signedAct,
  }),
  export: z.strictObject({
    /** `*` for a period of all classes. */
    class: label,
    kind: label,
    format: label,
    sha256,
    edition: z.enum(['full', 'masked']).optional(),
    /** Who can open the sealed part of a bundle: auditors' public keys (age), or the one word `passphrase`. */
    sealedFor: z.array(label).min(1).max(64).optional(),
    /** Of whoever asked for it in a window; a command on the machine itself needs nobody's signature. */
    act: signedAct.optional(),
  }),
} as const
