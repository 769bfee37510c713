import { z } from 'zod'

/** A private key under a PIN as it stands in a file, see `WrappedKey` in `src/ledger/act.ts`. */
export const wrappedKey = z.strictObject({
  v: z.literal(1),
  kdf: z.strictObject({
    name: z.literal('scrypt'),
    logN: z.int().min(10).max(20),
    r: z.int().min(1).max(16),
    p: z.int().min(1).max(16),
  }),
  salt: z.string().regex(/^[0-9a-f]{32}$/),
  sealed: z.string().regex(/^([0-9a-f]{2}){28,512}$/),
})
