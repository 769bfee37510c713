import { z } from 'zod'
import { id, label, score, sha256, signedAct } from './event-fields.ts'

/**
 * Schemas of `data` by event type.
 * What is done with what is kept of a person: consent, portraits, reviews, export, destruction.
 */
export const personEvents = {
  consent: z.strictObject({
    person: id,
    /** `face`: the check at the door. `duplicates`: comparing inside one's class for one face under several names. */
    purpose: z.enum(['face', 'duplicates']),
    granted: z.boolean(),
    /** sha256 of the notice text that was on the screen. */
    notice: sha256,
  }),
  /** Two identities of one class with one face, by their templates: for people to decide, nothing follows by itself. */
  'identity.review': z.strictObject({
    class: label,
    people: z.tuple([id, id]),
    score,
    threshold: score,
    /** False matches a pair that the threshold aims at, and whether that lies beyond what was measured. */
    targetFmr: z.number().min(0).max(1),
    extrapolated: z.boolean(),
    model: z.strictObject({ name: label, sha256 }),
    simulated: z.boolean(),
  }),
  /** What two people decided about the review at leaf `review`. */
  'identity.resolved': z.strictObject({
    review: z.int().min(0),
    class: label,
    people: z.tuple([id, id]),
    decision: z.enum(['same-person', 'different-people', 'cannot-tell']),
    act: signedAct,
  }),
  /** Identity records were opened to count the check's errors by groups of people; `sha256` is of what was given out. */
  'fairness.report': z.strictObject({
    sha256,
    people: z.int().min(0),
    checks: z.int().min(0),
    pairs: z.int().min(0),
    act: signedAct,
  }),
  'portrait.enrolled': z.strictObject({ person: id, portrait: sha256, act: signedAct }),
  /** A portrait that was enrolled on site, compared with a better one that came later. */
  'portrait.reconciled': z.strictObject({
    person: id,
    better: z.enum(['chip', 'official']),
    score: score.nullable(),
    verdict: z.enum(['match', 'nonmatch', 'unclear']),
    engine: label,
    accept: score,
    reject: score,
    /** Null where the door compared by itself, with the portrait of a chip that it had just read. */
    act: signedAct.nullable(),
  }),
  /** A person got what is held about them: file of this hash, given out by the actor who signed. */
  'person.exported': z.strictObject({ person: id, sha256, act: signedAct }),
  /** A person's key of one kind was destroyed: their records of it are gone, lawfully, and every proof still holds. */
  'record.destroyed': z.strictObject({
    person: id,
    kind: z.enum(['identity', 'biometric']),
    reason: label,
    act: signedAct.nullable(),
  }),
} as const
