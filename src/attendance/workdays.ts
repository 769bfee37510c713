import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { civilDay } from './cited.ts'
import { addDays, weekday } from './civil-date.ts'

/** One year of public holidays and shifted workdays, as the State Council's office announced it. */
export const calendarYear = z.strictObject({
  year: z.int().min(1949).max(2200),
  document: z.string().min(1).max(500),
  /** Of the document. */
  date: civilDay,
  holidays: z.array(z.strictObject({ name: z.string().min(1).max(100), from: civilDay, until: civilDay })),
  /** Saturdays and Sundays on which people work. */
  workdays: z.array(civilDay),
})
export type CalendarYear = z.infer<typeof calendarYear>

export type DayKind = 'workday' | 'weekend' | 'holiday'

/** Knows what kind of day a date is, for the years that it has; a year without an announcement is not guessed. */
export class WorkCalendar {
  readonly #years = new Map<number, { holidays: Map<string, string>; workdays: ReadonlySet<string> }>()

  constructor(years: readonly CalendarYear[]) {
    for (const { year, holidays, workdays } of years) {
      const days = new Map<string, string>()
      for (const { name, from, until } of holidays) {
        for (let date = from; date <= until; date = addDays(date, 1)) days.set(date, name)
      }
      this.#years.set(year, { holidays: days, workdays: new Set(workdays) })
    }
  }

  /** What a date is, or null for a year that no file covers. */
  kindOf(date: string): DayKind | null {
    const year = this.#years.get(Number(date.slice(0, 4)))
    if (year === undefined) return null
    if (year.holidays.has(date)) return 'holiday'
    if (year.workdays.has(date)) return 'workday'
    return [0, 6].includes(weekday(date)) ? 'weekend' : 'workday'
  }

  /** The holiday that a date belongs to, null where it is none or the year is unknown. */
  holidayOn(date: string): string | null {
    return this.#years.get(Number(date.slice(0, 4)))?.holidays.get(date) ?? null
  }

  /** The date that is so many workdays after another one; null when it needs a year that no file covers. */
  workdaysAfter(date: string, workdays: number): string | null {
    let day = date
    for (let left = workdays; left > 0; ) {
      day = addDays(day, 1)
      const kind = this.kindOf(day)
      if (kind === null) return null
      if (kind === 'workday') left--
    }
    return day
  }
}

const SHIPPED = new URL('./calendar/', import.meta.url)

/** The years that ship (`src/attendance/calendar/*.json`). */
export function shippedCalendar(): WorkCalendar {
  const names = readdirSync(fileURLToPath(SHIPPED)).filter((name) => name.endsWith('.json'))
  return new WorkCalendar(
    names.sort().map((name) => calendarYear.parse(JSON.parse(readFileSync(new URL(name, SHIPPED), 'utf8')))),
  )
}
