import type { AttendanceRecord } from '../../attendance/history.ts'
import { civilDate, civilTime } from '../../common/civil-time.ts'
import { classReport, nameCells, type ReportContext, span } from '../report-context.ts'
import { type Cell, type Report, withRemark } from '../table.ts'
import { evidenceNames } from '../words.ts'

/**
 * The sign-in sheet (签到表): one row for each person and session with the times as they were recorded. It says what
 * happened at the door and what was entered afterwards, not what counts: that is the attendance table.
 */
export function signInReport(context: ReportContext): Report {
  const { history, hours } = context
  const records = new Map<string, AttendanceRecord[]>()
  for (const record of history.records) {
    const key = `${record.session} ${record.person}`
    const found = records.get(key)
    if (found === undefined) records.set(key, [record])
    else found.push(record)
  }
  const header = [
    '日期',
    '时间',
    '课次',
    '姓名',
    '证件号码',
    '签到',
    '签退',
    '核验方式',
    '记录号',
    '本人签名',
  ]
  const rows = history.sessions.flatMap((session) =>
    [...history.seats.keys()].map((person): Cell[] => {
      const own = records.get(`${session.id} ${person}`) ?? []
      return [
        civilDate(session.start),
        span(session),
        session.id,
        ...nameCells(context, person),
        times(own, 'in'),
        times(own, 'out'),
        [...new Set(own.map(proof))].join('、'),
        own.map(({ index }) => index).join('、'),
        '',
      ]
    }),
  )
  const table = withRemark({ name: '签到表', header, rows }, hours.simulated)
  return classReport(context, { title: '签到表', tables: [table] })
}

function times(records: readonly AttendanceRecord[], direction: AttendanceRecord['direction']): string {
  return records
    .filter((record) => record.direction === direction)
    .map(({ time }) => civilTime(time.wall))
    .join('、')
}

function proof({ origin, outcome, portrait, simulated, voided }: AttendanceRecord): string {
  if (voided != null) return '已更正'
  if (simulated) return evidenceNames.simulated
  if (origin === 'paper') return '纸质签到表补录'
  if (origin === 'corrected') return '两人签名补录'
  if (outcome === 'doubtful') return '存疑'
  return evidenceNames[outcome === 'witnessed' ? 'witnessed' : portrait]
}
