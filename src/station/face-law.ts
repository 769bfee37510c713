import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { birthOf, parseCitizenNumber } from '../cards/codec/citizen-number.ts'

/* Numbers that face law sets for the whole country, from `face-law.json`, each with its document and clause. */

const number = z.strictObject({ value: z.int().min(1), kind: z.enum(['regulation', 'own-choice']) })
const law = z.strictObject({
  leastAge: number.extend({ document: z.string(), clause: z.string() }),
  filing: z.strictObject({ document: z.string(), clause: z.string(), filingAt: number, alarmAt: number }),
})
export type FaceLaw = z.infer<typeof law>

let read: FaceLaw | null = null

/** Throws when the file that ships with the product is not what it should be. */
export function faceLaw(): FaceLaw {
  read ??= law.parse(JSON.parse(readFileSync(new URL('./face-law.json', import.meta.url), 'utf8')))
  return read
}

/**
 * Whether the holder of a citizen number has not reached the least age on a day (`YYYY-MM-DD`): below it a guardian would
 * have to consent, which this product does not take. Other numbers say nothing about age.
 */
export function isTooYoung(identityNumber: string, today: string): boolean {
  if (parseCitizenNumber(identityNumber) === null) return false
  const birth = birthOf(identityNumber)
  const birthday = `${Number(birth.slice(0, 4)) + faceLaw().leastAge.value}${birth.slice(4)}`
  return today < birthday
}
