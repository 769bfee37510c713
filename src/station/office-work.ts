import { z } from 'zod'
import { eventTypes } from '../ledger/event.ts'

/*
 * Everything that people do about classes beside the door, as one typed request: a window sends it over the channel, a
 * command sends it to the station that runs, or does it itself when none does. `office.ts` does them.
 */

const actor = z.string().regex(/^[0-9a-f]{32}$/)
const signer = z.strictObject({ actor, pin: z.string().min(4).max(32) })
const two = z.tuple([signer, signer])
const name = z.string().min(1).max(200)
const session = z.strictObject({ id: name, start: z.int().min(0), end: z.int().min(0) })
/** A rule pack's exact text; null takes the one for a class that names none. */
const pack = z
  .string()
  .max(1024 * 1024)
  .nullable()
const record = z.int().min(0)

/** A whole roster file in base64; 1.5 MB of file, so that one message of the channel carries it. */
const rosterFile = z.base64().max(2_000_000)
const rosterUpload = {
  file: rosterFile,
  /** A column map's JSON text. */
  columns: z.string().max(20_000).optional(),
  /** Pictures named by the numbers of people; with the rest they have to fit into one message. */
  photos: z
    .array(z.strictObject({ name, file: z.base64().max(2_000_000) }))
    .max(500)
    .optional(),
}

const rosterPerson = z.strictObject({
  name: z.string().min(1).max(100),
  number: z.string().min(1).max(64),
  /** An encoded picture in base64. */
  portrait: z.string().max(4_000_000).nullable(),
  links: z.array(z.string().min(1).max(200)).max(4),
})

export const officeWork = z.discriminatedUnion('act', [
  z.strictObject({
    act: z.literal('catalogue.import'),
    text: z.string().max(1_000_000),
    vkey: z.string().max(400).nullable(),
    signers: z.array(signer).min(1).max(2),
  }),
  z.strictObject({
    act: z.literal('class.file'),
    plan: eventTypes['class.filed'].omit({ act: true, catalogues: true, unconfirmed: true }),
    by: signer,
  }),
  z.strictObject({
    act: z.literal('class.open'),
    class: name,
    title: name.nullable(),
    sessions: z.array(session).min(1).max(2000),
    pack,
    reason: name.nullable(),
    room: name.optional(),
    by: signer,
  }),
  z.strictObject({
    act: z.literal('class.join'),
    opening: z.strictObject({
      origin: name,
      index: record,
      leaf: z.string().regex(/^[0-9a-f]{64}$/),
      class: name,
      title: name,
      sessions: z.array(session).min(1).max(2000),
      mode: z.enum(['timetable', 'cumulative']),
      packSha256: z.string().regex(/^[0-9a-f]{64}$/),
    }),
    pack,
    by: signer,
  }),
  z.strictObject({
    act: z.literal('class.advance'),
    class: name,
    stage: z.enum(['teaching', 'assessment', 'closed']),
    note: name,
    by: signer,
  }),
  z.strictObject({
    act: z.literal('roster.add'),
    class: name,
    people: z.array(rosterPerson).min(1).max(5000),
    reason: name,
    by: signer,
  }),
  /** What a roster file holds, masked, or every bad line of it; nothing is recorded. */
  z.strictObject({ act: z.literal('roster.preview'), ...rosterUpload }),
  /** All trainees of a roster file, or none. */
  z.strictObject({
    act: z.literal('roster.import'),
    class: name,
    ...rosterUpload,
    reason: name,
    by: signer,
  }),
  z.strictObject({
    act: z.literal('roster.remove'),
    class: name,
    people: z.array(actor).min(1).max(5000),
    reason: name,
    by: signer,
  }),
  z.strictObject({
    act: z.literal('teacher.sign'),
    class: name,
    direction: z.enum(['in', 'out']),
    substitutes: actor.nullable(),
    by: signer,
  }),
  z.strictObject({
    act: z.literal('doubt.resolve'),
    class: name,
    record,
    decision: z.enum(['accept', 'refuse']),
    reason: name,
    signers: two,
  }),
  z.strictObject({
    act: z.literal('attendance.correct'),
    correction: eventTypes['attendance.corrected'].omit({ act: true, overCap: true }),
    signers: two,
  }),
  z.strictObject({
    act: z.literal('leave.grant'),
    leave: eventTypes['leave.granted'].omit({ act: true, overCap: true }),
    signers: two,
  }),
  z.strictObject({
    act: z.literal('makeup.schedule'),
    makeUp: eventTypes['makeup.scheduled'].omit({ act: true, overCap: true }),
    signers: two,
  }),
  z.strictObject({
    act: z.literal('paper.enter'),
    paper: eventTypes['paper.entered'].omit({ act: true }),
    signers: two,
  }),
  z.strictObject({
    act: z.literal('check.answer'),
    class: name,
    call: record,
    person: actor,
    result: z.enum(['seen', 'not-seen', 'cannot-verify']),
    by: signer,
  }),
  z.strictObject({
    act: z.literal('card.missing'),
    class: name,
    person: actor,
    lane: z.enum(['forgotten', 'temporary', 'withheld', 'broken']),
    by: signer,
  }),
  /** Two people close a month; `reason` where something is open still, null where nothing is. */
  z.strictObject({
    act: z.literal('month.close'),
    class: name,
    month: z.string().regex(/^\d{4}-\d{2}$/),
    reason: name.nullable(),
    signers: two,
  }),
  /** Compares everybody of the class who was enrolled on site and has an official portrait by now. */
  z.strictObject({ act: z.literal('portraits.reconcile'), class: name, by: signer }),
  /** Reading: nothing is recorded. Names and numbers are masked. */
  z.strictObject({
    act: z.literal('list'),
    of: z.enum([
      'classes',
      'catalogues',
      'people',
      'doubts',
      'cards',
      'teachers',
      'checks',
      'manual',
      'faces',
      'records',
      'months',
    ]),
    class: name.nullable(),
    /** Of `records` only: they are listed a session at a time. */
    session: name.optional(),
  }),
])
export type OfficeWork = z.infer<typeof officeWork>
