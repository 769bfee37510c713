import { z } from 'zod'
import { cited } from './cited.ts'

/*
 * What the second pack format says about hours beyond the rules of the first: how many lessons a day may have, how
 * they divide, and how much attendance a person and a class need. Each may be empty; an empty one is not applied.
 */

const percent = z.int().min(0).max(100)
const lessons = z.int().min(1).max(10_000)

export const trainingLevels = [
  'primary',
  'intermediate',
  'advanced',
  'technician',
  'senior-technician',
] as const
export const trainingKinds = [
  'employment',
  'upskilling',
  'pre-job',
  'transfer',
  'startup',
  'apprenticeship',
  'work-based',
  'safety',
  'single-skill',
] as const

export const trainingLevel = z.enum(trainingLevels)
export const trainingKind = z.enum(trainingKinds)
export type TrainingLevel = z.infer<typeof trainingLevel>
export type TrainingKind = z.infer<typeof trainingKind>

export const lessonRules = z.strictObject({
  /** A slot counts as a lesson from this many credited minutes on, with rounding per lesson; `none`: as time is. */
  effectiveLessonMinutes: cited(z.union([z.literal('none'), z.int().min(1).max(240)])),
  /** Most lessons that one civil day can give, of each kind and in all; null inside: no limit of that kind. */
  dailyMaximum: cited(
    z.strictObject({
      theory: lessons.nullable(),
      practice: lessons.nullable(),
      all: lessons.nullable(),
    }),
  ),
  /** Least lessons of a class, for a certificate level or a kind of training. */
  minimumLessons: cited(
    z.array(
      z.strictObject({ for: z.enum(['qualification', 'single-skill', ...trainingLevels]), least: lessons }),
    ),
  ),
  /** Least share of the timetable that theory and practice have. */
  minimumSharePercent: cited(z.strictObject({ theory: percent, practice: percent })),
  /** Least share of the timetable that a person was there for. */
  personAttendancePercent: cited(percent),
  /** Below these shares of people who are there a class gets a yellow or a red card. */
  classAttendancePercent: cited(z.strictObject({ yellowBelow: percent, redBelow: percent })),
  /** Most of the timetable that leave may take. */
  leaveMaximumPercent: cited(percent),
  /** Share of a class's records that may come by hand before an alarm. */
  manualMaximumPercent: cited(percent),
})

export type LessonRules = z.infer<typeof lessonRules>

/** Dates and counts around a class: nothing here changes hours, other programs ask for them. */
export const procedureRules = z.strictObject({
  filingDaysBefore: cited(z.int().min(0).max(365)),
  examRosterDaysBefore: cited(z.int().min(0).max(365)),
  claimWorkdaysAfter: cited(z.int().min(0).max(365)),
  reportDayOfMonth: cited(z.int().min(1).max(28)),
  phoneCheckPercent: cited(percent),
  classSizeMaximum: cited(z.int().min(1).max(10_000)),
  archiveYears: cited(z.int().min(1).max(100)),
  videoYears: cited(z.int().min(1).max(100)),
})

export type ProcedureRules = z.infer<typeof procedureRules>
