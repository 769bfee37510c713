import { civilDate, civilTime } from '../../common/civil-time.ts'
import type { PortraitSource } from '../../ledger/event.ts'
import { classReport, nameCells, type ReportContext } from '../report-context.ts'
import { type Cell, type Report, withRemark } from '../table.ts'
import { evidenceNames } from '../words.ts'

/** The roster (花名册): everybody who ever had a seat, since when and until when, and every change with its reason. */
export function rosterReport(context: ReportContext): Report {
  const { history, hours, events } = context
  const portraits = new Map<string, PortraitSource>()
  const changes: Cell[][] = []
  for (const event of events) {
    if (event.type !== 'roster.changed' || event.data.class !== history.id) continue
    const { added, removed, reason } = event.data
    const when = moment(event.time.wall)
    for (const { person, portrait } of added) {
      portraits.set(person, portrait)
      changes.push([event.index, when, '加入', ...nameCells(context, person), reason])
    }
    for (const person of removed) {
      changes.push([event.index, when, '退出', ...nameCells(context, person), reason])
    }
  }
  const people = [...history.seats].map(([person, periods], position): Cell[] => [
    position + 1,
    ...nameCells(context, person),
    person,
    periods.map(({ from }) => moment(from)).join('、'),
    periods.map(({ until }) => (until === null ? '在册' : moment(until))).join('、'),
    evidenceNames[portraits.get(person) ?? 'none'],
  ])
  const roster = {
    name: '花名册',
    header: ['序号', '姓名', '证件号码', '人员编号', '加入', '退出', '比对照片来源'],
    rows: people,
  }
  const log = {
    name: '变动记录',
    header: ['记录号', '时间', '变动', '姓名', '证件号码', '原因'],
    rows: changes,
  }
  const tables = [roster, log].map((table) => withRemark(table, hours.simulated))
  return classReport(context, { title: '花名册', tables })
}

function moment(wall: number): string {
  return `${civilDate(wall)} ${civilTime(wall)}`
}
