import { type Change, change } from './change.ts'
import { type ClaimCase, certificateOfClass, itemRule } from './claim-case.ts'
import type { Amount } from './claim-rules.ts'
import { type Finding, finding, notSaid } from './finding.ts'

export interface ClaimAmount {
  /** Units that are paid, null while they can't be known. */
  readonly quantity: number | null
  /** Integer fen before eligibility, null while it can't be known. */
  readonly fen: number | null
  readonly findings: readonly Finding[]
}

/**
 * Lessons as days: every started day is one. A kind of training may have a number of its own from some lessons on;
 * the override with the most lessons that are reached stands.
 */
export function convertLessons(
  lessons: number,
  rule: Extract<Amount, { readonly mode: 'converted-days' }>,
  trainingKind: string | null,
): { readonly days: number; readonly fen: number } {
  const override = rule.overrides
    .filter((found) => found.trainingKind === trainingKind && lessons >= found.leastLessons)
    .sort((a, b) => b.leastLessons - a.leastLessons)[0]
  const days = override?.days ?? Math.ceil(lessons / rule.lessonsPerDay)
  return { days, fen: days * rule.fenPerDay }
}

/** What an item comes to for one person, from units, rate, uplift, ceilings and a voucher, each with its reason. */
export function claimAmount(given: ClaimCase): ClaimAmount {
  const { value } = given.item.amount
  if (value === null) return unknown(notSaid(itemRule(given, 'amount')))
  const unit = given.item.unit.value
  // Levels and converted days say themselves what they count; a rate needs its unit.
  if (unit === null && value.mode === 'rate') return unknown(notSaid(itemRule(given, 'unit')))
  if (value.mode === 'by-level') return byLevel(given, value)
  if (value.mode === 'converted-days') return converted(given, value)
  return byRate(given, value)
}

function byRate(given: ClaimCase, rule: Extract<Amount, { readonly mode: 'rate' }>): ClaimAmount {
  const units = capUnits(given, countUnits(given))
  const rate = rateOf(given, rule)
  const uplift = upliftOf(given)
  const findings = [...units.findings, ...rate.findings, ...uplift.findings]
  if (units.quantity === null || rate.fen === null || uplift.percent === null) {
    return { quantity: units.quantity, fen: null, findings }
  }
  // The raised rate is cut to whole fen before it is multiplied, so that every unit is worth the same.
  const raised = rate.fen + Math.floor((rate.fen * uplift.percent) / 100)
  return byVoucher(given, units.quantity, units.quantity * raised, findings)
}

function converted(
  given: ClaimCase,
  rule: Extract<Amount, { readonly mode: 'converted-days' }>,
): ClaimAmount {
  const lessons = lessonsOf(given)
  if (lessons.quantity === null) return { ...lessons, fen: null }
  const kind = given.classFacts.trainingKind
  if (kind === null && rule.overrides.length > 0) {
    const inputs = { lessons: lessons.quantity, trainingKind: null }
    return unknown(finding(itemRule(given, 'amount'), 'unknown', inputs, change('class-kind')))
  }
  const { days, fen } = convertLessons(lessons.quantity, rule, kind)
  const inputs = { lessons: lessons.quantity, days, fenPerDay: rule.fenPerDay, trainingKind: kind }
  const made = finding(itemRule(given, 'amount'), 'yes', inputs)
  return byVoucher(given, days, fen, [...lessons.findings, made])
}

function byLevel(given: ClaimCase, rule: Extract<Amount, { readonly mode: 'by-level' }>): ClaimAmount {
  const at = itemRule(given, 'amount')
  const level = certificateOfClass(given)?.level ?? given.classFacts.level
  if (level === null) return unknown(finding(at, 'unknown', { level }, change('class-level')))
  const found = rule.levels.find((candidate) => candidate.level === level)
  if (found === undefined) {
    return { quantity: 0, fen: 0, findings: [finding(at, 'no', { level }, change('level-paid'))] }
  }
  const { fen, leastLessons } = found
  return byVoucher(given, 1, fen, [finding(at, 'yes', { level, fen, leastLessons })])
}

/** How many units of the item's kind there are, before a ceiling. */
function countUnits(given: ClaimCase): Units {
  const at = itemRule(given, 'unit')
  switch (given.item.unit.value) {
    case null:
      return { quantity: null, findings: [notSaid(at)] }
    case 'head':
      return { quantity: 1, findings: [finding(at, 'yes', { heads: 1 })] }
    case 'certificate': {
      const certificates = certificateOfClass(given) === null ? 0 : 1
      return { quantity: certificates, findings: [finding(at, 'yes', { certificates })] }
    }
    case 'month': {
      const months = given.facts.workMonths
      if (months !== null) return { quantity: months, findings: [finding(at, 'yes', { months })] }
      return {
        quantity: null,
        findings: [finding(at, 'unknown', { months }, change('work-months'))],
      }
    }
    case 'hour':
      return lessonsOf(given)
    case 'day':
      return daysOf(given)
  }
}

interface Units {
  readonly quantity: number | null
  readonly findings: readonly Finding[]
}

function lessonsOf(given: ClaimCase): Units {
  const at = itemRule(given, 'basis')
  const basis = given.item.basis.value
  if (basis === null) return { quantity: null, findings: [notSaid(at)] }
  const filed = given.classFacts.filedLessons
  if (basis.lessons === 'filed') {
    const answer = filed === null ? 'unknown' : 'yes'
    return {
      quantity: filed,
      findings: [finding(at, answer, { filedLessons: filed }, change('class-filed'))],
    }
  }
  const { lessons } = given.hours
  return { quantity: lessons, findings: [finding(at, 'yes', { verifiedLessons: lessons })] }
}

/** Civil days with enough counted lessons. */
function daysOf(given: ClaimCase): Units {
  const at = itemRule(given, 'basis')
  const least = given.item.basis.value?.dayLeastLessons ?? null
  const days = given.hours.counted?.days
  if (least === null) return { quantity: null, findings: [notSaid(at)] }
  if (days === undefined) {
    const needed = change('pack-second-format')
    return { quantity: null, findings: [finding(at, 'unknown', { days: null }, needed)] }
  }
  const leastMs = least * given.lessonMinutes * 60_000
  const verified = days.filter(({ countedMs }) => countedMs >= leastMs).length
  return {
    quantity: verified,
    findings: [finding(at, 'yes', { days: verified, dayLeastLessons: least })],
  }
}

function capUnits(given: ClaimCase, units: Units): Units {
  const most = given.item.maximumUnits.value
  const at = itemRule(given, 'maximumUnits')
  if (most === null) return { quantity: null, findings: [...units.findings, notSaid(at)] }
  if (most === 'none' || units.quantity === null || units.quantity <= most) return units
  const inputs = { units: units.quantity, maximum: most }
  return { quantity: most, findings: [...units.findings, finding(at, 'yes', inputs)] }
}

/** The rate that was agreed where the document only bounds it. A floor without a decision is paid as the floor. */
function rateOf(
  given: ClaimCase,
  { fen, bound }: Extract<Amount, { readonly mode: 'rate' }>,
): { readonly fen: number | null; readonly findings: readonly Finding[] } {
  const at = itemRule(given, 'amount')
  const agreed = given.classFacts.agreedFen[given.itemName] ?? null
  const inputs = { fen, bound, agreedFen: agreed }
  const answered = (rate: number | null, answer: Finding['answer'], needed: Change | null = null) => ({
    fen: rate,
    findings: [finding(at, answer, inputs, needed)],
  })
  if (bound === 'exact') return answered(fen, 'yes')
  if (agreed === null) {
    return bound === 'at-least' ? answered(fen, 'yes') : answered(null, 'unknown', change('agreed-amount'))
  }
  if (bound === 'at-most') return answered(Math.min(agreed, fen), 'yes')
  return agreed >= fen ? answered(agreed, 'yes') : answered(null, 'no', change('agreed-floor'))
}

function upliftOf(given: ClaimCase): {
  readonly percent: number | null
  readonly findings: readonly Finding[]
} {
  const at = itemRule(given, 'uplift')
  const rule = given.item.uplift.value
  if (rule === null) return { percent: null, findings: [notSaid(at)] }
  if (rule === 'none') return { percent: 0, findings: [] }
  const { uplift } = given.classFacts
  if (uplift === null) {
    const inputs = { percent: rule.percent, uplift }
    const needed = change('uplift')
    return { percent: null, findings: [finding(at, 'unknown', inputs, needed)] }
  }
  const percent = uplift === 'adopted' ? rule.percent : 0
  return { percent, findings: [finding(at, 'yes', { percent, uplift })] }
}

function byVoucher(
  given: ClaimCase,
  quantity: number,
  fen: number,
  findings: readonly Finding[],
): ClaimAmount {
  const at = itemRule(given, 'settlement')
  if (given.item.settlement.value === null)
    return { quantity, fen: null, findings: [...findings, notSaid(at)] }
  if (given.item.settlement.value === 'transfer') return { quantity, fen, findings }
  const { voucher } = given.facts
  if (voucher === null || voucher === false) {
    const answer = voucher === null ? ('unknown' as const) : ('no' as const)
    const needed = change('voucher')
    const without = finding(at, answer, { voucher }, needed)
    return { quantity, fen: voucher === null ? null : 0, findings: [...findings, without] }
  }
  const paid = Math.min(fen, voucher.fen)
  return {
    quantity,
    fen: paid,
    findings: [...findings, finding(at, 'yes', { fen, voucherFen: voucher.fen })],
  }
}

function unknown(reason: Finding): ClaimAmount {
  return { quantity: null, fen: null, findings: [reason] }
}
