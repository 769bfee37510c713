import type { ClassHours } from '../attendance/class-hours.ts'
import { type ClassRecord, projectClasses } from '../attendance/class-record.ts'
import { addEvidence, evidenceLevels } from '../attendance/evidence.ts'
import type { FactHistory } from '../attendance/fact-history.ts'
import type { PersonHours, SessionHours } from '../attendance/hours.ts'
import type { Session } from '../attendance/timetable.ts'
import { civilDate, civilTime } from '../common/civil-time.ts'
import type { LedgerEvent } from '../ledger/event.ts'
import { minutesOf } from './reason-text.ts'
import { type Cell, type LedgerState, type Report, SIMULATED_MARK, type Table } from './table.ts'
import { evidenceNames, ruleKinds, stateMarks, stateNames } from './words.ts'

/** Who a person is, from the sealed side records; null once their identity is deleted. A masked edition masks here. */
export type NameOf = (person: string) => { readonly name: string; readonly number: string } | null

/** Everything that a table of one class is made from. */
export interface ReportContext extends ClassHours {
  /** All of the station's records, in order. */
  readonly events: readonly LedgerEvent[]
  readonly facts: FactHistory
  readonly ledger: LedgerState
  readonly nameOf: NameOf
  /** Name of somebody who acts; null when it isn't known here. */
  readonly actorName: (actor: string) => string | null
  /** `masked`: the names that `nameOf` gives are masked, for publication. */
  readonly edition: Report['edition']
}

/** A report of one class: its tables with the facts and notes that every kind has. */
export function classReport(
  context: ReportContext,
  made: Pick<Report, 'title' | 'tables'> & Partial<Report>,
): Report {
  const { history, hours, ledger, edition } = context
  return {
    subject: `${history.title}（${history.id}）`,
    simulated: hours.simulated,
    edition,
    main: 0,
    facts: factsTable(context),
    notes: [evidenceNote(hours.people)],
    ledger,
    ...made,
  }
}

/** `认定依据：…`: hours by how they were proven, minutes. */
export function evidenceNote(people: readonly Pick<PersonHours, 'byEvidence'>[]): string {
  const totals = addEvidence(people.map(({ byEvidence }) => byEvidence))
  const parts = evidenceLevels.flatMap((level) =>
    totals[level] > 0 ? [`${evidenceNames[level]} ${minutesOf(totals[level])} 分钟`] : [],
  )
  return `学时认定依据：${parts.length === 0 ? '无认定学时' : parts.join('，')}`
}

/** What an auditor needs to compute the same again: rules with their origins, the ledger's root, what the marks mean. */
function factsTable({ events, history, hours, pack, ledger, edition }: ReportContext): Table {
  const record = projectClasses(events).get(history.id)
  const facts: Cell[][] = [
    ['班级', history.id, '', ''],
    ['名称', history.title, '', ''],
    ...filingRows(record),
    ...commonFacts(hours.simulated, edition, ledger),
    ['规则包', pack.id, pack.title, ''],
    ['规则包 sha256', pack.sha256, '', ''],
  ]
  const rules = Object.entries(pack.rules).map(([name, rule]): Cell[] => [
    name,
    typeof rule.value === 'object' ? JSON.stringify(rule.value) : String(rule.value),
    ruleKinds[rule.kind],
    [rule.document, rule.clause, rule.source].filter((part) => part !== null).join('；'),
  ])
  const legend = Object.keys(stateMarks).map((name): Cell[] => {
    const state = name as keyof typeof stateMarks
    return [stateMarks[state], stateNames[state], '', '']
  })
  return { name: '说明', header: FACTS_HEADER, rows: [...facts, ...rules, ...legend] }
}

export const FACTS_HEADER = ['项目', '内容', '性质', '依据']

/** The facts that reports of a class and of a period share. */
export function commonFacts(simulated: boolean, edition: Report['edition'], ledger: LedgerState): Cell[][] {
  return [
    ['数据性质', simulated ? `${SIMULATED_MARK}数据，不作为考勤依据` : '实际记录', '', ''],
    ['版本', edition === 'masked' ? '公示版（已脱敏）' : '完整版', '', ''],
    ['台账', ledger.origin, '', ''],
    ['记录数', ledger.size, '', ''],
    ['根哈希', ledger.root, '', ''],
  ]
}

function filingRows(record: ClassRecord | undefined): Cell[][] {
  const filing = record?.filing
  if (filing == null) return []
  return [
    ['培训机构', filing.institution, '', ''],
    ['职业（工种）', filing.occupation, filing.level, ''],
    ['备案期间', `${filing.from} 至 ${filing.to}`, '', ''],
  ]
}

/** Name and number as the edition shows them. */
export function nameCells({ nameOf }: Pick<ReportContext, 'nameOf'>, person: string): [string, string] {
  const identity = nameOf(person)
  return identity === null ? ['（已删除）', ''] : [identity.name, identity.number]
}

/** A person's session, undefined where they have none. */
export function sessionOf(person: PersonHours, id: string): SessionHours | undefined {
  return person.sessions.find((session) => session.id === id)
}

/** `08:30–11:30` */
export function span({ start, end }: Pick<Session, 'start' | 'end'>): string {
  return `${civilTime(start)}–${civilTime(end)}`
}

/** First and last day of a class's timetable; null without one. */
export function daysOf(sessions: readonly Session[]): readonly [from: string, to: string] | null {
  if (sessions.length === 0) return null
  const days = sessions.map(({ start }) => civilDate(start)).sort()
  return [days[0] ?? '', days.at(-1) ?? '']
}
