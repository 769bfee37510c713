import { z } from 'zod'
import readers from '../../native-config/readers.json' with { type: 'json' }
import { Fault } from '../common/fault.ts'
import { failed, ok, type Result } from '../common/result.ts'

/*
 * Readers as data. A reader of a known family is one more entry in native-config/readers.json; every value there says
 * where it comes from.
 */

const baudRate = z.int().min(9_600).max(115_200)

function sourced<T extends z.ZodType>(value: T) {
  return z.strictObject({ value, source: z.string().min(1) })
}

export const readerProfile = z.strictObject({
  name: z.string().regex(/^[a-z0-9-]+$/),
  /** What a technician reads on the box. */
  title: z.string().min(1),
  family: z.literal('sam-serial'),
  baudRate: sourced(baudRate),
  /** Tried in this order when nothing answers at `baudRate`. */
  otherBaudRates: sourced(z.array(baudRate)),
  /** Largest RF frame to set once after opening (61 FF), null: leave it alone. */
  maxRfBytes: sourced(z.int().min(1).max(255)).nullable(),
  /** Pause between two finds while no card lies there, milliseconds. */
  pollMs: sourced(z.int().min(50).max(5_000)),
})
export type ReaderProfile = z.infer<typeof readerProfile>

export const readerProfiles = z.strictObject({ readers: z.array(readerProfile).min(1) })

export const DEFAULT_PROFILE = 'sam-serial'

/** The profile of that name; `USAGE_PROFILE` lists the names there are. */
export function findProfile(name: string): Result<ReaderProfile> {
  const profiles = readerProfiles.parse(readers).readers
  const profile = profiles.find((candidate) => candidate.name === name)
  if (profile !== undefined) return ok(profile)
  const names = profiles.map((known) => known.name).join(', ')
  return failed(new Fault('USAGE_PROFILE', `no reader profile "${name}"; there are: ${names}`))
}
