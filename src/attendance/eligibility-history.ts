import { change } from './change.ts'
import { type ClaimCase, eligibilityRule, itemRule } from './claim-case.ts'
import { type Finding, finding, notSaid, type RuleAt } from './finding.ts'
import { type TrainingLevel, trainingLevels } from './lesson-rules.ts'

/* How often somebody may be subsidised: answered from imported history and this ledger's certificates, as of a day. */

/** How often one person may have this item. */
export function checkLimit(given: ClaimCase): Finding | null {
  const at = itemRule(given, 'limit')
  const limit = given.item.limit.value
  if (limit === null) return notSaid(at)
  if (limit === 'none') return null
  const year = given.on.slice(0, 4)
  const had = given.prior?.subsidies.filter(
    ({ item, on }) =>
      item === given.itemName && on <= given.on && (limit.per === 'lifetime' || on.startsWith(year)),
  ).length
  return counted(at, had ?? null, limit.count, given)
}

export function checkYearlyLimit(given: ClaimCase): Finding {
  const at = eligibilityRule(given, 'yearlyLimit')
  const rule = given.pack.more.claims.eligibility.yearlyLimit.value
  if (rule === null) return notSaid(at)
  const own = rule.groups?.filter(({ group }) => given.facts.groups?.includes(group)) ?? []
  if ((rule.groups?.length ?? 0) > 0 && given.facts.groups === null) {
    return finding(at, 'unknown', { groups: null }, change('person-groups'))
  }
  const count = own.length > 0 ? Math.min(...own.map((found) => found.count)) : rule.count
  const year = given.on.slice(0, 4)
  const had = trainingSubsidies(given)?.filter(({ on }) => on.startsWith(year)).length ?? null
  const found = counted(at, had, count, given)
  // "In principle" leaves room: above it somebody decides.
  if (found.answer !== 'no' || !rule.inPrinciple) return found
  return { ...found, answer: 'unknown', change: change('above-limit') }
}

export function checkSameOccupationLevel(given: ClaimCase): Finding {
  const at = eligibilityRule(given, 'sameOccupationLevelOnce')
  if (given.pack.more.claims.eligibility.sameOccupationLevelOnce.value === null) return notSaid(at)
  const { occupation, level } = given.classFacts
  const had = trainingSubsidies(given)
  const inputs = { occupation, level, historyAsOf: given.prior?.asOf ?? null }
  if (occupation === null || level === null || had === null) {
    const needed = change('class-occupation-history')
    return finding(at, 'unknown', inputs, needed)
  }
  const higher = given.pack.more.claims.eligibility.higherLevelBlocksLower.value === true
  const blocks = (found: { level: TrainingLevel | null }) =>
    found.level === level || (higher && found.level !== null && rank(found.level) > rank(level))
  const before = had.filter((found) => found.occupation === occupation)
  if (before.some(blocks)) {
    return finding(
      at,
      'no',
      { ...inputs, before: 'the same occupation and level' },
      change('other-occupation'),
    )
  }
  const vague = had.some(
    (found) => found.occupation === null || (found.occupation === occupation && found.level === null),
  )
  return finding(at, vague ? 'unknown' : 'yes', inputs, change('history-details'))
}

/** Subsidies for training up to the day: from elsewhere, and certificates of this ledger's other classes. */
function trainingSubsidies(given: ClaimCase) {
  if (given.prior === null) return null
  const elsewhere = given.prior.subsidies.filter(({ item }) => item === 'training-subsidy')
  const here = given.certificates
    .filter((found) => found.class !== given.classId)
    .map(({ issuedOn, occupation, level }) => ({ on: issuedOn, occupation, level }))
  return [...elsewhere, ...here].filter(({ on }) => on <= given.on)
}

/** Yes below the limit. Whoever was known to reach it is a no even if more history may come. */
function counted(at: RuleAt, had: number | null, limit: number, given: ClaimCase): Finding {
  const inputs = { had, limit, historyAsOf: given.prior?.asOf ?? null }
  if (had === null) return finding(at, 'unknown', inputs, change('history'))
  if (had >= limit) return finding(at, 'no', inputs, change('fewer-before', { limit }))
  const year = given.on.slice(0, 4)
  const stale = (given.prior?.asOf ?? '') < `${year}-01-01`
  return finding(at, stale ? 'unknown' : 'yes', inputs, change('history-reaches', { year }))
}

function rank(level: TrainingLevel): number {
  return trainingLevels.indexOf(level)
}
