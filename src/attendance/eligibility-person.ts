import { monthsBetween } from './civil-date.ts'
import { type ClaimCase, eligibilityRule } from './claim-case.ts'
import { type Finding, finding, notSaid } from './finding.ts'

/* What has to be so about the person: pension, insurance, contract, agreement. */

export function checkPension(given: ClaimCase): Finding {
  const at = eligibilityRule(given, 'pension')
  const rule = given.pack.more.claims.eligibility.pension.value
  if (rule === null) return notSaid(at)
  const { pension } = given.facts
  const excluded = pension === 'employees-basic' || (rule === 'any-monthly' && pension === 'other')
  const answer = pension === null ? 'unknown' : excluded ? 'no' : 'yes'
  return finding(
    at,
    answer,
    { pension, excludes: rule },
    'somebody who draws no such pension, and proof of it',
  )
}

export function checkInsurance(given: ClaimCase): Finding {
  const at = eligibilityRule(given, 'unemploymentInsurance')
  const rule = given.pack.more.claims.eligibility.unemploymentInsurance.value
  if (rule === null) return notSaid(at)
  const applies = appliesTo(given, rule.trainingKinds)
  const months = given.facts.insuranceMonths
  const inputs = { trainingKind: given.classFacts.trainingKind, months, least: rule.leastMonths }
  if (applies !== 'yes')
    return finding(at, applies === 'no' ? 'yes' : 'unknown', inputs, 'say the kind of training')
  const answer = months === null ? 'unknown' : months >= rule.leastMonths ? 'yes' : 'no'
  return finding(at, answer, inputs, `${rule.leastMonths} months of unemployment insurance`)
}

export function checkContract(given: ClaimCase): Finding {
  const at = eligibilityRule(given, 'contract')
  const rule = given.pack.more.claims.eligibility.contract.value
  if (rule === null) return notSaid(at)
  const applies = appliesTo(given, rule.trainingKinds)
  const { contractMonths, hiredOn } = given.facts
  const sinceHire = hiredOn === null ? null : monthsBetween(hiredOn, given.on)
  const inputs = { contractMonths, least: rule.leastMonths, hiredOn, within: rule.withinMonthsOfHire }
  if (applies !== 'yes')
    return finding(at, applies === 'no' ? 'yes' : 'unknown', inputs, 'say the kind of training')
  const change = `a contract of ${rule.leastMonths} months and training within ${rule.withinMonthsOfHire} months of hire`
  if (contractMonths !== null && contractMonths < rule.leastMonths) return finding(at, 'no', inputs, change)
  if (sinceHire !== null && (sinceHire < 0 || sinceHire >= rule.withinMonthsOfHire))
    return finding(at, 'no', inputs, change)
  return finding(at, contractMonths === null || sinceHire === null ? 'unknown' : 'yes', inputs, change)
}

export function checkAgreement(given: ClaimCase): Finding {
  const at = eligibilityRule(given, 'recommendationAgreement')
  const groups = given.pack.more.claims.eligibility.recommendationAgreement.value
  if (groups === null) return notSaid(at)
  const { groups: own, recommendationAgreement: agreed } = given.facts
  const inputs = { groups: own?.join(' ') ?? null, agreed }
  const change = 'an agreement to recommend this person for work, made before the training'
  if (own === null) return finding(at, 'unknown', inputs, 'say the groups of this person')
  if (!own.some((group) => groups.includes(group))) return finding(at, 'yes', inputs, change)
  return finding(at, agreed === null ? 'unknown' : agreed ? 'yes' : 'no', inputs, change)
}

function appliesTo({ classFacts }: ClaimCase, kinds: readonly string[]): Finding['answer'] {
  if (classFacts.trainingKind === null) return 'unknown'
  return kinds.includes(classFacts.trainingKind) ? 'yes' : 'no'
}
