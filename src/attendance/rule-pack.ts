import { createHash } from 'node:crypto'
import { z } from 'zod'
import { Fault } from '../common/fault.ts'
import { failed, ok, type Result } from '../common/result.ts'

/*
 * A rule pack holds every number that a regulation or a convention sets, each with where it comes from.
 * The engines hold none. A pack is known by the sha256 of its exact bytes: a class names it when it opens,
 * and a bundle carries those bytes, so that an auditor computes with the same rules.
 */

/** `regulation` and `convention` name a document; `own-choice` is the institution's or the product's own. */
export type RuleKind = 'regulation' | 'convention' | 'own-choice'

const text = z.string().min(1).max(500)

/** A value with its origin. A value that is not an own choice has to name its document. */
function cited<T extends z.ZodType>(value: T) {
  return z
    .strictObject({
      value,
      kind: z.enum(['regulation', 'convention', 'own-choice']),
      document: text.nullable(),
      clause: text.nullable(),
      /** Where the document was read, when that is not an official gazette. */
      source: text.nullable(),
      note: text.optional(),
    })
    .refine((rule) => rule.kind === 'own-choice' || rule.document !== null, {
      error: 'a regulation or a convention names its document',
    })
}

const rules = z.strictObject({
  /** Length of one lesson (课时). Slots of this length are counted from a session's start. */
  lessonMinutes: cited(z.int().min(1).max(240)),
  /** A lesson that somebody joins later than this is lost; null when the region has no such rule. */
  lateGraceMinutes: cited(z.int().min(0).max(240).nullable()),
  /** A lesson that somebody leaves earlier than this is lost; null when the region has no such rule. */
  earlyLeaveGraceMinutes: cited(z.int().min(0).max(240).nullable()),
  /** A shorter time between sign-in and sign-out credits nothing. */
  minimumStayMinutes: cited(z.int().min(0).max(240)),
  signPolicy: cited(z.literal('in-and-out-per-session')),
  /** A repeated record in the same direction within this time is the same act. */
  duplicateWindowSeconds: cited(z.int().min(0).max(3600)),
  /** Time becomes lessons once: per lesson slot, per session, or over the whole class. */
  rounding: cited(
    z.strictObject({ level: z.enum(['lesson', 'session', 'class']), mode: z.enum(['down', 'nearest']) }),
  ),
  unresolvedDoubt: cited(z.literal('not-counted')),
  simulatedRecords: cited(z.literal('not-counted')),
  offRosterRecords: cited(z.literal('not-counted')),
  /** How far the wall clock may differ from boot time over one stay inside one boot. */
  clockToleranceSeconds: cited(z.int().min(0).max(3600)),
  absence: cited(z.literal('after-watermark')),
})

const rulePackFile = z.strictObject({
  format: z.literal('shidao-rule-pack/v1'),
  id: z.string().regex(/^[a-z0-9][a-z0-9.-]{0,99}$/),
  title: text,
  /** Administrative division code (GB/T 2260), null for a pack of no region. */
  region: z
    .string()
    .regex(/^[0-9]{6}$/)
    .nullable(),
  rules,
  /**
   * For how many days after the last session of a person's last class their records of each kind are kept; null for as
   * long as nobody deletes them. A pack from before this rule keeps all of them.
   */
  retention: cited(
    z.strictObject({
      biometricDays: z.int().min(0).max(36_500).nullable(),
      identityDays: z.int().min(0).max(36_500).nullable(),
    }),
  ).optional(),
})

export type Rules = z.infer<typeof rules>
export type Retention = NonNullable<z.infer<typeof rulePackFile>['retention']>['value']

export interface RulePack {
  readonly id: string
  /** sha256 of `bytes`, hex: what events and documents name. */
  readonly sha256: string
  readonly title: string
  readonly rules: Rules
  /** How long records of people are kept; null where the pack doesn't say. */
  readonly retention: Retention | null
  readonly bytes: Uint8Array
}

/** Largest pack that is read, bytes. */
const MAX_PACK_BYTES = 1024 * 1024

/** Reads a pack's exact bytes. Total: anything else than a valid pack is `PACK_INVALID` with the first bad field. */
export function parseRulePack(bytes: Uint8Array): Result<RulePack> {
  if (bytes.length > MAX_PACK_BYTES) return failed(new Fault('PACK_INVALID', 'a rule pack is under 1 MiB'))
  let json: unknown
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (cause) {
    return failed(new Fault('PACK_INVALID', 'a rule pack is JSON in UTF-8', { cause }))
  }
  const parsed = rulePackFile.safeParse(json)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    return failed(
      new Fault('PACK_INVALID', `rule pack, ${issue?.path.join('.') || 'top'}: ${issue?.message}`),
    )
  }
  const { id, title, rules: values, retention } = parsed.data
  const kept = retention?.value ?? null
  return ok({
    id,
    title,
    rules: values,
    retention: kept,
    bytes,
    sha256: createHash('sha256').update(bytes).digest('hex'),
  })
}

/** The origin of one value in words for a reason: `lateGraceMinutes: 考勤管理制度, 迟到超过15分钟…`. */
export function clauseOf(pack: RulePack, rule: keyof Rules): string {
  const { kind, document, clause } = pack.rules[rule]
  if (kind === 'own-choice') return `${rule}: own choice of ${pack.id}`
  return `${rule}: ${[document, clause].filter((part) => part !== null).join(', ')}`
}
