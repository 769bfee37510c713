import { change } from './change.ts'
import { type ClaimCase, itemRule } from './claim-case.ts'
import type { ClaimCondition } from './claim-rules.ts'
import { checkLimit, checkSameOccupationLevel, checkYearlyLimit } from './eligibility-history.ts'
import { checkAgreement, checkContract, checkInsurance, checkPension } from './eligibility-person.ts'
import {
  checkAttendance,
  checkCertificate,
  checkClassAttendance,
  checkFiledLessons,
} from './eligibility-training.ts'
import { type Finding, finding, notSaid } from './finding.ts'

/** Every question that an item depends on: whom it is for, how often, and the conditions that it names. */
export function eligibility(given: ClaimCase): Finding[] {
  const { value: named } = given.item.conditions
  const conditions =
    named === null ? [notSaid(itemRule(given, 'conditions'))] : named.map((name) => check[name](given))
  return [
    checkKind(given),
    checkGroup(given),
    checkInstitution(given),
    checkLimit(given),
    ...conditions,
  ].filter((found) => found !== null)
}

const check: Readonly<Record<ClaimCondition, (given: ClaimCase) => Finding>> = {
  attendance: checkAttendance,
  'class-attendance': checkClassAttendance,
  'filed-lessons': checkFiledLessons,
  certificate: checkCertificate,
  'yearly-limit': checkYearlyLimit,
  'same-occupation-level': checkSameOccupationLevel,
  pension: checkPension,
  insurance: checkInsurance,
  contract: checkContract,
  agreement: checkAgreement,
}

/** An item for some kinds of training only, null where it is for any. */
function checkKind(given: ClaimCase): Finding | null {
  const at = itemRule(given, 'trainingKinds')
  const kinds = given.item.trainingKinds.value
  if (kinds === null) return notSaid(at)
  if (kinds === 'any') return null
  const { trainingKind } = given.classFacts
  const answer = trainingKind === null ? 'unknown' : kinds.includes(trainingKind) ? 'yes' : 'no'
  return finding(at, answer, { trainingKind, kinds: kinds.join(' ') }, change('kind-listed'))
}

function checkGroup(given: ClaimCase): Finding | null {
  const at = itemRule(given, 'groups')
  const wanted = given.item.groups.value
  if (wanted === null) return notSaid(at)
  if (wanted === 'anybody') return null
  const { groups } = given.facts
  const answer = groups === null ? 'unknown' : groups.some((group) => wanted.includes(group)) ? 'yes' : 'no'
  const inputs = { groups: groups?.join(' ') ?? null, wanted: wanted.join(' ') }
  return finding(at, answer, inputs, change('group-proof'))
}

function checkInstitution(given: ClaimCase): Finding | null {
  const at = itemRule(given, 'institutions')
  const wanted = given.item.institutions.value
  if (wanted === null) return notSaid(at)
  if (wanted === 'any') return null
  const { institution } = given.classFacts
  const answer = institution === null ? 'unknown' : wanted.includes(institution) ? 'yes' : 'no'
  return finding(at, answer, { institution, wanted: wanted.join(' ') }, change('institution-listed'))
}
