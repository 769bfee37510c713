import { Fault } from '../common/fault.ts'
import { failed, ok, type Result } from '../common/result.ts'
import { toHex } from '../ledger/bytes.ts'
import { sha256 as digest } from '../ledger/sha256.ts'
import { type Cited, originOf } from './cited.ts'
import type { ClaimRules } from './claim-rules.ts'
import type { LessonRules, ProcedureRules } from './lesson-rules.ts'
import {
  firstFormat,
  type Retention,
  type Rules,
  ruleNames,
  type SecondFormat,
  secondFormat,
} from './pack-format.ts'

/*
 * A rule pack holds every number that a regulation or a convention sets, each with where it comes from.
 * The engines hold none. A pack is known by the sha256 of its exact bytes: a class names it when it opens,
 * and a bundle carries those bytes, so that an auditor computes with the same rules.
 */

export type { Cited, RuleKind } from './cited.ts'
export type { Retention, Rules } from './pack-format.ts'

/** A pack that hours can be computed with: every rule for hours has a value. */
export interface RulePack {
  readonly id: string
  /** sha256 of `bytes`, hex: what events and documents name. */
  readonly sha256: string
  readonly title: string
  readonly rules: Rules
  /** How long records of people are kept; null where the pack doesn't say. */
  readonly retention: Retention | null
  readonly bytes: Uint8Array
  /** What the second format adds; null for a pack of the first, whose hours stay as they always were. */
  readonly more: MoreRules | null
}

export interface MoreRules {
  readonly region: string | null
  readonly inForce: SecondFormat['inForce']
  readonly appliesBy: SecondFormat['appliesBy']
  readonly lessons: LessonRules
  readonly claims: ClaimRules
  readonly procedure: ProcedureRules
}

/** A pack as its file is: rules may be empty because no source gives them. */
export interface PackFile extends Omit<RulePack, 'rules'> {
  /** Null while a rule for hours is empty. */
  readonly rules: Rules | null
  /** Paths of every empty value, e.g. `rules.lessonMinutes`, with why. */
  readonly open: readonly { readonly path: string; readonly missing: string }[]
}

/** Largest pack that is read, bytes. */
const MAX_PACK_BYTES = 1024 * 1024

/** Reads a pack's exact bytes. Total: anything else than a valid pack is `PACK_INVALID` with the first bad field. */
export function parsePackFile(bytes: Uint8Array): Result<PackFile> {
  if (bytes.length > MAX_PACK_BYTES) return failed(new Fault('PACK_INVALID', 'a rule pack is under 1 MiB'))
  let json: unknown
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (cause) {
    return failed(new Fault('PACK_INVALID', 'a rule pack is JSON in UTF-8', { cause }))
  }
  const second = (json as { format?: unknown } | null)?.format === 'shidao-rule-pack/v2'
  const parsed = second ? secondFormat.safeParse(json) : firstFormat.safeParse(json)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    return failed(
      new Fault('PACK_INVALID', `rule pack, ${issue?.path.join('.') || 'top'}: ${issue?.message}`),
    )
  }
  const { id, title } = parsed.data
  const open = openValues(parsed.data)
  const sha256 = toHex(digest(bytes))
  const rules = open.some(({ path }) => path.startsWith('rules.')) ? null : asRules(parsed.data.rules)
  const more = parsed.data.format === 'shidao-rule-pack/v2' ? moreOf(parsed.data) : null
  const retention = parsed.data.format === 'shidao-rule-pack/v2' ? parsed.data.retention : undefined
  return ok({ id, title, sha256, bytes, rules, retention: retention?.value ?? null, more, open })
}

/** Reads a pack that hours can be computed with. As `parsePackFile`, and `PACK_INCOMPLETE` with what is to be asked. */
export function parseRulePack(bytes: Uint8Array): Result<RulePack> {
  const file = parsePackFile(bytes)
  return file.ok ? completeForHours(file.value) : file
}

/** The pack if it has every rule for hours, else `PACK_INCOMPLETE` with the ones that it asks for. */
export function completeForHours({ open, rules, ...pack }: PackFile): Result<RulePack> {
  if (rules !== null) return ok({ ...pack, rules })
  const asked = open.filter(({ path }) => path.startsWith('rules.')).map(({ path }) => path)
  return failed(new Fault('PACK_INCOMPLETE', `${pack.id} asks for ${asked.join(', ')} ("shidao pack fill")`))
}

/** The origin of one value in words for a reason: `lateGraceMinutes: 考勤管理制度, 迟到超过15分钟…`. */
export function clauseOf(pack: RulePack, rule: keyof Rules): string {
  return originOf(rule, pack.rules[rule], pack.id)
}

/** Everything in a pack that has an origin, by its path. */
export function citedValues(json: unknown): { path: string; rule: Cited<unknown> }[] {
  return walk(json, '')
}

function walk(json: unknown, path: string): { path: string; rule: Cited<unknown> }[] {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return []
  if ('value' in json && 'kind' in json) return [{ path, rule: json as Cited<unknown> }]
  return Object.entries(json).flatMap(([name, inner]) => walk(inner, path === '' ? name : `${path}.${name}`))
}

function openValues(json: unknown): PackFile['open'] {
  return citedValues(json).flatMap(({ path, rule }) =>
    rule.value === null && rule.missing !== undefined ? [{ path, missing: rule.missing }] : [],
  )
}

/** Both formats' rules as the engine has them: a grace of `none` is null. The schema has checked every value. */
function asRules(rules: Readonly<Record<string, unknown>>): Rules {
  const entries = ruleNames.map((name) => {
    const rule = rules[name] as Cited<unknown>
    return [name, rule.value === 'none' ? { ...rule, value: null } : rule]
  })
  return Object.fromEntries(entries) as Rules
}

function moreOf({ region, inForce, appliesBy, lessons, claims, procedure }: SecondFormat): MoreRules {
  return { region, inForce, appliesBy, lessons, claims, procedure }
}
