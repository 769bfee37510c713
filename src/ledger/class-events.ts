import { z } from 'zod'
import { civilDay, id, label, session, sha256, signedAct } from './event-fields.ts'
import { portraitSource } from './face-evidence.ts'

/** `timetable`: sessions are compulsory. `cumulative` (累计学时): sessions are when the door is open, hours are added up. */
const classMode = z.enum(['timetable', 'cumulative'])

/**
 * Schemas of `data` by event type.
 * What a class is and who is in it.
 */
export const classEvents = {
  'class.opened': z.strictObject({
    class: label,
    title: label,
    pack: z.strictObject({ id: label, sha256 }),
    sessions: z.array(session).max(2000),
    act: signedAct,
    mode: classMode.optional(),
    /** The `class.filed` record that this opening follows; absent for a class that was never filed here. */
    filing: z.int().min(0).optional(),
    /** Why the opening differs from what was filed. */
    differs: label.optional(),
    /** Where it is taught; without one, where the filing says. */
    room: label.optional(),
    /** The class was opened at another station, by this record of its ledger. `leaf` is that record's leaf hash. */
    joined: z.strictObject({ origin: label, index: z.int().min(0), leaf: sha256 }).optional(),
  }),
  /** What institutions, occupations and levels are allowed, as published; `vkey` signed it, null: two people entered it. */
  'catalogue.imported': z.strictObject({
    catalogue: label,
    /** Of the catalogue's exact text. */
    sha256,
    vkey: label.nullable(),
    act: signedAct,
  }),
  /** A class is announced before it opens. `commitment` (承诺制): what no catalogue confirms is listed, and it may still open. */
  'class.filed': z.strictObject({
    class: label,
    title: label,
    institution: label,
    occupation: label,
    level: label,
    from: civilDay,
    to: civilDay,
    mode: classMode,
    basis: z.enum(['approval', 'commitment']),
    /** What the plan promises, minutes; null when it says nothing. */
    plannedMinutes: z.int().min(1).nullable(),
    /** Where it is to be taught; absent when nobody said. */
    room: label.optional(),
    /** The catalogues that were asked, sha256 of each; empty when this station has none. */
    catalogues: z.array(sha256).max(64),
    /** What they do not confirm on every day of the class. */
    unconfirmed: z.array(z.enum(['catalogue', 'institution', 'occupation', 'level'])).max(4),
    act: signedAct,
  }),
  /** Filing and opening have events of their own; these are the stages after them. */
  'class.stage': z.strictObject({
    class: label,
    stage: z.enum(['teaching', 'assessment', 'closed']),
    note: label,
    act: signedAct,
  }),
  'roster.changed': z.strictObject({
    class: label,
    added: z.array(z.strictObject({ person: id, identity: sha256, portrait: portraitSource })).max(5000),
    removed: z.array(id).max(5000),
    reason: label,
    act: signedAct,
  }),
} as const
