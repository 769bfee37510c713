import { type ClassRecord, projectClasses } from '../../attendance/class-record.ts'
import { addEvidence, type EvidenceTotals, evidenceLevels } from '../../attendance/evidence.ts'
import type { SessionHours } from '../../attendance/hours.ts'
import { monthClosings, monthFigures } from '../../attendance/month-close.ts'
import type { Session } from '../../attendance/timetable.ts'
import { civilDate } from '../../common/civil-time.ts'
import type { LedgerEvent } from '../../ledger/event.ts'
import type { Period, PeriodKind } from '../period.ts'
import { minutesOf } from '../reason-text.ts'
import { commonFacts, evidenceNote, FACTS_HEADER, type ReportContext } from '../report-context.ts'
import { type Cell, type Report, type Table, withRemark } from '../table.ts'
import { evidenceNames, groupNames, percent, stageNames } from '../words.ts'

/** One person in one class within the period. */
interface Share {
  readonly classId: string
  readonly person: string
  /** Time of the sessions within the period that are over and that the person had a seat for, and what was credited. */
  readonly plannedMs: number
  readonly creditedMs: number
  readonly seats: number
  readonly taken: number
  readonly byEvidence: EvidenceTotals
}

/**
 * The report of a month, a quarter or a year: plan against what was credited, by class, by area and by group.
 * `contexts` has every class that it is about; classes without a session within the period are left out.
 */
export function periodReport(contexts: readonly ReportContext[], period: Period): Report | null {
  const [first] = contexts
  if (first === undefined) return null
  const active = contexts.filter(({ history }) => history.sessions.some((session) => within(session, period)))
  const shares = active.flatMap((context) => classShares(context, period))
  const simulated = contexts.some(({ hours }) => hours.simulated)
  const records = projectClasses(first.events)
  const tables = [
    byClass(active, shares, period, { records, closings: closingsWord(first.events, period) }),
    byArea(active, shares),
    byGroup(active, shares),
  ].map((table) => withRemark(table, simulated))
  const { edition, ledger } = first
  const due = period.due === null ? [] : [`应于 ${period.due} 前报送`]
  const packs = [...new Map(contexts.map(({ pack }) => [pack.sha256, pack])).values()]
  return {
    title: titles[period.kind],
    subject: `${period.name}（${period.from} 至 ${period.to}）`,
    ...{ simulated, edition, ledger, tables, main: 0 },
    facts: {
      name: '说明',
      header: FACTS_HEADER,
      rows: [
        ['期间', `${period.from} 至 ${period.to}`, '', ''],
        ...commonFacts(simulated, edition, ledger),
        ...packs.map(({ id, sha256, title }): Cell[] => [`规则包 ${id}`, sha256, title, '']),
      ],
    },
    notes: [...due, evidenceNote(shares), '同一人属于多个群体的，各群体分别计入'],
  }
}

const titles: Readonly<Record<PeriodKind, string>> = {
  monthly: '培训月报',
  quarterly: '培训季报',
  annual: '培训年报',
}

function within({ start }: Session, { from, to }: Period): boolean {
  const day = civilDate(start)
  return from <= day && day <= to
}

function classShares({ history, hours }: ReportContext, period: Period): Share[] {
  const lengths = new Map(
    history.sessions
      .filter((session) => within(session, period))
      .map(({ id, start, end }) => [id, end - start]),
  )
  return hours.people.map((person): Share => {
    const own = person.sessions.filter(({ id }) => lengths.has(id))
    const planned = own.filter(hadSeat)
    return {
      classId: history.id,
      person: person.person,
      plannedMs: planned.reduce((sum, { id }) => sum + (lengths.get(id) ?? 0), 0),
      creditedMs: own.reduce((sum, { creditedMs }) => sum + creditedMs, 0),
      seats: planned.length,
      taken: planned.filter(({ creditedMs }) => creditedMs > 0).length,
      byEvidence: addEvidence(own.map(({ byEvidence }) => byEvidence)),
    }
  })
}

function hadSeat({ state, reasons }: SessionHours): boolean {
  return state !== 'pending' && !reasons.some(({ rule }) => rule === 'not-enrolled')
}

function byClass(
  contexts: readonly ReportContext[],
  shares: readonly Share[],
  period: Period,
  said: {
    readonly records: ReadonlyMap<string, ClassRecord>
    readonly closings: ((context: ReportContext) => string) | null
  },
): Table {
  const rows = contexts.map((context): Cell[] => {
    const { history } = context
    const own = shares.filter(({ classId }) => classId === history.id)
    const record = said.records.get(history.id)
    const sessions = history.sessions.filter((session) => within(session, period))
    const planned = record?.filing?.plannedMinutes ?? null
    return [
      history.id,
      history.title,
      stageNames[record?.stage ?? 'open'],
      planned ?? '',
      minutesOf(history.sessions.reduce((sum, { start, end }) => sum + end - start, 0)),
      sessions.length,
      own.length,
      ...planCells(own),
      ...proofCells(own),
      ...(said.closings === null ? [] : [said.closings(context)]),
    ]
  })
  const plan = ['备案计划分钟', '课表总分钟', '本期课次', '学员人数']
  const header = [
    '班级',
    '名称',
    '阶段',
    ...plan,
    ...PLAN,
    ...PROOF,
    ...(said.closings === null ? [] : ['月结']),
  ]
  return { name: '分班级', header, rows }
}

/** How a month stands in its classes: two people closed it, or not, or its hours changed since. Null for longer periods. */
function closingsWord(
  events: readonly LedgerEvent[],
  { kind, name }: Period,
): ((context: ReportContext) => string) | null {
  if (kind !== 'monthly') return null
  return ({ history, hours }) => {
    const closing = monthClosings(events, history.id).get(name)
    if (closing === undefined) return '未结'
    const day = civilDate(closing.at)
    const { hours: now } = monthFigures(history, hours, name, closing.at)
    return now === closing.hours ? `${day} 已结` : `${day} 已结，其后有变更`
  }
}

const PLAN = ['应到人次', '实到人次', '到课率（%）', '计划人分钟', '认定人分钟', '完成率（%）']
const PROOF = evidenceLevels.map((level) => `${evidenceNames[level]}（分钟）`)

function planCells(shares: readonly Share[]): Cell[] {
  const sum = (part: (share: Share) => number) => shares.reduce((total, share) => total + part(share), 0)
  const seats = sum((share) => share.seats)
  const taken = sum((share) => share.taken)
  const planned = sum((share) => share.plannedMs)
  const credited = sum((share) => share.creditedMs)
  return [
    seats,
    taken,
    percent(taken, seats),
    minutesOf(planned),
    minutesOf(credited),
    percent(credited, planned),
  ]
}

function proofCells(shares: readonly Share[]): Cell[] {
  const totals = addEvidence(shares.map(({ byEvidence }) => byEvidence))
  return evidenceLevels.map((level) => minutesOf(totals[level]))
}

/** Area is the class's place of training (GB/T 2260); a class that nobody said it of is `未登记`. */
function byArea(contexts: readonly ReportContext[], shares: readonly Share[]): Table {
  const areaOf = new Map(
    contexts.map(({ history, facts }) => [history.id, facts.classes.get(history.id)?.region ?? UNKNOWN]),
  )
  const areas = [...new Set(areaOf.values())].sort()
  const rows = areas.map((area): Cell[] => {
    const own = shares.filter(({ classId }) => areaOf.get(classId) === area)
    return [area, new Set(own.map(({ classId }) => classId)).size, headCount(own), ...planCells(own)]
  })
  return { name: '分地区', header: ['地区代码', '班级数', '人数', ...PLAN], rows }
}

function byGroup(contexts: readonly ReportContext[], shares: readonly Share[]): Table {
  const people = contexts[0]?.facts.people
  const groups = new Map<string, Share[]>()
  for (const share of shares) {
    const known = people?.get(share.person)?.groups ?? null
    const names =
      known === null ? [UNKNOWN] : known.length === 0 ? ['其他'] : known.map((name) => groupNames[name])
    for (const name of names) {
      const group = groups.get(name)
      if (group === undefined) groups.set(name, [share])
      else group.push(share)
    }
  }
  const order = [...Object.values(groupNames), '其他', UNKNOWN]
  const rows = [...groups]
    .sort(([a], [b]) => order.indexOf(a) - order.indexOf(b))
    .map(([name, own]): Cell[] => [name, headCount(own), ...planCells(own)])
  return { name: '分群体', header: ['群体', '人数', ...PLAN], rows }
}

const UNKNOWN = '未登记'

function headCount(shares: readonly Share[]): number {
  return new Set(shares.map(({ person }) => person)).size
}
