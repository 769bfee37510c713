import type { ClaimLine } from '../../attendance/claims.ts'
import { addEvidence, type EvidenceTotals, evidenceLevels } from '../../attendance/evidence.ts'
import type { PersonHours, SessionState } from '../../attendance/hours.ts'
import { minutesOf } from '../reason-text.ts'
import { daysOf } from '../report-context.ts'
import { answerNames, evidenceEnglish, evidenceNames, payeeNames, stateNames, unitNames } from '../words.ts'
import type { ClaimTotals } from './claim-totals.ts'
import type { BundleMatter } from './matter.ts'
import { actsSection, anchorsSection, checksSection, excludedSection } from './report-acts.ts'
import { nameOf, type PersonName } from './report-names.ts'
import { type PageCell, reportPage, type Section } from './report-page.ts'

/** Changed whenever the same class would give another page: a verifier compares only pages of its own version. */
export const REPORT_FORMAT = 'shidao-report/v1'

export interface ReportMatter {
  readonly matter: BundleMatter
  readonly names: readonly PersonName[]
  /** Null under a pack without rules for claims. */
  readonly totals: ClaimTotals | null
  /** Every line of money, in an auditor's edition; null in the one for publication. */
  readonly lines: readonly ClaimLine[] | null
  /** Names of people who acted, by their ids; only an auditor's edition has them. */
  readonly actors: ReadonlyMap<string, string>
}

/** The report that people read: what was counted, how it was proven, what people changed, what it rests on. */
export function bundleReport(given: ReportMatter): string {
  const { matter, lines } = given
  const edition = lines === null ? (['公示版（已脱敏）', 'masked, for publication'] as const) : FULL
  const sections = [
    aboutSection(given, edition),
    hoursSection(given),
    evidenceSection(given),
    ...moneySections(given),
    actsSection(given),
    excludedSection(given),
    checksSection(given),
    anchorsSection(given),
    limitsSection(),
  ]
  const mark = matter.hours.simulated
    ? '模拟数据，不作为考勤依据 SIMULATED: none of this is anybody’s attendance'
    : null
  return reportPage(['培训学时与补贴证据报告', 'Evidence of training hours and claims'], mark, sections)
}

const FULL = ['审计版（含姓名和证件号码）', 'for auditors, with names and numbers'] as const

function aboutSection({ matter }: ReportMatter, [zh, en]: readonly [string, string]): Section {
  const { target, record, pack, tree, hours } = matter
  const filing = record?.filing ?? null
  const [from, to] = daysOf(target.sessions) ?? ['', '']
  const rows: PageCell[][] = [
    ['版本 edition', `${zh} ${en}`],
    ['班级 class', `${target.title}（${target.id}）`],
    ...(filing === null
      ? []
      : [
          ['培训机构 institution', filing.institution],
          ['职业（工种） occupation', `${filing.occupation}，${filing.level}`],
          ['备案期间 filed for', `${filing.from} – ${filing.to}`],
        ]),
    ['培训日期 days', `${from} – ${to}，${target.sessions.length} 课次 sessions`],
    ['人数 people', hours.people.length],
    ['规则包 rule pack', `${pack.id}，${pack.title}，sha256 ${pack.sha256}`],
    ['台账 ledger', `${tree.origin}，${tree.size} 条记录 records，root ${tree.root}`],
  ]
  return { title: ['概况', 'About'], header: ['项目 item', '内容 value'], rows }
}

function hoursSection({ matter, names }: ReportMatter): Section {
  const rows = matter.hours.people.map((person, position): PageCell[] => {
    const [name, number] = nameOf(names, person.person)
    return [
      ...[position + 1, name, number, person.person.slice(0, 8)],
      ...[person.lessons, minutesOf(person.creditedMs)],
      ...evidenceLevels.map((level) => minutesOf(person.byEvidence[level])),
      states(person),
    ]
  })
  return {
    title: ['每人学时', 'Hours by person'],
    notes: [
      ['分钟数按认定依据分列；课次状态为次数。', 'Minutes by how they were proven; states are counted.'],
    ],
    header: [
      ...['序号 #', '姓名 name', '证件号码 number', '编号 id', '课时 lessons', '认定分钟 minutes'],
      ...evidenceLevels.map((level) => `${evidenceNames[level]} ${evidenceEnglish[level]}`),
      '课次状态 states',
    ],
    rows,
  }
}

function states({ sessions }: PersonHours): string {
  const counts = new Map<SessionState, number>()
  for (const { state } of sessions) counts.set(state, (counts.get(state) ?? 0) + 1)
  return [...counts].map(([state, times]) => `${stateNames[state]} ${times}`).join('，')
}

/** What rests on what, for the class as a whole: hours, and money where the pack says some. */
function evidenceSection({ matter, totals }: ReportMatter): Section {
  const all: EvidenceTotals = addEvidence(matter.hours.people.map(({ byEvidence }) => byEvidence))
  const rows = evidenceLevels.map((level): PageCell[] => [
    `${evidenceNames[level]} ${evidenceEnglish[level]}`,
    minutesOf(all[level]),
    totals === null ? '–' : yuan(totals.fenByEvidence[level]),
  ])
  const imported = totals?.evidence.imported ?? 0
  return {
    title: ['依据汇总', 'What rests on what'],
    header: ['认定依据 proven by', '分钟 minutes', '可申领（元，按最弱依据） claimable yuan, by the weakest'],
    rows: [
      ...rows,
      ['其他系统导入（不计入本台账） imported, never part of this ledger', minutesOf(imported), '–'],
      ...(totals === null
        ? []
        : [['不以学时为依据 rests on no hour', 0, yuan(totals.fenByEvidence.unproven)]]),
    ],
  }
}

function moneySections({ matter, totals, lines, names }: ReportMatter): Section[] {
  if (totals === null) return []
  const rows = totals.items.map((item): PageCell[] => [
    ...[
      itemName(matter, item.item),
      item.payee === null ? answerNames.unknown : payeeNames[item.payee],
      item.pack,
    ],
    ...[item.people, item.yes, item.no, item.unknown],
    ...[yuan(item.computedFen), yuan(item.fen)],
  ])
  const summary: Section = {
    title: ['补贴汇总', 'Claims in total'],
    notes: [
      [
        `截至 ${totals.on}，可申领合计 ${yuan(totals.totalFen)} 元；“${answerNames.unknown}”不计入。`,
        `As of ${totals.on}, ${yuan(totals.totalFen)} yuan may be claimed; what is unknown isn’t counted.`,
      ],
    ],
    header: [
      ...['项目 item', '领取方 payee', '规则包 pack', '人数 people'],
      ...['符合 yes', '不符合 no', '待核实 unknown', '测算（元） computed', '可申领（元） claimable'],
    ],
    rows,
  }
  if (lines === null) return [summary]
  const each = lines.map((line): PageCell[] => [
    ...nameOf(names, line.person),
    itemName(matter, line.item),
    answerNames[line.eligible],
    `${line.quantity ?? '?'} ${line.unit === null ? '?' : unitNames[line.unit]}`,
    line.fen === null ? answerNames.unknown : yuan(line.fen),
    line.reasons
      .flatMap(({ change }) => (change === null ? [] : [`${change.zh}（${change.en}）`]))
      .join('；'),
  ])
  const detail: Section = {
    title: ['每人补贴', 'Claims by person'],
    header: [
      ...['姓名 name', '证件号码 number', '项目 item', '资格 eligible', '数量 quantity'],
      ...['可申领（元） yuan', '须补正 what would have to change'],
    ],
    rows: each,
  }
  return [summary, detail]
}

function limitsSection(): Section {
  return {
    title: ['核验', 'How to check'],
    notes: [
      [
        '本页只供阅读。学时和金额由 events.ndjson 和规则包重新计算：shidao verify 本包 --key 设备公钥；审计人员加 --open 密钥文件。',
        'This page is for reading. Hours and money are computed again from events.ndjson and the packs: shidao verify FILE --key VKEY; auditors add --open KEYFILE.',
      ],
      [
        '记录证明设备当时看到了什么，不证明设备以外发生了什么。',
        'Records show what the station saw then, not what happened where it didn’t look.',
      ],
    ],
  }
}

/** The pack's own title for an item; an item of another pack keeps its name. */
function itemName({ pack }: BundleMatter, item: string): string {
  const title = pack.more?.claims.items[item]?.title
  return title === undefined ? item : `${title} ${item}`
}

function yuan(fen: number): string {
  return `${Math.trunc(fen / 100)}.${String(Math.abs(fen % 100)).padStart(2, '0')}`
}
