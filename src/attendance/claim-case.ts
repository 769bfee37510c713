import type { ClassAttendance } from './attendance-share.ts'
import type { ClassFacts, PersonFacts } from './claim-facts.ts'
import type { ClaimItem, ClaimRules } from './claim-rules.ts'
import type { IssuedCertificate, PriorHistory } from './fact-history.ts'
import type { RuleAt } from './finding.ts'
import type { PersonHours } from './hours.ts'
import type { MoreRules, PackFile } from './rule-pack.ts'

/** A pack that can say something about money. */
export type ClaimPack = Pick<PackFile, 'id' | 'sha256' | 'title'> & { readonly more: MoreRules }

/** Everything that one person's claim for one item is decided from. */
export interface ClaimCase {
  readonly pack: ClaimPack
  readonly itemName: string
  readonly item: ClaimItem
  readonly classId: string
  readonly classFacts: ClassFacts
  readonly classAttendance: ClassAttendance | null
  /** Minutes of one lesson, under the pack that counted the hours. */
  readonly lessonMinutes: number
  readonly hours: PersonHours
  readonly facts: PersonFacts
  readonly certificates: readonly IssuedCertificate[]
  /** Null: no history from elsewhere was imported for this person. */
  readonly prior: PriorHistory | null
  /** The day that the answer is for. */
  readonly on: string
}

/** A rule of the item itself. */
export function itemRule(
  { item, itemName, pack }: ClaimCase,
  name: Exclude<keyof ClaimItem, 'title'>,
): RuleAt {
  return { name: `${itemName}.${name}`, rule: item[name], packId: pack.id }
}

/** A rule about eligibility, which items share. */
export function eligibilityRule({ pack }: ClaimCase, name: keyof ClaimRules['eligibility']): RuleAt {
  return { name, rule: pack.more.claims.eligibility[name], packId: pack.id }
}

export function certificateOfClass({ certificates, classId }: ClaimCase): IssuedCertificate | null {
  return certificates.filter((found) => found.class === classId).at(-1) ?? null
}
