import { z } from 'zod'

/*
 * What a phone is asked to sign. It signs the two statements of a visit and nothing else: a text that looks like
 * something else must not get an inspector's name under it.
 */

const visitStatement = z.discriminatedUnion('act', [
  z.looseObject({
    act: z.literal('visit.open'),
    visit: z.string(),
    class: z.string(),
    inspector: z.looseObject({ publicKey: z.string() }),
    standing: z.enum(['listed', 'list-expired', 'no-list', 'unlisted']),
    since: z
      .looseObject({ size: z.int(), finding: z.enum(['consistent', 'rolled-back', 'rewritten']) })
      .nullable(),
    origin: z.string(),
    at: z.number(),
  }),
  z.looseObject({
    act: z.literal('visit.close'),
    visit: z.string(),
    class: z.string(),
    institution: z.looseObject({ signed: z.boolean() }),
    covers: z.looseObject({ events: z.int() }).optional(),
    note: z.string().nullable(),
    origin: z.string(),
    at: z.number(),
  }),
])
export type VisitStatement = z.infer<typeof visitStatement>

/** Reads a statement; null when it is none of a visit, or an opening for another inspector's key. Total. */
export function readStatement(text: string, publicKey: string): VisitStatement | null {
  try {
    const parsed = visitStatement.safeParse(JSON.parse(text))
    if (!parsed.success) return null
    const { data } = parsed
    return data.act === 'visit.open' && data.inspector.publicKey !== publicKey ? null : data
  } catch {
    return null
  }
}
