import { type Change, change } from './change.ts'
import { type Cited, originOf } from './cited.ts'

/** `unknown`: something that the answer needs is not known, or the pack has no value. Never a guess. */
export type Answer = 'yes' | 'no' | 'unknown'

/** One question that a claim depends on, and its answer. */
export interface Finding {
  readonly rule: string
  /** The pack's value behind it and where that comes from. */
  readonly clause: string
  readonly answer: Answer
  /** What the rule was applied to; null for what is not known. */
  readonly inputs: Readonly<Record<string, string | number | boolean | null>>
  /** What would have to change for a yes; null when it is one. */
  readonly change: Change | null
}

/** Where a rule stands in a pack: its name, its value and whose pack it is. */
export interface RuleAt {
  readonly name: string
  readonly rule: Cited<unknown>
  readonly packId: string
}

export function finding(
  at: RuleAt,
  answer: Answer,
  inputs: Finding['inputs'],
  needed: Change | null = null,
): Finding {
  const { name, rule, packId } = at
  return {
    rule: name,
    clause: originOf(name, rule, packId),
    answer,
    inputs,
    change: answer === 'yes' ? null : needed,
  }
}

/** The finding for a rule that the pack has no value for. */
export function notSaid(at: RuleAt): Finding {
  const missing = at.rule.missing ?? 'the pack has no value'
  return finding(at, 'unknown', { value: null }, change('pack-value', { rule: at.name, missing }))
}

/** No if one is no, else unknown if one is unknown, else yes. */
export function allOf(findings: readonly Finding[]): Answer {
  if (findings.some(({ answer }) => answer === 'no')) return 'no'
  return findings.some(({ answer }) => answer === 'unknown') ? 'unknown' : 'yes'
}
