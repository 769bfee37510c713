import type { FairnessTrial } from './fairness-trials.ts'

/** What is known of a person; null where the site keeps nothing. Dates are ISO. */
export interface PersonAttributes {
  readonly birth: string | null
  readonly sex: 'male' | 'female' | null
  /** Name of the card's ethnicity field. */
  readonly ethnicity: string | null
  /** Day on which the card was issued. */
  readonly cardIssued: string | null
}

export const DIMENSIONS = ['age', 'sex', 'ethnicity', 'portraitAge'] as const
export type Dimension = (typeof DIMENSIONS)[number]

export const UNKNOWN = 'unknown'

/** Lower bounds of the bands, years; a band ends where the next begins. */
const AGE_BANDS = [0, 25, 35, 45, 55]
const PORTRAIT_BANDS = [0, 5, 10, 15]

/** The group of a person at a moment; the age of a portrait is a trial's, see `portraitGroup`. */
export function personGroup(
  dimension: Exclude<Dimension, 'portraitAge'>,
  { birth, sex, ethnicity }: PersonAttributes,
  at: number,
): string {
  if (dimension === 'sex') return sex ?? UNKNOWN
  if (dimension === 'ethnicity') return ethnicity ?? UNKNOWN
  return birth === null ? UNKNOWN : band(yearsBetween(birth, at), AGE_BANDS)
}

/**
 * How old the reference portrait was: since the card's day of issue for the chip's, since its enrolment for one that was
 * taken here. An institution's picture has no date.
 */
export function portraitGroup(
  { portrait, portraitTaken, at }: Pick<FairnessTrial, 'portrait' | 'portraitTaken' | 'at'>,
  { cardIssued }: Pick<PersonAttributes, 'cardIssued'>,
): string {
  if (portraitTaken !== null) return band((at - portraitTaken) / YEAR_MS, PORTRAIT_BANDS)
  if (portrait === 'chip' && cardIssued !== null) return band(yearsBetween(cardIssued, at), PORTRAIT_BANDS)
  return UNKNOWN
}

/** Whole years between a civil day and a moment, both China's; negative before the day. */
export function yearsBetween(day: string, at: number): number {
  const today = new Date(at + CHINA_MS).toISOString().slice(0, 10)
  const years = Number(today.slice(0, 4)) - Number(day.slice(0, 4))
  return today.slice(5) < day.slice(5) ? years - 1 : years
}

const CHINA_MS = 8 * 3600_000
const YEAR_MS = 365.25 * 24 * 3600_000

function band(years: number, bounds: readonly number[]): string {
  // A date in the future is somebody's typing error or a wrong clock.
  if (!(years >= 0)) return UNKNOWN
  const index = bounds.findLastIndex((bound) => years >= bound)
  const next = bounds[index + 1]
  if (next === undefined) return `${bounds[index]}+`
  return index === 0 && bounds[0] === 0 ? `under ${next}` : `${bounds[index]}–${next - 1}`
}
