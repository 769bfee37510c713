import { z } from 'zod'

/* What the schemas of many kinds of event are made of. */

export const hex = (bytes: number) => z.string().regex(new RegExp(`^[0-9a-f]{${bytes * 2}}$`))
/** Random 128-bit id, hex. */
export const id = hex(16)
export const sha256 = hex(32)
export const label = z.string().min(1).max(200)

/**
 * A manual act: `statement` is the exact JSON text that the people signed with their own keys
 * (Ed25519 over `shidao-act/v1\n` + statement), never re-serialised.
 */
export const signedAct = z.strictObject({
  statement: z.string().min(2).max(4000),
  signatures: z
    .array(z.strictObject({ actor: id, signature: hex(64) }))
    .min(1)
    .max(4),
})
export type SignedAct = z.infer<typeof signedAct>

/** Milliseconds since 1970-01-01T00:00:00Z. */
export const instant = z.int().min(0)
export const score = z.number().min(-1).max(1)

/** A day in China, `YYYY-MM-DD`. */
export const civilDay = z.string().regex(/^\d{4}-\d{2}-\d{2}$/)

export const readerIdentity = z.strictObject({
  profile: label,
  port: label,
  samId: z.string().max(64).nullable(),
  /** The socket that it is plugged into, where the system says it. */
  usbPath: label.optional(),
})

export const session = z.strictObject({ id: label, start: instant, end: instant })
