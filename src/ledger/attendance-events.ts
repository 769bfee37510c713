import { z } from 'zod'
import { id, instant, label, readerIdentity, session, sha256, signedAct } from './event-fields.ts'
import { faceEvidence, portraitSource } from './face-evidence.ts'

const seat = { class: label, session: label, person: id }
/** The act went beyond what the rule pack allows by hand, and two supervisors signed it all the same. */
const overCap = z.boolean()

/** What was shown: a card that was read, or a code that was only scanned. Ledgers from before codes don't say. */
const shownBy = z.enum(['card', 'code']).optional()

/**
 * Schemas of `data` by event type.
 * Who was in the room and for how long, what decided it, and what people changed about it afterwards.
 */
export const attendanceEvents = {
  /** A teacher, or who stands in for one, came or went: signed with their own key and nobody else's. */
  'teacher.attendance': z.strictObject({
    class: label,
    session: label,
    actor: id,
    direction: z.enum(['in', 'out']),
    /** Whom they stand in for, null for the class's own teacher. */
    substitutes: id.nullable(),
    act: signedAct,
  }),
  /** Somebody was here. Direction is logged, never inferred from order. */
  attendance: z.strictObject({
    ...seat,
    direction: z.enum(['in', 'out']),
    outcome: z.enum(['verified', 'doubtful', 'witnessed']),
    /** Why it is doubtful or was witnessed, e.g. `face-unsure`, `consent-refused`; null for a verified one. */
    reason: label.nullable(),
    portrait: portraitSource,
    face: faceEvidence.nullable(),
    act: signedAct.nullable(),
    reader: readerIdentity.nullable(),
    simulated: z.boolean(),
    by: shownBy,
  }),
  /** Somebody was not let through, or there was nobody. */
  refusal: z.strictObject({
    class: label.nullable(),
    session: label.nullable(),
    person: id.nullable(),
    reason: label,
    face: faceEvidence.nullable(),
    reader: readerIdentity.nullable(),
    simulated: z.boolean(),
    by: shownBy,
  }),
  'session.closed': z.strictObject({ class: label, session: label }),
  /** Two different people looked at a doubtful record. One that nobody resolves counts nothing. */
  'doubtful.resolved': z.strictObject({
    class: label,
    /** Leaf of the doubtful attendance. */
    record: z.int().min(0),
    person: id,
    decision: z.enum(['accept', 'refuse']),
    reason: label,
    act: signedAct,
  }),
  /** Adds a sign-in or sign-out that is missing (`add`), or takes one out of the count (`void`: its leaf). Two people. */
  'attendance.corrected': z.strictObject({
    ...seat,
    add: z.strictObject({ direction: z.enum(['in', 'out']), at: instant }).nullable(),
    void: z.int().min(0).nullable(),
    reason: label,
    overCap,
    act: signedAct,
  }),
  'leave.granted': z.strictObject({
    class: label,
    person: id,
    sessions: z.array(label).min(1).max(200),
    kind: z.enum(['personal', 'sick', 'official']),
    reason: label,
    overCap,
    act: signedAct,
  }),
  /** One more session for people who missed another one; the two stay linked. */
  'makeup.scheduled': z.strictObject({
    class: label,
    session,
    replaces: label,
    people: z.array(id).min(1).max(5000),
    reason: label,
    overCap,
    act: signedAct,
  }),
  /** A sheet signed on paper while the kiosk was dead, entered by two people afterwards. */
  'paper.entered': z.strictObject({
    class: label,
    session: label,
    /** Of the sheet's scan or photo. */
    sheet: sha256,
    entries: z
      .array(z.strictObject({ person: id, in: instant.nullable(), out: instant.nullable() }))
      .min(1)
      .max(5000),
    reason: label,
    act: signedAct,
  }),
  /** Made before the session: nobody can choose the moments of its checks afterwards. See `check.revealed`. */
  'check.committed': z.strictObject({
    class: label,
    session: label,
    check: id,
    /** Of the plan's exact text. */
    commitment: sha256,
    count: z.int().min(1).max(20),
    windowMs: z.int().min(1000),
  }),
  'check.called': z.strictObject({
    class: label,
    session: label,
    check: id,
    /** 0 for the first moment of the plan. */
    number: z.int().min(0),
    /** Who answers after this is late. */
    until: instant,
  }),
  'check.answered': z.strictObject({
    ...seat,
    /** Leaf of the call. */
    call: z.int().min(0),
    result: z.enum(['seen', 'not-seen', 'cannot-verify']),
    face: faceEvidence.nullable(),
    /** Signed by whoever looked; null when the camera did. */
    act: signedAct.nullable(),
    simulated: z.boolean(),
  }),
  'check.revealed': z.strictObject({
    class: label,
    session: label,
    check: id,
    plan: z.string().min(2).max(4000),
  }),
  /** Somebody came without a card that can be read. `count` is how often by now in this class. */
  'card.missing': z.strictObject({
    class: label,
    person: id,
    lane: z.enum(['forgotten', 'temporary', 'withheld', 'broken']),
    count: z.int().min(1),
    act: signedAct,
  }),
} as const
