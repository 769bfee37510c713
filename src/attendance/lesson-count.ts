import { civilDate } from '../common/civil-time.ts'
import type { Credit } from './credit.ts'
import type { RulePack } from './rule-pack.ts'
import type { Session } from './timetable.ts'

export interface CreditedSession {
  readonly session: Session
  readonly credit: Pick<Credit, 'lessonMs'>
}

/** A civil day in China. A session belongs to the day on which it starts, also when it ends after midnight. */
export interface DayCount {
  readonly date: string
  readonly creditedMs: number
  /** What counts of it: whole lessons where the pack rounds by lesson or session, and no more than a day may have. */
  readonly countedMs: number
}

export interface LessonCount {
  /** Rounded once, at the level that the pack names. */
  readonly lessons: number
  /** Counted time of each kind; null where the class doesn't tell them apart. */
  readonly theoryMs: number | null
  readonly practiceMs: number | null
  readonly days: readonly DayCount[]
}

/** Lessons (课时) from credited milliseconds: slots become lessons, days are capped, and rounding happens once. */
export function countLessons(
  credited: readonly CreditedSession[],
  pack: RulePack,
  practice: ReadonlySet<string> | null,
): LessonCount {
  const lessonMs = pack.rules.lessonMinutes.value * 60_000
  const days = [...byDay(credited)].map(([date, sessions]) => ({
    date,
    creditedMs: sum(sessions.map(({ credit }) => sum(credit.lessonMs))),
    ...countDay(sessions, pack, practice),
  }))
  const counted = sum(days.map(({ countedMs }) => countedMs))
  return {
    lessons: rounder(pack)(counted / lessonMs),
    theoryMs: practice === null ? null : sum(days.map(({ theoryMs }) => theoryMs)),
    practiceMs: practice === null ? null : sum(days.map(({ practiceMs }) => practiceMs)),
    days: days.map(({ date, creditedMs, countedMs }) => ({ date, creditedMs, countedMs })),
  }
}

function byDay(credited: readonly CreditedSession[]): Map<string, CreditedSession[]> {
  const days = new Map<string, CreditedSession[]>()
  const inTime = [...credited].sort((a, b) => a.session.start - b.session.start)
  for (const found of inTime) {
    const date = civilDate(found.session.start)
    const sessions = days.get(date) ?? []
    sessions.push(found)
    days.set(date, sessions)
  }
  return days
}

function countDay(
  sessions: readonly CreditedSession[],
  pack: RulePack,
  practice: ReadonlySet<string> | null,
): { countedMs: number; theoryMs: number; practiceMs: number } {
  const most = pack.more?.lessons.dailyMaximum.value ?? { theory: null, practice: null, all: null }
  const lessonMs = pack.rules.lessonMinutes.value * 60_000
  const counted = (wanted: readonly CreditedSession[]) =>
    sum(wanted.map((found) => countSession(found, pack)))
  const capped = (ms: number, lessons: number | null) =>
    lessons === null ? ms : Math.min(ms, lessons * lessonMs)
  if (practice === null) {
    // Nobody told the kinds apart: together they may have what both may have.
    const both = most.theory === null || most.practice === null ? null : most.theory + most.practice
    return { countedMs: capped(capped(counted(sessions), both), most.all), theoryMs: 0, practiceMs: 0 }
  }
  const isPractice = ({ session }: CreditedSession) => practice.has(session.id)
  const theoryMs = capped(counted(sessions.filter((found) => !isPractice(found))), most.theory)
  const practiceMs = capped(counted(sessions.filter(isPractice)), most.practice)
  return { countedMs: capped(theoryMs + practiceMs, most.all), theoryMs, practiceMs }
}

/** Time of one session as the pack's level counts it: whole lessons, or every millisecond until the class is added up. */
function countSession({ credit }: CreditedSession, pack: RulePack): number {
  const { level } = pack.rules.rounding.value
  const lessonMs = pack.rules.lessonMinutes.value * 60_000
  const round = rounder(pack)
  if (level === 'class') return sum(credit.lessonMs)
  if (level === 'session') return round(sum(credit.lessonMs) / lessonMs) * lessonMs
  const effective = pack.more?.lessons.effectiveLessonMinutes.value ?? 'none'
  const lessonsOf = (ms: number) =>
    effective === 'none' ? round(ms / lessonMs) : Number(ms >= effective * 60_000)
  return sum(credit.lessonMs.map(lessonsOf)) * lessonMs
}

function rounder(pack: RulePack): (lessons: number) => number {
  return pack.rules.rounding.value.mode === 'down' ? Math.floor : Math.round
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
