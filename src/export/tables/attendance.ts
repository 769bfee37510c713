import { evidenceLevels } from '../../attendance/evidence.ts'
import type { PersonHours, SessionHours } from '../../attendance/hours.ts'
import type { Session } from '../../attendance/timetable.ts'
import { civilDate } from '../../common/civil-time.ts'
import { minutesOf, reasonText } from '../reason-text.ts'
import { classReport, nameCells, type ReportContext, sessionOf, span } from '../report-context.ts'
import { type Cell, type Report, type Table, withRemark } from '../table.ts'
import { evidenceNames, stateMarks, stateNames } from '../words.ts'

/** Attendance of a class: who was there when, and why each minute counts or doesn't. */
export function attendanceReport(context: ReportContext): Report {
  const tables = [attendanceGrid(context), attendanceHours(context)]
  return classReport(context, { title: '考勤表', tables, main: 1, document: context.hours })
}

/** Day × person grid: one mark for each session, totals at the end. */
function attendanceGrid(context: ReportContext): Table {
  const { history, hours } = context
  const times = history.sessions.map((session) => `${civilDate(session.start)} ${span(session)}`)
  const header = ['序号', '姓名', '证件号码', ...times, '课时', '认定分钟']
  const rows = hours.people.map((person, position): Cell[] => {
    const states = new Map(person.sessions.map(({ id, state }) => [id, state]))
    return [
      position + 1,
      ...nameCells(context, person.person),
      ...history.sessions.map(({ id }) => stateMarks[states.get(id) ?? 'pending']),
      person.lessons,
      minutesOf(person.creditedMs),
    ]
  })
  return withRemark({ name: '考勤表', header, rows }, hours.simulated)
}

/** One row for each person and session, with what proved the time (minutes by portrait source) and every reason. */
function attendanceHours(context: ReportContext): Table {
  const { history, hours } = context
  const sources = evidenceLevels.map((level) => `${evidenceNames[level]}（分钟）`)
  const header = [
    ...['姓名', '证件号码', '人员编号', '日期', '时间', '课次', '状态', '认定分钟'],
    ...[...sources, '原因'],
  ]
  const rows = hours.people.flatMap((person) =>
    history.sessions.flatMap((session) => {
      const found = sessionOf(person, session.id)
      return found === undefined ? [] : [hoursRow(context, person, session, found)]
    }),
  )
  return withRemark({ name: '学时明细', header, rows }, hours.simulated)
}

function hoursRow(
  context: ReportContext,
  { person }: PersonHours,
  session: Session,
  found: SessionHours,
): Cell[] {
  return [
    ...nameCells(context, person),
    person,
    civilDate(session.start),
    span(session),
    session.id,
    stateNames[found.state],
    minutesOf(found.creditedMs),
    ...evidenceLevels.map((level) => minutesOf(found.byEvidence[level])),
    found.reasons.map(reasonText).join('；'),
  ]
}
