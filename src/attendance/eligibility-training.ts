import { change } from './change.ts'
import { type ClaimCase, certificateOfClass, eligibilityRule } from './claim-case.ts'
import { type Finding, finding, notSaid, type RuleAt } from './finding.ts'

/* What has to be so about the training: attendance, the filed plan, and the certificate at its end. */

export function checkAttendance(given: ClaimCase): Finding {
  const attendance = given.hours.attendance
  const { pack } = given
  const at: RuleAt = {
    name: 'personAttendancePercent',
    rule: pack.more.lessons.personAttendancePercent,
    packId: pack.id,
  }
  const least = pack.more.lessons.personAttendancePercent.value
  if (least === null) return notSaid(at)
  if (attendance === undefined || attendance.plannedMs === 0) {
    return finding(at, 'unknown', { plannedMs: null, least }, change('sessions-counted'))
  }
  const { plannedMs, creditedMs } = attendance
  const met = creditedMs * 100 >= least * plannedMs
  const missingMs = Math.max(0, Math.ceil((least * plannedMs) / 100) - creditedMs)
  const inputs = { plannedMs, creditedMs, least }
  return finding(
    at,
    met ? 'yes' : 'no',
    inputs,
    change('attendance', { missingMs, minutes: Math.ceil(missingMs / 60_000) }),
  )
}

export function checkClassAttendance(given: ClaimCase): Finding {
  const { pack, classAttendance } = given
  const at: RuleAt = {
    name: 'classAttendancePercent',
    rule: pack.more.lessons.classAttendancePercent,
    packId: pack.id,
  }
  const limits = pack.more.lessons.classAttendancePercent.value
  if (limits === null) return notSaid(at)
  if (classAttendance === null || classAttendance.seats === 0) {
    return finding(at, 'unknown', { seats: null }, change('sessions-over'))
  }
  const { seats, taken } = classAttendance
  const inputs = { seats, taken, redBelow: limits.redBelow }
  return finding(at, taken * 100 < limits.redBelow * seats ? 'no' : 'yes', inputs, change('class-attendance'))
}

/** The lessons that the class was filed with reach what its level or kind needs. */
export function checkFiledLessons(given: ClaimCase): Finding {
  const { pack, classFacts } = given
  const at: RuleAt = { name: 'minimumLessons', rule: pack.more.lessons.minimumLessons, packId: pack.id }
  const rules = pack.more.lessons.minimumLessons.value
  if (rules === null) return notSaid(at)
  const kind = classFacts.trainingKind === 'single-skill' ? 'single-skill' : 'qualification'
  const least = (
    rules.find((rule) => rule.for === classFacts.level) ?? rules.find((rule) => rule.for === kind)
  )?.least
  const filed = classFacts.filedLessons
  const inputs = {
    level: classFacts.level,
    trainingKind: classFacts.trainingKind,
    filedLessons: filed,
    least: least ?? null,
  }
  if (filed === null || least === undefined)
    return finding(at, 'unknown', inputs, change('class-level-filed'))
  return finding(at, filed >= least ? 'yes' : 'no', inputs, change('class-lessons', { least }))
}

export function checkCertificate(given: ClaimCase): Finding {
  const at = eligibilityRule(given, 'certificates')
  const rule = given.pack.more.claims.eligibility.certificates.value
  if (rule === null) return notSaid(at)
  const found = certificateOfClass(given)
  if (found === null) return finding(at, 'no', { certificate: null }, change('certificate'))
  const inputs = { certificate: found.kind, issuedOn: found.issuedOn }
  if (found.issuedOn > given.on) return finding(at, 'no', inputs, change('certificate-issued'))
  if (found.kind !== null && rule.kinds.includes(found.kind)) return finding(at, 'yes', inputs)
  // The document's list is open: another kind is for people to decide.
  return finding(at, rule.open ? 'unknown' : 'no', inputs, change('certificate-kind'))
}
