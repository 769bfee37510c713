import { change } from './change.ts'
import type { ClaimPack } from './claim-case.ts'
import type { ClassFacts } from './claim-facts.ts'
import { type Finding, finding, type RuleAt } from './finding.ts'
import type { LessonRules } from './lesson-rules.ts'
import type { Session } from './timetable.ts'

/**
 * Whether a class's plan is what the pack asks of it: shares of theory and practice, lessons in all. Rules that the
 * pack has no value for are left out: a class is not in doubt because of a rule that nobody made.
 */
export function checkPlan(
  timetable: readonly Session[],
  facts: ClassFacts,
  pack: ClaimPack,
  lessonMinutes: number,
): Finding[] {
  const { minimumSharePercent, minimumLessons } = pack.more.lessons
  const findings: Finding[] = []
  const length = (sessions: readonly Session[]) =>
    sessions.reduce((sum, { start, end }) => sum + end - start, 0)
  const allMs = length(timetable)
  if (minimumSharePercent.value !== null) {
    const at = ruleAt(pack, 'minimumSharePercent')
    const { theory, practice } = minimumSharePercent.value
    const named = facts.practiceSessions
    const practiceMs = length(timetable.filter(({ id }) => named?.includes(id)))
    const theoryMs = allMs - practiceMs
    const met = theoryMs * 100 >= theory * allMs && practiceMs * 100 >= practice * allMs
    const answer = named === null || allMs === 0 ? 'unknown' : met ? 'yes' : 'no'
    const inputs =
      named === null ? { allMs, theory, practice } : { theoryMs, practiceMs, allMs, theory, practice }
    findings.push(finding(at, answer, inputs, change('class-practice')))
  }
  if (minimumLessons.value !== null) {
    const at = ruleAt(pack, 'minimumLessons')
    const kind = facts.trainingKind === 'single-skill' ? 'single-skill' : 'qualification'
    const rules = minimumLessons.value
    const least = (rules.find((rule) => rule.for === facts.level) ?? rules.find((rule) => rule.for === kind))
      ?.least
    const lessons = Math.floor(allMs / (lessonMinutes * 60_000))
    const inputs = { lessons, least: least ?? null, level: facts.level, trainingKind: facts.trainingKind }
    const known = least !== undefined && (facts.level !== null || facts.trainingKind !== null)
    const answer = !known ? 'unknown' : lessons >= least ? 'yes' : 'no'
    findings.push(finding(at, answer, inputs, change('class-timetable')))
  }
  return findings
}

function ruleAt(pack: ClaimPack, name: keyof LessonRules): RuleAt {
  return { name, rule: pack.more.lessons[name], packId: pack.id }
}
