import { teacherHours } from '../../attendance/teacher-hours.ts'
import { civilDate } from '../../common/civil-time.ts'
import { minutesOf } from '../reason-text.ts'
import { classReport, type ReportContext, span } from '../report-context.ts'
import { type Cell, type Report, withRemark } from '../table.ts'

/** The teachers' file (教师授课档案): what each teacher taught, by their own signatures; never part of trainees' hours. */
export function teacherReport(context: ReportContext): Report {
  const { history, hours } = context
  const name = (actor: string) => context.actorName(actor) ?? actor
  const sessions = new Map(history.sessions.map((session) => [session.id, session]))
  const taught = teacherHours(history)
  const summary = taught.map(({ actor, ms, sessions: own }): Cell[] => [
    name(actor),
    actor,
    own.length,
    minutesOf(ms),
    own.filter(({ incomplete }) => incomplete).length,
    own.filter(({ substitutes }) => substitutes !== null).length,
  ])
  const detail = taught.flatMap(({ actor, sessions: own }) =>
    own.map(({ session: id, ms, incomplete, substitutes }): Cell[] => {
      const session = sessions.get(id)
      return [
        name(actor),
        session === undefined ? '' : civilDate(session.start),
        session === undefined ? '' : span(session),
        id,
        minutesOf(ms),
        incomplete ? '漏签' : '',
        substitutes === null ? '' : `代 ${name(substitutes)}`,
      ]
    }),
  )
  const tables = [
    { name: '教师汇总', header: ['姓名', '人员编号', '课次数', '授课分钟', '漏签', '代课'], rows: summary },
    { name: '授课明细', header: ['姓名', '日期', '时间', '课次', '授课分钟', '漏签', '代课'], rows: detail },
  ].map((table) => withRemark(table, hours.simulated))
  const notes = ['教师签到签退均由本人密钥签名；授课时间不计入学员学时']
  return classReport(context, { title: '教师授课档案', tables, main: 1, notes })
}
