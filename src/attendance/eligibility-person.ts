import { change } from './change.ts'
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
  return finding(at, answer, { pension, excludes: rule }, change('pension'))
}

export function checkInsurance(given: ClaimCase): Finding {
  const at = eligibilityRule(given, 'unemploymentInsurance')
  const rule = given.pack.more.claims.eligibility.unemploymentInsurance.value
  if (rule === null) return notSaid(at)
  const applies = appliesTo(given, rule.trainingKinds)
  const months = given.facts.insuranceMonths
  const inputs = { trainingKind: given.classFacts.trainingKind, months, least: rule.leastMonths }
  if (applies !== 'yes')
    return finding(at, applies === 'no' ? 'yes' : 'unknown', inputs, change('class-kind'))
  const answer = months === null ? 'unknown' : months >= rule.leastMonths ? 'yes' : 'no'
  return finding(at, answer, inputs, change('insurance', { months: rule.leastMonths }))
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
    return finding(at, applies === 'no' ? 'yes' : 'unknown', inputs, change('class-kind'))
  const needed = change('contract', { months: rule.leastMonths, within: rule.withinMonthsOfHire })
  if (contractMonths !== null && contractMonths < rule.leastMonths) return finding(at, 'no', inputs, needed)
  if (sinceHire !== null && (sinceHire < 0 || sinceHire >= rule.withinMonthsOfHire))
    return finding(at, 'no', inputs, needed)
  return finding(at, contractMonths === null || sinceHire === null ? 'unknown' : 'yes', inputs, needed)
}

export function checkAgreement(given: ClaimCase): Finding {
  const at = eligibilityRule(given, 'recommendationAgreement')
  const groups = given.pack.more.claims.eligibility.recommendationAgreement.value
  if (groups === null) return notSaid(at)
  const { groups: own, recommendationAgreement: agreed } = given.facts
  const inputs = { groups: own?.join(' ') ?? null, agreed }
  const needed = change('agreement')
  if (own === null) return finding(at, 'unknown', inputs, change('person-groups'))
  if (!own.some((group) => groups.includes(group))) return finding(at, 'yes', inputs, needed)
  return finding(at, agreed === null ? 'unknown' : agreed ? 'yes' : 'no', inputs, needed)
}

function appliesTo({ classFacts }: ClaimCase, kinds: readonly string[]): Finding['answer'] {
  if (classFacts.trainingKind === null) return 'unknown'
  return kinds.includes(classFacts.trainingKind) ? 'yes' : 'no'
}
