/*
 * Days as people count them: `YYYY-MM-DD`, no zone and no time. A day of birth never becomes an instant, so that
 * the daylight saving time of 1986 to 1991 (and the local times before 1949) can't move it to the day before.
 */

const DAY_MS = 86_400_000

/** A civil date from `YYYY-MM-DD` or `YYYYMMDD`, as a card writes it; null for anything that is no day. */
export function parseCivilDate(text: string): string | null {
  const match = /^(\d{4})-?(\d{2})-?(\d{2})$/.exec(text)
  if (match === null || text.length === 9) return null
  const date = `${match[1]}-${match[2]}-${match[3]}`
  const day = Date.parse(`${date}T00:00:00Z`)
  return !Number.isNaN(day) && new Date(day).toISOString().startsWith(date) ? date : null
}

/** The date some days later, or earlier with a negative number. */
export function addDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10)
}

/** 0 for Sunday to 6 for Saturday. */
export function weekday(date: string): number {
  return new Date(`${date}T00:00:00Z`).getUTCDay()
}

/** Whole years of age on a day: a birthday counts from its first moment, and 29 February is 1 March in other years. */
export function ageOn(birth: string, date: string): number {
  const years = Number(date.slice(0, 4)) - Number(birth.slice(0, 4))
  return date.slice(5) < birth.slice(5) ? years - 1 : years
}

/** Whole months from one day to a later one; 31 January to 28 February is none. */
export function monthsBetween(from: string, until: string): number {
  const months = (date: string) => Number(date.slice(0, 4)) * 12 + Number(date.slice(5, 7))
  return months(until) - months(from) - (until.slice(8) < from.slice(8) ? 1 : 0)
}
