import { type ClassAttendance, seatsTaken } from '../attendance/attendance-share.ts'
import { classHours } from '../attendance/class-hours.ts'
import type { WorkCalendar } from '../attendance/workdays.ts'
import { Fault } from '../common/fault.ts'
import { failed, ok, type Result } from '../common/result.ts'
import { FACTS_HEADER } from '../export/report-context.ts'
import { type Cell, type Report, SIMULATED_MARK, type Table } from '../export/table.ts'
import { toHex } from '../ledger/bytes.ts'
import type { EventData, LedgerEvent } from '../ledger/event.ts'
import { type DrawPower, drawPower } from './draw-power.ts'
import { drawOutcome, foldVisits, type Visit } from './visit.ts'
import { visitFacts } from './visit-facts.ts'
import { dueDate, findingsOf, REPORT_WORKDAYS, type VisitFinding } from './visit-findings.ts'
import type { RecordSource } from './visit-record.ts'
import {
  cardWords,
  factWords,
  findingNames,
  momentWords,
  outcomeWords,
  powerSentences,
  sinceWordsChinese,
  standingNames,
  stateWords,
} from './visit-words.ts'

/** The report on a visit as other software reads it. */
export interface VisitReport {
  readonly format: 'shidao-visit-report/v1'
  readonly visit: string
  readonly class: string
  readonly title: string
  readonly institution: string | null
  readonly simulated: boolean
  readonly edition: 'full' | 'masked'
  /** Wall milliseconds of the station's clock. */
  readonly opened: number
  readonly closed: number
  readonly inspector: { readonly publicKey: string; readonly standing: Visit['standing'] }
  readonly signed: EventData['visit.closed']['institution']
  /** The term and the day on which it ends; null where the calendar of that year is not known. */
  readonly due: { readonly workdays: number; readonly date: string | null }
  /**
   * Seats of this session that were taken when the inspector counted, by the pack's limits: people on leave have a seat
   * here. Null without a headcount or without the class's pack.
   */
  readonly spot: ClassAttendance | null
  /** The same over all sessions of the class that were over by the visit's end, as the log has them. */
  readonly average: ClassAttendance | null
  readonly pack: { readonly id: string; readonly sha256: string } | null
  readonly draws: readonly {
    readonly commitment: string
    readonly nonce: string
    readonly k: number
    readonly n: number
    readonly power: DrawPower
  }[]
  readonly outcome: {
    readonly seen: number
    readonly notSeen: number
    readonly cannotVerify: number
    readonly left: number
  }
  readonly headcount: number | null
  readonly findings: readonly ReportedFinding[]
}

/** A finding as the edition shows it: one for publication has no ids, and nothing that people wrote. */
export interface ReportedFinding extends Omit<VisitFinding, 'person' | 'answers'> {
  /** Null for what is about nobody. */
  readonly person: { readonly id: string | null; readonly name: string; readonly number: string } | null
  readonly answers: readonly {
    readonly event: number
    readonly at: number
    readonly answer: string | null
    readonly document: string | null
  }[]
}

export interface ReportSource extends RecordSource {
  readonly calendar: WorkCalendar
  readonly packFolders?: readonly string[]
  readonly workdays?: number
}

/**
 * The report on a closed visit: what was found, what became of it up to now, and the card that the class's own pack gives.
 * Faults: `INSPECT_VISIT_UNKNOWN`, `INSPECT_VISIT_OPEN`.
 */
export function visitReport(
  source: ReportSource,
  visitId: string,
): Result<Report & { readonly document: VisitReport }> {
  const all = [...source.ledger.events()]
  const events = all.map(({ event }) => event)
  const visit = foldVisits(events).get(visitId)
  if (visit === undefined) return failed(new Fault('INSPECT_VISIT_UNKNOWN', 'no such visit was opened here'))
  const end = events.find(({ index }) => index === visit.closed?.event)
  if (end === undefined)
    return failed(new Fault('INSPECT_VISIT_OPEN', 'the visit is still open: close it first'))
  const document = documentOf(source, events, visit, end)
  const { edition, ledger } = source
  const newest = events.at(-1)?.time.wall ?? end.time.wall
  return ok({
    title: '检查报告',
    subject: `${document.title}（${visit.class}）　检查编号 ${visit.visit}`,
    simulated: document.simulated,
    edition,
    tables: [findingsTable(document), summaryTable(document, visit)],
    main: 0,
    facts: factsTable(document, edition),
    notes: [
      '红黄牌按本班规则包的到课率界限计算，只供检查人定夺；请假人员在现场到课率中计为应到',
      '问题由检查的签名事件推出，答复与办结也是签名事件',
    ],
    ledger: { origin: ledger.origin, size: events.length, root: toHex(ledger.rootAt(events.length)), newest },
    document,
  })
}

function documentOf(
  { nameOf, edition, calendar, packFolders, workdays = REPORT_WORKDAYS }: ReportSource,
  events: readonly LedgerEvent[],
  visit: Visit,
  end: LedgerEvent,
): VisitReport {
  const during = events.slice(0, end.index + 1)
  const facts = visitFacts(
    events.filter(({ index }) => index < visit.event),
    visit.class,
    visit.openedAt,
  )
  const hours = classHours(
    during.map((event) => ({ event })),
    visit.class,
    packFolders === undefined ? {} : { packFolders },
  )
  const headcount = visit.headcounts.at(-1)?.count ?? null
  const { seen, notSeen, cannotVerify, left } = drawOutcome(visit)
  return {
    ...{
      format: 'shidao-visit-report/v1',
      visit: visit.visit,
      class: visit.class,
      title: facts?.title ?? '',
    },
    institution: facts?.filing?.institution ?? null,
    ...{ simulated: facts?.simulated === true, edition, opened: visit.openedAt, closed: end.time.wall },
    inspector: { publicKey: visit.inspector.publicKey, standing: visit.standing },
    signed: visit.closed!.institution,
    due: { workdays, date: dueDate(end.time.wall, workdays, calendar) },
    spot:
      hours.ok && headcount !== null ? seatsTaken(facts?.expected ?? 0, headcount, hours.value.pack) : null,
    average: hours.ok ? (hours.value.hours.attendance ?? null) : null,
    pack: hours.ok ? { id: hours.value.pack.id, sha256: hours.value.pack.sha256 } : null,
    draws: visit.draws.flatMap(({ draw, k, nonce }) => {
      const committed = events.find(({ type, data }) => type === 'draw.committed' && data.draw === draw)
      if (committed?.type !== 'draw.committed') return []
      const { commitment, n, strata } = committed.data
      return [{ commitment, nonce, k, n, power: drawPower(strata, k) }]
    }),
    outcome: {
      ...{ seen: seen.length, notSeen: notSeen.length },
      ...{ cannotVerify: cannotVerify.length, left: left.length },
    },
    headcount,
    findings: findingsOf(events, visit, calendar, workdays).map((finding) =>
      reported(finding, nameOf, edition === 'masked'),
    ),
  }
}

function reported(finding: VisitFinding, nameOf: RecordSource['nameOf'], masked: boolean): ReportedFinding {
  const { person, answers, facts } = finding
  const identity = person === null ? null : nameOf(person)
  const { reason: _written, ...figures } = facts
  return {
    ...finding,
    facts: masked && finding.kind === 'cannot-verify' ? figures : facts,
    person:
      person === null
        ? null
        : { id: masked ? null : person, name: identity?.name ?? '', number: identity?.number ?? '' },
    answers: answers.map((one) => (masked ? { ...one, answer: null } : one)),
  }
}

function findingsTable({ findings, edition }: VisitReport): Table {
  return {
    name: '问题清单',
    header: ['编号', '问题', '姓名', '证件号码', '依据', '答复期限', '状态', '答复', '办结'],
    rows: findings.map(({ id, kind, person, facts, due, state, answers, closed }): Cell[] => [
      ...[id, findingNames[kind], person?.name ?? '', person?.number ?? '', factWords(facts)],
      ...[due ?? '未知', stateWords[state]],
      // What an institution wrote may name people: it is not for publication.
      edition === 'masked'
        ? answers.length > 0
          ? '有'
          : ''
        : answers.map(({ answer }) => answer).join('；'),
      closed === null ? '' : outcomeWords[closed.outcome],
    ]),
  }
}

function summaryTable(document: VisitReport, visit: Visit): Table {
  const { spot, average, outcome, headcount, draws, due, signed } = document
  const rows: Cell[][] = [
    ['检查开始', momentWords(document.opened)],
    ['检查结束', momentWords(document.closed)],
    ['报告期限', `${due.date ?? '该年节假日安排未知，请人工确定'}（${due.workdays} 个工作日）`],
    ['培训机构', document.institution ?? '未备案'],
    ['检查人', `${document.inspector.publicKey}，${standingNames[document.inspector.standing]}`],
    ['与上次检查核对', sinceWordsChinese(visit.since)],
    ...draws.flatMap(({ k, n, nonce, commitment, power }) => [
      ['抽查', `${n} 人中抽 ${k} 人，承诺值 ${commitment}，随机数 ${nonce}`],
      ['检出能力', powerSentences(power).join('；')],
    ]),
    [
      '抽查结果',
      `见到 ${outcome.seen}，未见 ${outcome.notSeen}，无法核实 ${outcome.cannotVerify}，未核对 ${outcome.left}`,
    ],
    ['清点人数', headcount === null ? '未清点' : headcount],
    ['现场到课率', attendanceWords(spot)],
    ['全班平均到课率（台账）', attendanceWords(average)],
    ['机构签署', signed.signed ? '已签署' : signed.reason === 'refused' ? '拒绝签字' : '无人在场签字'],
  ]
  return { name: '检查情况', header: ['项目', '内容'], rows }
}

function attendanceWords(attendance: ClassAttendance | null): string {
  if (attendance === null || attendance.seats === 0) return '无法计算'
  const { seats, taken, card, clause } = attendance
  const percent = Math.floor((taken * 1000) / seats) / 10
  return `${taken}/${seats}，${percent}%；${card === null ? '规则包未定界限' : `牌：${cardWords[card]}`}（${clause}）`
}

function factsTable({ simulated, pack, due }: VisitReport, edition: Report['edition']): Table {
  return {
    name: '说明',
    header: FACTS_HEADER,
    rows: [
      ['数据性质', simulated ? `${SIMULATED_MARK}数据，不作为考勤依据` : '实际记录', '', ''],
      ['版本', edition === 'masked' ? '公示版（已脱敏）' : '完整版', '', ''],
      ['规则包', pack?.id ?? '此处没有本班的规则包', '', pack?.sha256 ?? ''],
      [
        '期限',
        `${due.workdays} 个工作日`,
        '自行设定',
        '按国务院办公厅节假日安排推算；当地另有规定的从其规定',
      ],
    ],
  }
}
