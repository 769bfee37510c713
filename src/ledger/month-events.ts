import { z } from 'zod'
import { label, sha256, signedAct } from './event-fields.ts'

const milliseconds = z.int().min(0)

/** Schemas of `data` of what ends a month of a class. */
export const monthEvents = {
  /**
   * Two people say that a month's hours are what they are: nothing is locked by it, but whatever is recorded later and
   * changes them is shown as such. A month that changed may be closed again.
   */
  'month.closed': z.strictObject({
    class: label,
    month: z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/),
    /** Of the month's hours, see docs/formats.md, as the first `size` events give them. */
    hours: sha256,
    size: z.int().min(1),
    /** Credited time of everybody by how it was proven. */
    totals: z.strictObject({
      chip: milliseconds,
      official: milliseconds,
      enrolled: milliseconds,
      witnessed: milliseconds,
      manual: milliseconds,
      none: milliseconds,
      simulated: milliseconds,
    }),
    /** What was open and closed nevertheless: undecided records, sessions not over; null when nothing was. */
    exceptions: z
      .strictObject({ doubts: z.int().min(0), sessions: z.int().min(0), reason: label })
      .nullable(),
    act: signedAct,
  }),
} as const
