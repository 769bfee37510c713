import { civilDate } from '../common/civil-time.ts'
import { change } from './change.ts'
import { type ClaimAmount, claimAmount } from './claim-amount.ts'
import { type ClaimCase, type ClaimPack, itemRule } from './claim-case.ts'
import { unknownClass, unknownPerson } from './claim-facts.ts'
import type { ClaimUnit } from './claim-rules.ts'
import { checkPlan } from './class-plan.ts'
import { eligibility } from './eligibility.ts'
import { addEvidence, type Evidence, evidenceLevels } from './evidence.ts'
import { type EvidenceSummary, summariseEvidence, weakestEvidence } from './evidence-summary.ts'
import type { FactHistory } from './fact-history.ts'
import { type Answer, allOf, type Finding, finding, notSaid } from './finding.ts'
import type { HoursDocument, PersonHours } from './hours.ts'
import { choosePack } from './pack-choice.ts'
import type { RulePack } from './rule-pack.ts'
import type { Session } from './timetable.ts'

/** What one person's training comes to for one item. */
export interface ClaimLine {
  readonly person: string
  readonly item: string
  readonly pack: { readonly id: string; readonly sha256: string }
  /** Null: the pack doesn't say. */
  readonly unit: ClaimUnit | null
  readonly quantity: number | null
  /** Integer fen that may be claimed: zero for a no, null while the answer or the amount is unknown. */
  readonly fen: number | null
  /** What it would come to for somebody eligible, null while that can't be known. */
  readonly computedFen: number | null
  /** Of `fen`, what may be paid before the class ends, and the rest. */
  readonly advanceFen: number | null
  readonly balanceFen: number | null
  readonly payee: 'trainee' | 'institution' | 'employer' | null
  readonly eligible: Answer
  /** Up to when earlier subsidies from elsewhere are known; null: not at all. */
  readonly historyAsOf: string | null
  /** The hours behind it, ms. */
  readonly evidence: EvidenceSummary
  readonly weakestEvidence: Evidence | null
  readonly reasons: readonly Finding[]
}

/** The `claims` document. */
export interface ClaimsDocument {
  readonly class: string
  readonly pack: { readonly id: string; readonly sha256: string }
  /** The pack that the hours were counted under. */
  readonly hoursPack: { readonly id: string; readonly sha256: string }
  /** With it no line may be claimed; `computedFen` says what it would be. */
  readonly simulated: boolean
  /** The day that the answers are for. */
  readonly on: string
  readonly people: readonly ClaimLine[]
  readonly totalFen: number
  readonly advanceFen: number
  readonly balanceFen: number
  /** `totalFen` by the weakest evidence that each line rests on; `unproven` rests on no hour. */
  readonly fenByEvidence: Readonly<Record<Evidence | 'unproven', number>>
  /** Hours of the class by how they were proven, ms. */
  readonly evidence: EvidenceSummary
  /** About the class: shares, lessons. */
  readonly findings: readonly Finding[]
}

export interface ClaimsInput {
  readonly hours: HoursDocument
  readonly hoursPack: RulePack
  /** The class's pack for money, and the others that its people may fall under by their places. */
  readonly pack: ClaimPack
  readonly otherPacks: readonly ClaimPack[]
  readonly timetable: readonly Session[]
  readonly facts: FactHistory
  /** `YYYY-MM-DD`; records after it are not looked at by the rules for history. */
  readonly on: string
}

/** Claims of a class, one line for a person and item. Pure: the same input gives the same document, to the fen. */
export function computeClaims(input: ClaimsInput): ClaimsDocument {
  const { hours, hoursPack, pack, facts, on } = input
  const classFacts = facts.classes.get(hours.class) ?? unknownClass
  const people = hours.people.flatMap((person) => claimsOf(person, input))
  const total = (part: (line: ClaimLine) => number | null) =>
    people.reduce((sum, line) => sum + (part(line) ?? 0), 0)
  const fenByEvidence = Object.fromEntries(
    [...evidenceLevels, 'unproven' as const].map((level) => [level, 0]),
  )
  for (const { fen, weakestEvidence: weakest } of people) {
    const level = weakest ?? 'unproven'
    fenByEvidence[level] = (fenByEvidence[level] ?? 0) + (fen ?? 0)
  }
  const online = [...(facts.online.get(hours.class)?.values() ?? [])].reduce((sum, ms) => sum + ms, 0)
  return {
    class: hours.class,
    pack: { id: pack.id, sha256: pack.sha256 },
    hoursPack: { id: hoursPack.id, sha256: hoursPack.sha256 },
    simulated: hours.simulated,
    on,
    people,
    totalFen: total(({ fen }) => fen),
    advanceFen: total(({ advanceFen }) => advanceFen),
    balanceFen: total(({ balanceFen }) => balanceFen),
    fenByEvidence: fenByEvidence as ClaimsDocument['fenByEvidence'],
    evidence: summariseEvidence(addEvidence(hours.people.map(({ byEvidence }) => byEvidence)), online),
    findings: checkPlan(input.timetable, classFacts, pack, hoursPack.rules.lessonMinutes.value),
  }
}

function claimsOf(person: PersonHours, input: ClaimsInput): ClaimLine[] {
  const { hours, hoursPack, facts, on } = input
  const classFacts = facts.classes.get(hours.class) ?? unknownClass
  const personFacts = facts.people.get(person.person) ?? unknownPerson
  const chosen = choosePack(input.pack, input.otherPacks, personFacts, classFacts, firstDay(input))
  const simulated = hours.simulated ? [simulatedFinding(hoursPack)] : []
  return Object.entries(chosen.pack.more.claims.items)
    .filter(([itemName]) => classFacts.items === null || classFacts.items.includes(itemName))
    .map(([itemName, item]) => {
      const given: ClaimCase = {
        ...{ pack: chosen.pack, itemName, item, classId: hours.class, classFacts, on },
        classAttendance: hours.attendance ?? null,
        lessonMinutes: hoursPack.rules.lessonMinutes.value,
        hours: person,
        facts: personFacts,
        certificates: facts.certificates.get(person.person) ?? [],
        prior: facts.prior.get(person.person) ?? null,
      }
      const onlineMs = facts.online.get(hours.class)?.get(person.person) ?? 0
      return claimLine(given, [...chosen.findings, ...simulated], onlineMs)
    })
}

/** A pack has to be in force when the class begins, whenever the question is asked. */
function firstDay({ timetable, on }: ClaimsInput): string {
  const starts = timetable.map(({ start }) => start)
  return starts.length === 0 ? on : civilDate(Math.min(...starts))
}

function claimLine(given: ClaimCase, before: readonly Finding[], onlineMs: number): ClaimLine {
  const { pack, itemName, item, hours, prior } = given
  const amount: ClaimAmount = claimAmount(given)
  const conditions = [...before, ...eligibility(given)]
  const refused = amount.findings.filter(({ answer }) => answer === 'no')
  const eligible = allOf([...conditions, ...refused])
  const fen = eligible === 'no' ? 0 : eligible === 'unknown' ? null : amount.fen
  const advance = advanceOf(given, fen)
  const payee = item.payee.value === null ? [notSaid(itemRule(given, 'payee'))] : []
  return {
    person: hours.person,
    item: itemName,
    pack: { id: pack.id, sha256: pack.sha256 },
    unit: item.unit.value,
    quantity: amount.quantity,
    fen,
    computedFen: amount.fen,
    advanceFen: advance.fen,
    balanceFen: fen === null || advance.fen === null ? null : fen - advance.fen,
    payee: item.settlement.value === 'voucher' ? 'institution' : item.payee.value,
    eligible,
    historyAsOf: prior?.asOf ?? null,
    evidence: summariseEvidence(hours.byEvidence, onlineMs),
    weakestEvidence: weakestEvidence(hours.byEvidence),
    reasons: [...conditions, ...amount.findings, ...advance.findings, ...payee],
  }
}

/** The share that may be paid in advance, cut to whole fen; the balance is what is left, so that both add up. */
function advanceOf(
  given: ClaimCase,
  fen: number | null,
): { readonly fen: number | null; readonly findings: readonly Finding[] } {
  const rule = given.pack.more.claims.advance
  const at = { name: 'advance', rule, packId: given.pack.id }
  if (rule.value === null) return { fen: null, findings: [notSaid(at)] }
  if (rule.value === 'none' || !rule.value.items.includes(given.itemName)) return { fen: 0, findings: [] }
  const { percent, forms } = rule.value
  const { form } = given.classFacts
  if (form === null) {
    const unsaid = finding(at, 'unknown', { percent, form }, change('class-form'))
    return { fen: null, findings: [unsaid] }
  }
  if (form === 'open' || !forms.includes(form)) return { fen: 0, findings: [] }
  const advance = fen === null ? null : Math.floor((fen * percent) / 100)
  return { fen: advance, findings: [finding(at, 'yes', { percent, form, advanceFen: advance })] }
}

function simulatedFinding(hoursPack: RulePack): Finding {
  const at = { name: 'simulatedRecords', rule: hoursPack.rules.simulatedRecords, packId: hoursPack.id }
  return finding(at, 'no', { simulated: true }, change('real-hardware'))
}
