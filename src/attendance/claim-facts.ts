import { z } from 'zod'
import { civilDay, regionCode } from './cited.ts'
import { certificateKind, institutionKind, personGroup } from './claim-rules.ts'
import { type TrainingLevel, trainingKind, trainingLevel } from './lesson-rules.ts'

/*
 * What claims need to know beside attendance. Null always means "not known": nothing is assumed from silence, and an
 * answer that needs it is `unknown`.
 */

const label = z.string().min(1).max(200)
const fen = z.int().min(0).max(100_000_000)

/** About a class; in the ledger as it is. */
export const classFacts = z.strictObject({
  occupation: label.nullable().default(null),
  level: trainingLevel.nullable().default(null),
  trainingKind: trainingKind.nullable().default(null),
  form: z.enum(['open', 'project', 'employer']).nullable().default(null),
  institution: institutionKind.nullable().default(null),
  region: regionCode.nullable().default(null),
  /** Whether the county adopted the uplift that the pack allows. */
  uplift: z.enum(['adopted', 'not-adopted']).nullable().default(null),
  filedLessons: z.int().min(1).max(10_000).nullable().default(null),
  practiceSessions: z.array(label).max(2000).nullable().default(null),
  items: z.array(label).max(64).nullable().default(null),
  agreedFen: z.record(label, fen).default({}),
  packs: z
    .array(z.string().regex(/^[0-9a-f]{64}$/))
    .max(16)
    .default([]),
})
export type ClassFacts = z.infer<typeof classFacts>

export const placeKind = z.enum(['training', 'work', 'residence', 'household'])
export type PlaceKind = z.infer<typeof placeKind>

/** About a person; sealed. */
export const personFacts = z.strictObject({
  groups: z.array(personGroup).nullable().default(null),
  work: regionCode.nullable().default(null),
  residence: regionCode.nullable().default(null),
  household: regionCode.nullable().default(null),
  /** Where the person claims; null: at the place of training. */
  claimPlace: placeKind.nullable().default(null),
  /** A pension that is drawn every month. */
  pension: z.enum(['none', 'employees-basic', 'other']).nullable().default(null),
  insuranceMonths: z.int().min(0).max(1200).nullable().default(null),
  /** Months that the labour contract runs, 0 without one, and the day of hire. */
  contractMonths: z.int().min(0).max(1200).nullable().default(null),
  hiredOn: civilDay.nullable().default(null),
  recommendationAgreement: z.boolean().nullable().default(null),
  /** Months of work-based training; null: not known. */
  workMonths: z.int().min(0).max(600).nullable().default(null),
  /** The voucher's number and what it is worth; false: there is none. */
  voucher: z
    .union([z.literal(false), z.strictObject({ number: label, fen })])
    .nullable()
    .default(null),
})
export type PersonFacts = z.infer<typeof personFacts>

/** A certificate as its issuer gives it; sealed. `kind` is null for one that the list of kinds doesn't have. */
export const certificate = z.strictObject({
  kind: certificateKind.nullable(),
  number: label,
  occupation: label.nullable(),
  level: trainingLevel.nullable(),
  issuedOn: civilDay,
})
export type Certificate = z.infer<typeof certificate>

/** A subsidy from elsewhere; sealed. */
export const priorSubsidy = z.strictObject({
  /** `training-subsidy`, or the name of an item of a pack. */
  item: label,
  on: civilDay,
  occupation: label.nullable(),
  level: trainingLevel.nullable(),
  region: regionCode.nullable(),
})
export type PriorSubsidy = z.infer<typeof priorSubsidy>
export const priorSubsidies = z.array(priorSubsidy).max(1000)

/** Everything about a person that nobody has told yet. */
export const unknownPerson: PersonFacts = personFacts.parse({})
export const unknownClass: ClassFacts = classFacts.parse({})

const levelNames: Readonly<Record<string, TrainingLevel>> = {
  ...{ 初级: 'primary', 初级工: 'primary', 五级: 'primary', '五级/初级工': 'primary' },
  ...{ 中级: 'intermediate', 中级工: 'intermediate', 四级: 'intermediate', '四级/中级工': 'intermediate' },
  ...{ 高级: 'advanced', 高级工: 'advanced', 三级: 'advanced', '三级/高级工': 'advanced' },
  ...{ 技师: 'technician', 二级: 'technician', '二级/技师': 'technician' },
  ...{ 高级技师: 'senior-technician', 一级: 'senior-technician', '一级/高级技师': 'senior-technician' },
}

/** A level by the name of its code or in Chinese, null for any other word. */
export function levelNamed(name: string): TrainingLevel | null {
  const known = trainingLevel.safeParse(name)
  return known.success ? known.data : (levelNames[name] ?? null)
}
