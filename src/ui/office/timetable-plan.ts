import { civilDate, civilTime, parseCivil } from '../../common/civil-time.ts'
import type { Session } from './lists.ts'

const DAY_MS = 86_400_000

/** One part of a teaching day, `HH:MM` in China; an end at or before its start is on the next day. */
export interface DayPart {
  readonly start: string
  readonly end: string
}

/**
 * The sessions of a class that has the same hours on each day, from `from` to `to` (`YYYY-MM-DD`, both taught), each
 * named by its start as the command line names them. Empty when a date or a time is none.
 */
export function dailySessions(
  from: string,
  to: string,
  days: 'weekdays' | 'everyDay',
  parts: readonly DayPart[],
): Session[] {
  const first = parseCivil(`${from}T00:00`)
  const last = parseCivil(`${to}T00:00`)
  if (first === null || last === null) return []
  const sessions: Session[] = []
  for (let day = first; day <= last && sessions.length < MOST_SESSIONS; day += DAY_MS) {
    if (days === 'weekdays' && isWeekend(day)) continue
    for (const part of parts) {
      const id = `${civilDate(day)}T${part.start}`
      const start = parseCivil(id)
      const end = parseCivil(`${civilDate(day)}T${part.end}`)
      if (start === null || end === null) return []
      sessions.push({ id, start, end: end > start ? end : end + DAY_MS })
    }
  }
  return sessions
}

/** The instant of `HH:MM` that lies nearest to the middle of a session, which may cross midnight; null for no time. */
export function instantNear({ start, end }: Pick<Session, 'start' | 'end'>, time: string): number | null {
  const sameDay = parseCivil(`${civilDate(start)}T${time}`)
  if (sameDay === null) return null
  const middle = (start + end) / 2
  const distance = (instant: number) => Math.abs(instant - middle)
  return [sameDay - DAY_MS, sameDay, sameDay + DAY_MS].reduce((best, one) =>
    distance(one) < distance(best) ? one : best,
  )
}

/** Today in China as a field takes it, and the time now. */
export function today(): string {
  return civilDate(Date.now())
}

export function timeOf(wall: number): string {
  return civilTime(wall)
}

/** `day` is midnight in China. */
function isWeekend(day: number): boolean {
  const weekday = new Date(day + 8 * 3600_000).getUTCDay()
  return weekday === 0 || weekday === 6
}

/** Of the protocol. */
const MOST_SESSIONS = 2000
