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
