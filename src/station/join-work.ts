import { z } from 'zod'

/** Takes part in a class of another station by the file that proves its opening; `src/desk` verifies it first. */
export const joinWork = z.discriminatedUnion('act', [
  z.strictObject({
    act: z.literal('join.class'),
    /** What `shidao class opening` wrote, base64. */
    proof: z.base64().min(1).max(1_000_000),
    /** Verifier key of the station that opened the class. */
    vkey: z.string().min(1).max(400),
    /** The class's rule pack; null where it is here already. */
    pack: z
      .string()
      .max(1024 * 1024)
      .nullable(),
    by: z.strictObject({ actor: z.string().regex(/^[0-9a-f]{32}$/), pin: z.string().min(4).max(32) }),
  }),
])
export type JoinWork = z.infer<typeof joinWork>
