import { z } from 'zod'
import { hex, id, label, readerIdentity, sha256, signedAct } from './event-fields.ts'
import { faceEvidence } from './face-evidence.ts'

/** People of a draw who are as likely as each other; `weight` says how much likelier than those of weight 1. */
const drawStratum = z.strictObject({
  name: z.enum(['on-site', 'other']),
  weight: z.int().min(1).max(16),
  people: z.int().min(0).max(5000),
})

const visitProof = z.enum(['card', 'face', 'witness'])
/** 16 to 64 bytes. */
const drawNonce = z.string().regex(/^([0-9a-f]{2}){16,64}$/)
const visitNote = z.string().min(1).max(1000).nullable()

/** What the station itself read or saw while its reader or camera was lent to the visit. */
const visitEvidence = z.strictObject({
  reader: readerIdentity.nullable(),
  face: faceEvidence.nullable(),
  simulated: z.boolean(),
})
export type VisitEvidence = z.infer<typeof visitEvidence>
/** What a finding is called: the leaf that it rests on and its kind, see `src/inspect/visit-findings.ts`. */
const findingId = z.string().regex(/^[0-9]{1,12}-[a-z-]{3,40}$/)

/** Schemas of `data` of what inspectors do: their lists, draws and visits. */
export const visitEvents = {
  /** An authority's signed list of inspectors, as it came; see `src/inspect/inspector-list.ts`. */
  'inspectors.listed': z.strictObject({
    /** Verifier key that signed it. Whether it is the authority's, who verifies has to know from elsewhere. */
    authority: label,
    number: z.int().min(1),
    sha256,
    note: z.string().max(200_000),
  }),
  /** An inspector's visit begins. `actor` is made from the key, so that nobody can put another key under it. */
  'visit.opened': z.strictObject({
    visit: id,
    class: label,
    inspector: z.strictObject({ actor: id, publicKey: hex(32) }),
    /** Made by the station for this visit: what comes before the closing may be signed by it instead of the inspector. */
    visitKey: z.strictObject({ actor: id, publicKey: hex(32) }).optional(),
    standing: z.enum(['listed', 'list-expired', 'no-list', 'unlisted']),
    /** The list that the standing rests on. */
    list: sha256.nullable(),
    /** The checkpoint that the inspector brought from an earlier visit, held against this ledger. */
    since: z
      .strictObject({
        size: z.int().min(0),
        root: sha256,
        finding: z.enum(['consistent', 'rolled-back', 'rewritten']),
      })
      .nullable(),
    act: signedAct,
  }),
  /** Somebody was not let inspect, or what they asked for was not done, and why. */
  'visit.refused': z.strictObject({
    class: label.nullable(),
    publicKey: hex(32).nullable(),
    /** The visit in which it was asked for. */
    visit: id.optional(),
    reason: z.enum([
      ...(['revoked', 'unknown', 'lapsed', 'list-forged', 'list-older'] as const),
      ...(['signature', 'wrong-pin', 'k-zero', 'k-too-large', 'nonce', 'nonce-reused'] as const),
      ...(['class-empty', 'class-of-one', 'commitment-unknown', 'commitment-spent'] as const),
    ]),
  }),
  /** Made before the inspector's nonce is known: the station cannot choose who is drawn. */
  'draw.committed': z.strictObject({
    draw: id,
    class: label,
    /** Of the plan's exact text. */
    commitment: sha256,
    n: z.int().min(1).max(5000),
    /** Of the people and their strata, see docs/formats.md. */
    roster: sha256,
    strata: z.array(drawStratum).min(1).max(2),
  }),
  /** A commitment that nothing can be drawn from any more. */
  'draw.voided': z.strictObject({
    draw: id,
    class: label,
    reason: z.enum(['lost', 'mismatch', 'roster-changed']),
    /** The nonce that was named for it: known now, and no good for another draw. */
    nonce: drawNonce,
  }),
  'visit.drawn': z.strictObject({
    /** Null for a draw outside a visit, which nobody signs. */
    visit: id.nullable(),
    class: label,
    draw: id,
    k: z.int().min(1).max(5000),
    /** The inspector's, 128 to 512 bits. */
    nonce: drawNonce,
    /** The inspector named the commitment with the nonce, and so had seen it. */
    commitmentSeen: z.boolean(),
    plan: z.string().min(2).max(4000),
    /** Who is called, in this order. */
    order: z.array(id).min(1).max(5000),
    act: signedAct.nullable(),
  }),
  'visit.headcount': z.strictObject({
    visit: id,
    class: label,
    count: z.int().min(0).max(5000),
    act: signedAct,
  }),
  /** A person on the roster was looked for. */
  'visit.checked': z.strictObject({
    visit: id,
    class: label,
    person: id,
    result: z.enum(['seen', 'not-seen', 'cannot-verify']),
    /** Null for a person who was not seen. */
    by: visitProof.nullable(),
    reason: label.nullable(),
    /** Of a photograph that the inspector keeps. */
    photograph: sha256.nullable(),
    note: visitNote,
    evidence: visitEvidence.optional(),
    act: signedAct,
  }),
  /** A person in the room, and the record that should exist. `person` is null when nobody here knows who it is. */
  'visit.found': z.strictObject({
    visit: id,
    class: label,
    person: id.nullable(),
    record: z.enum(['exists', 'none', 'signed-out', 'not-on-roster', 'of-another-person']),
    by: visitProof,
    photograph: sha256.nullable(),
    note: visitNote,
    evidence: visitEvidence.optional(),
    act: signedAct,
  }),
  /** The end of a visit: who answered for the institution signs too, or it is recorded that they didn't, and why. */
  'visit.closed': z.strictObject({
    visit: id,
    class: label,
    institution: z.discriminatedUnion('signed', [
      z.strictObject({ signed: z.literal(true), actor: id }),
      z.strictObject({ signed: z.literal(false), reason: z.enum(['refused', 'nobody-there']) }),
    ]),
    note: visitNote,
    /** The visit's events before this one, see `coversOf`: the inspector's own key signs for what the visit's key did. */
    covers: z.strictObject({ events: z.int().min(1), sha256 }).optional(),
    act: signedAct,
  }),
  /** The institution's answer to a finding: two people sign, one of them a supervisor. */
  'finding.answered': z.strictObject({
    visit: id,
    class: label,
    finding: findingId,
    answer: z.string().min(1).max(1000),
    /** Of a document that the institution keeps. */
    document: sha256.nullable(),
    act: signedAct,
  }),
  /** The inspector of the visit is done with a finding; their own key signs. */
  'finding.closed': z.strictObject({
    visit: id,
    class: label,
    finding: findingId,
    outcome: z.enum(['upheld', 'explained', 'corrected']),
    note: visitNote,
    act: signedAct,
  }),
} as const
