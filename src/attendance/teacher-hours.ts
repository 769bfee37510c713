import type { ClassHistory, TeacherRecord } from './history.ts'
import { clip, duration, type Interval, union } from './interval.ts'

export interface TeacherSession {
  readonly session: string
  /** Between sign-in and sign-out, inside the session, milliseconds. */
  readonly ms: number
  /** Signed in or out, not both. */
  readonly incomplete: boolean
  readonly substitutes: string | null
}

export interface TeacherHours {
  readonly actor: string
  readonly ms: number
  readonly sessions: readonly TeacherSession[]
}

/**
 * Hours that teachers taught in a class, from what they signed with their own keys, in the order in which they first
 * came. They are listed and never among the trainees' hours.
 */
export function teacherHours({
  sessions,
  entries,
}: Pick<ClassHistory, 'sessions' | 'entries'>): TeacherHours[] {
  const records = entries?.teachers ?? []
  const actors = [...new Set(records.map(({ actor }) => actor))]
  return actors.map((actor) => {
    const taught = sessions.flatMap((session): TeacherSession[] => {
      const own = records.filter((record) => record.actor === actor && record.session === session.id)
      if (own.length === 0) return []
      const { stays, incomplete } = pair(own)
      const substitutes = own.find((record) => record.substitutes !== null)?.substitutes ?? null
      return [{ session: session.id, ms: duration(union(clip(stays, session))), incomplete, substitutes }]
    })
    return { actor, ms: taught.reduce((sum, { ms }) => sum + ms, 0), sessions: taught }
  })
}

function pair(records: readonly TeacherRecord[]): { stays: Interval[]; incomplete: boolean } {
  const stays: Interval[] = []
  let came: number | null = null
  let incomplete = false
  for (const { direction, time } of records) {
    if (direction === 'in') {
      incomplete ||= came !== null
      came = time.wall
    } else if (came === null) incomplete = true
    else {
      stays.push({ start: came, end: Math.max(came, time.wall) })
      came = null
    }
  }
  return { stays, incomplete: incomplete || came !== null }
}
