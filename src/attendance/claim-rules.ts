import { z } from 'zod'
import { cited } from './cited.ts'
import { trainingKind, trainingLevel } from './lesson-rules.ts'

/*
 * What a pack says about money. The notices pay by certificate, head, day or month; hours decide whether a person
 * and a class count. All amounts are integer fen.
 */

const fen = z.int().min(0).max(100_000_000)
const months = z.int().min(1).max(600)

export const claimUnits = ['certificate', 'head', 'day', 'month', 'hour'] as const
export type ClaimUnit = (typeof claimUnits)[number]

export const personGroups = [
  'poor-worker',
  'poor-family-child',
  'hard-to-employ',
  'zero-employment-family',
  'rural-two-leaver',
  'urban-low-income-two-leaver',
  'rural-migrant',
  'laid-off',
  'employee',
  'apprentice',
  'veteran',
  'disabled',
  'graduate',
  'student',
  'prisoner',
  'detox',
  'community-correction',
] as const
export const personGroup = z.enum(personGroups)
export type PersonGroup = z.infer<typeof personGroup>

export const certificateKinds = [
  'qualification',
  'skill-level',
  'single-skill',
  'special-operation',
  'training',
] as const
export const certificateKind = z.enum(certificateKinds)

export const payee = z.enum(['trainee', 'institution', 'employer'])
export const institutionKind = z.enum(['public', 'vocational-school', 'private', 'employer'])

/** How an amount comes about; `bound` says whether the document fixes it, sets a floor or a ceiling. */
export const amount = z.discriminatedUnion('mode', [
  /** So much for each unit. */
  z.strictObject({ mode: z.literal('rate'), fen, bound: z.enum(['exact', 'at-least', 'at-most']) }),
  /** Lessons become days, rounded up, and days money; a kind of training may have its own number of days. */
  z.strictObject({
    mode: z.literal('converted-days'),
    lessonsPerDay: z.int().min(1).max(24),
    fenPerDay: fen,
    overrides: z
      .array(
        z.strictObject({
          trainingKind,
          leastLessons: z.int().min(0),
          days: z.int().min(0).max(366),
        }),
      )
      .max(20),
  }),
  /** By the certificate's level, each with the lessons that the class needs for it. */
  z.strictObject({
    mode: z.literal('by-level'),
    levels: z
      .array(z.strictObject({ level: trainingLevel, fen, leastLessons: z.int().min(0) }))
      .min(1)
      .max(10),
  }),
])
export type Amount = z.infer<typeof amount>

/** What an item may depend on. */
export const claimConditions = [
  'attendance',
  'class-attendance',
  'filed-lessons',
  'certificate',
  'yearly-limit',
  'same-occupation-level',
  'pension',
  'insurance',
  'contract',
  'agreement',
] as const
export type ClaimCondition = (typeof claimConditions)[number]

export const claimItem = z.strictObject({
  title: z.string().min(1).max(200),
  unit: cited(z.enum(claimUnits)),
  /** Kinds of training it is for; `any` where the document sets none. */
  trainingKinds: cited(z.union([z.literal('any'), z.array(trainingKind).min(1)])),
  payee: cited(payee),
  /** Who may have it; `anybody` where the document sets no group. */
  groups: cited(z.union([z.literal('anybody'), z.array(personGroup).min(1)])),
  /** Institutions it is paid for; `any` where the document sets none. */
  institutions: cited(z.union([z.literal('any'), z.array(institutionKind).min(1)])),
  amount: cited(amount),
  /** Raises the amount where a county decided so. */
  uplift: cited(z.union([z.literal('none'), z.strictObject({ percent: z.int().min(1).max(100) })])),
  /** What makes units: lessons (or days with at least so many) that were verified, or the filed plan's. */
  basis: cited(
    z.strictObject({
      lessons: z.enum(['verified', 'filed']),
      /** Fewest verified lessons that make a civil day count. */
      dayLeastLessons: z.int().min(1).max(24).nullable(),
    }),
  ),
  /** Most units of one claim, e.g. six months. */
  maximumUnits: cited(z.union([z.literal('none'), z.int().min(1).max(10_000)])),
  /** How often one person may have it. */
  limit: cited(
    z.union([
      z.literal('none'),
      z.strictObject({ count: z.int().min(1).max(100), per: z.enum(['year', 'lifetime']) }),
    ]),
  ),
  /** A voucher settles it, up to what is printed on the voucher; without: a transfer. */
  settlement: cited(z.enum(['transfer', 'voucher'])),
  conditions: cited(z.array(z.enum(claimConditions)).max(claimConditions.length)),
})
export type ClaimItem = z.infer<typeof claimItem>

export const eligibilityRules = z.strictObject({
  /** Training subsidies in one calendar year; `inPrinciple` leaves room for a decision above it. */
  yearlyLimit: cited(
    z.strictObject({
      count: z.int().min(1).max(100),
      inPrinciple: z.boolean(),
      /** Groups with a count of their own. */
      groups: z.array(z.strictObject({ group: personGroup, count: z.int().min(1).max(100) })).optional(),
    }),
  ),
  sameOccupationLevelOnce: cited(z.boolean()),
  higherLevelBlocksLower: cited(z.boolean()),
  /** Which monthly pension excludes somebody. */
  pension: cited(z.enum(['any-monthly', 'employees-basic'])),
  unemploymentInsurance: cited(
    z.strictObject({ leastMonths: months, trainingKinds: z.array(trainingKind).min(1) }),
  ),
  contract: cited(
    z.strictObject({
      leastMonths: months,
      withinMonthsOfHire: months,
      trainingKinds: z.array(trainingKind).min(1),
    }),
  ),
  /** Groups that need an agreement to recommend them for work before the training. */
  recommendationAgreement: cited(z.array(personGroup).min(1)),
  /** Certificates that meet the condition; `open` when the document's list ends with 等. */
  certificates: cited(z.strictObject({ kinds: z.array(certificateKind).min(1), open: z.boolean() })),
})
export type EligibilityRules = z.infer<typeof eligibilityRules>

export const claimRules = z.strictObject({
  eligibility: eligibilityRules,
  /** Share that may be paid before the class ends, and for which items and forms of training. */
  advance: cited(
    z.union([
      z.literal('none'),
      z.strictObject({
        percent: z.int().min(1).max(100),
        forms: z.array(z.enum(['project', 'employer'])).min(1),
        items: z.array(z.string()).min(1),
      }),
    ]),
  ),
  items: z.record(z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/), claimItem),
})
export type ClaimRules = z.infer<typeof claimRules>
