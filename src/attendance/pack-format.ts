import { z } from 'zod'
import { type Cited, cited, civilDay, regionCode } from './cited.ts'
import { claimRules } from './claim-rules.ts'
import { lessonRules, procedureRules } from './lesson-rules.ts'

const text = z.string().min(1).max(500)
const packId = z.string().regex(/^[a-z0-9][a-z0-9.-]{0,99}$/)

type Wrap = <T extends z.ZodType>(value: T) => z.ZodType
type ValueOf<T> = { readonly [K in keyof T]: T[K] extends z.ZodType ? z.infer<T[K]> : never }

/** What each rule of the first format may be. */
const values = {
  /** Length of one lesson (课时). Slots of this length are counted from a session's start. */
  lessonMinutes: z.int().min(1).max(240),
  /** A shorter time between sign-in and sign-out credits nothing. */
  minimumStayMinutes: z.int().min(0).max(240),
  signPolicy: z.literal('in-and-out-per-session'),
  /** A repeated record in the same direction within this time is the same act. */
  duplicateWindowSeconds: z.int().min(0).max(3600),
  /** Time becomes lessons once: per lesson slot, per session, or over the whole class. */
  rounding: z.strictObject({
    level: z.enum(['lesson', 'session', 'class']),
    mode: z.enum(['down', 'nearest']),
  }),
  unresolvedDoubt: z.literal('not-counted'),
  simulatedRecords: z.literal('not-counted'),
  offRosterRecords: z.literal('not-counted'),
  /** How far the wall clock may differ from boot time over one stay inside one boot. */
  clockToleranceSeconds: z.int().min(0).max(3600),
  absence: z.literal('after-watermark'),
}
/** A lesson that somebody joins later or leaves earlier than this is lost. */
const graces = {
  lateGraceMinutes: z.int().min(0).max(240),
  earlyLeaveGraceMinutes: z.int().min(0).max(240),
}

/** Rules that turn records into hours, all of them there. A grace of null: the region has no such rule. */
export type Rules = {
  readonly [K in keyof typeof values]: Cited<ValueOf<typeof values>[K]>
} & { readonly [K in keyof typeof graces]: Cited<number | null> }

/** The order in which the rules stand in files and tables. */
export const ruleNames = [
  'lessonMinutes',
  'lateGraceMinutes',
  'earlyLeaveGraceMinutes',
  'minimumStayMinutes',
  'signPolicy',
  'duplicateWindowSeconds',
  'rounding',
  'unresolvedDoubt',
  'simulatedRecords',
  'offRosterRecords',
  'clockToleranceSeconds',
  'absence',
] as const satisfies readonly (keyof Rules)[]

function rulesWith(wrap: Wrap, grace: (value: z.ZodType) => z.ZodType) {
  const all: Readonly<Record<string, z.ZodType>> = values
  const gracious: Readonly<Record<string, z.ZodType>> = graces
  const shape = Object.fromEntries(
    ruleNames.map((name) => {
      const value = all[name]
      return [name, value === undefined ? grace(gracious[name] ?? z.never()) : wrap(value)]
    }),
  )
  return z.strictObject(shape)
}

/** A value of the first format: a grace may be null, nothing is empty, and there is no date. */
function citedBefore<T extends z.ZodType>(value: T) {
  return z
    .strictObject({
      value,
      kind: z.enum(['regulation', 'convention', 'own-choice']),
      document: text.nullable(),
      clause: text.nullable(),
      source: text.nullable(),
      note: text.optional(),
    })
    .refine((rule) => rule.kind === 'own-choice' || rule.document !== null, {
      error: 'a regulation or a convention names its document',
    })
}

/** The first format, which old ledgers name: rules for hours only. */
export const firstFormat = z.strictObject({
  format: z.literal('shidao-rule-pack/v1'),
  id: packId,
  title: text,
  region: regionCode.nullable(),
  rules: rulesWith(citedBefore, (value) => citedBefore(value.nullable())),
})

/**
 * For how many days after the last session of a person's last class their records of each kind are kept; null for as
 * long as nobody deletes them. A pack without this rule keeps all of them.
 */
const retention = z.strictObject({
  biometricDays: z.int().min(0).max(36_500).nullable(),
  identityDays: z.int().min(0).max(36_500).nullable(),
})
export type Retention = z.infer<typeof retention>

/** The second format. Here a grace of `none` says that there is no such rule; null says that nobody told. */
export const secondFormat = z.strictObject({
  format: z.literal('shidao-rule-pack/v2'),
  id: packId,
  title: text,
  /** Where it applies, null for a pack of no region. */
  region: regionCode.nullable(),
  /** From the first to the last day of classes that it applies to; null: no end known. */
  inForce: cited(z.strictObject({ from: civilDay.nullable(), until: civilDay.nullable() })),
  /** Through which of a person's places the region applies to them. */
  appliesBy: cited(z.array(z.enum(['training', 'work', 'residence', 'household'])).min(1)),
  rules: rulesWith(cited, (value) => cited(z.union([z.literal('none'), value]))),
  lessons: lessonRules,
  claims: claimRules,
  procedure: procedureRules,
  retention: cited(retention).optional(),
})
export type SecondFormat = z.infer<typeof secondFormat>

/** The published JSON schema (draft 2020-12) of the second format; `docs/rule-pack.schema.json` is this. */
export function packSchema(): object {
  return {
    title: 'Shidao rule pack, second format',
    ...z.toJSONSchema(secondFormat, { io: 'input', reused: 'ref' }),
  }
}
