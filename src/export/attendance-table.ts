import { type Evidence, evidenceLevels } from '../attendance/evidence.ts'
import type { ClassHistory } from '../attendance/history.ts'
import type { HoursDocument, PersonHours, SessionHours, SessionState } from '../attendance/hours.ts'
import type { RuleKind, RulePack } from '../attendance/rule-pack.ts'
import type { Session } from '../attendance/timetable.ts'
import { civilDate, civilTime } from '../common/civil-time.ts'
import { minutesOf, reasonText } from './reason-text.ts'
import type { Cell, Table } from './table.ts'

/** Who a person is, from the sealed side records; null once their identity is deleted. A masked edition masks here. */
export type NameOf = (person: string) => { readonly name: string; readonly number: string } | null

export interface AttendanceReport {
  readonly history: ClassHistory
  readonly hours: HoursDocument
  readonly pack: RulePack
  /** The ledger that the hours were computed from. `root` in hex. */
  readonly ledger: { readonly origin: string; readonly size: number; readonly root: string }
  readonly nameOf: NameOf
  /** `masked`: the names that `nameOf` gives are masked, for publication. */
  readonly edition: 'full' | 'masked'
}

export const SIMULATED_MARK = '模拟'

/** Day × person grid: one mark for each session, totals at the end. */
export function attendanceGrid(report: AttendanceReport): Table {
  const { history, hours } = report
  const times = history.sessions.map(({ start, end }) => `${civilDate(start)} ${span(start, end)}`)
  const header = ['序号', '姓名', '证件号码', ...times, '课时', '认定分钟', '备注']
  const rows = hours.people.map((person, position): Cell[] => [
    position + 1,
    ...nameCells(report, person),
    ...history.sessions.map(({ id }) => marks[sessionOf(person, id)?.state ?? 'pending']),
    person.lessons,
    minutesOf(person.creditedMs),
    hours.simulated ? SIMULATED_MARK : '',
  ])
  return { name: '考勤表', header, rows }
}

/** One row for each person and session, with what proved the time (minutes by portrait source) and every reason. */
export function attendanceHours(report: AttendanceReport): Table {
  const { history, hours } = report
  const sources = evidenceLevels.map((level) => `${evidenceNames[level]}（分钟）`)
  const header = [
    ...['姓名', '证件号码', '人员编号', '日期', '时间', '课次', '状态', '认定分钟'],
    ...sources,
    ...['原因', '备注'],
  ]
  const rows = hours.people.flatMap((person) =>
    history.sessions.flatMap((session) => {
      const found = sessionOf(person, session.id)
      return found === undefined ? [] : [hoursRow(report, person, session, found)]
    }),
  )
  return { name: '学时明细', header, rows }
}

/** What an auditor needs to compute the same again: rules with their origins, the ledger's root, what the marks mean. */
export function attendanceFacts(report: AttendanceReport): Table {
  const { history, hours, pack, ledger, edition } = report
  const facts: Cell[][] = [
    ['班级', history.id, '', ''],
    ['名称', history.title, '', ''],
    ['数据性质', hours.simulated ? `${SIMULATED_MARK}数据，不作为考勤依据` : '实际记录', '', ''],
    ['版本', edition === 'masked' ? '公示版（已脱敏）' : '完整版', '', ''],
    ['台账', ledger.origin, '', ''],
    ['记录数', ledger.size, '', ''],
    ['根哈希', ledger.root, '', ''],
    ['规则包', pack.id, pack.title, ''],
    ['规则包 sha256', pack.sha256, '', ''],
  ]
  const rules = Object.entries(pack.rules).map(([name, rule]): Cell[] => [
    name,
    typeof rule.value === 'object' ? JSON.stringify(rule.value) : String(rule.value),
    kinds[rule.kind],
    [rule.document, rule.clause, rule.source].filter((part) => part !== null).join('；'),
  ])
  const legend = Object.entries(marks).map(([state, mark]): Cell[] => [
    mark,
    stateNames[state as SessionState],
    '',
    '',
  ])
  return {
    name: '说明',
    header: ['项目', '内容', '性质', '依据'],
    rows: [...facts, ...rules, ...legend],
  }
}

const marks: Readonly<Record<SessionState, string>> = {
  present: '✓',
  late: '迟',
  'left-early': '早',
  doubtful: '疑',
  incomplete: '漏',
  absent: '缺',
  excluded: '—',
  pending: '…',
}

const stateNames: Readonly<Record<SessionState, string>> = {
  present: '出勤',
  late: '迟到',
  'left-early': '早退',
  doubtful: '存疑',
  incomplete: '漏签',
  absent: '缺勤',
  excluded: '不计',
  pending: '未结束',
}

const evidenceNames: Readonly<Record<Evidence, string>> = {
  chip: '证件芯片照片',
  official: '官方照片',
  enrolled: '现场采集照片',
  witnessed: '人工见证',
  none: '无照片',
  simulated: SIMULATED_MARK,
}

const kinds: Readonly<Record<RuleKind, string>> = {
  regulation: '规定',
  convention: '惯例',
  'own-choice': '自行设定',
}

function hoursRow(
  report: AttendanceReport,
  person: PersonHours,
  session: Session,
  found: SessionHours,
): Cell[] {
  return [
    ...nameCells(report, person),
    person.person,
    civilDate(session.start),
    span(session.start, session.end),
    session.id,
    stateNames[found.state],
    minutesOf(found.creditedMs),
    ...evidenceLevels.map((level) => minutesOf(found.byEvidence[level])),
    found.reasons.map(reasonText).join('；'),
    report.hours.simulated ? SIMULATED_MARK : '',
  ]
}

function nameCells({ nameOf }: AttendanceReport, { person }: PersonHours): [string, string] {
  const identity = nameOf(person)
  return identity === null ? ['（已删除）', ''] : [identity.name, identity.number]
}

function sessionOf(person: PersonHours, id: string): SessionHours | undefined {
  return person.sessions.find((session) => session.id === id)
}

function span(start: number, end: number): string {
  return `${civilTime(start)}–${civilTime(end)}`
}
