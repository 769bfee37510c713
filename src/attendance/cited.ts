import { z } from 'zod'

/** `regulation` and `convention` name a document; `own-choice` is the institution's or the product's own. */
export type RuleKind = 'regulation' | 'convention' | 'own-choice'

/** A value with its origin. `date` and `region` are those of the document; packs of the first format lack them. */
export interface Cited<T> {
  readonly value: T
  readonly kind: RuleKind
  readonly document: string | null
  readonly clause: string | null
  readonly date?: string | null | undefined
  readonly region?: string | null | undefined
  /** Where the document was read, when that is not an official gazette. */
  readonly source: string | null
  readonly note?: string | undefined
  /** Why there is no value. Whoever sets the class up is asked for it. */
  readonly missing?: string | undefined
}

const text = z.string().min(1).max(500)
/** A civil date, `YYYY-MM-DD`. */
export const civilDay = z.string().regex(/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/)
/** Administrative division code, GB/T 2260. */
export const regionCode = z.string().regex(/^[0-9]{6}$/)

/**
 * A value as the second pack format holds it: with document, clause, date and region. A value that no source gives
 * stays null and says why; one that is no own choice names its document.
 */
export function cited<T extends z.ZodType>(value: T) {
  return z
    .strictObject({
      value: value.nullable(),
      kind: z.enum(['regulation', 'convention', 'own-choice']),
      document: text.nullable(),
      clause: text.nullable(),
      date: civilDay.nullable(),
      region: regionCode.nullable(),
      source: text.nullable(),
      note: text.optional(),
      missing: text.optional(),
    })
    .refine((rule) => isEmpty(rule) || rule.kind === 'own-choice' || rule.document !== null, {
      error: 'a regulation or a convention names its document',
    })
    .refine((rule) => isEmpty(rule) === (rule.missing !== undefined), {
      error: 'a value that is null, and no other, says in "missing" why',
    })
}

function isEmpty(rule: object): boolean {
  return (rule as { value?: unknown }).value === null
}

/** The origin in words: `lateGraceMinutes: 考勤管理制度, 迟到超过15分钟…`. */
export function originOf(name: string, rule: Cited<unknown>, packId: string): string {
  if (rule.value === null && rule.missing !== undefined) return `${name}: ${packId} has no value`
  if (rule.kind === 'own-choice') return `${name}: own choice of ${packId}`
  return `${name}: ${[rule.document, rule.clause].filter((part) => part !== null).join(', ')}`
}
