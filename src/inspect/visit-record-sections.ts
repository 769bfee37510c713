import { shippedCalendar } from '../attendance/workdays.ts'
import { civilDate } from '../common/civil-time.ts'
import type { RecordSection } from '../export/pdf/visit-record-pages.ts'
import type { NameOf } from '../export/report-context.ts'
import { SIMULATED_MARK } from '../export/table.ts'
import type { LedgerEvent } from '../ledger/event.ts'
import { parseVkey } from '../ledger/note.ts'
import { drawPower } from './draw-power.ts'
import { openInspectorList } from './inspector-list.ts'
import type { Visit } from './visit.ts'
import type { VisitFacts } from './visit-facts.ts'
import { findingsOf } from './visit-findings.ts'
import {
  checkNames,
  factWords,
  findingNames,
  momentWords,
  powerSentences,
  proofNames,
  recordNames,
  refusalNames,
  sinceWordsChinese,
  standingNames,
  voidNames,
} from './visit-words.ts'

/* The parts of an inspection record, in Chinese. */

/** A visit that is closed, with what its record is made from. */
export interface RecordContext {
  readonly nameOf: NameOf
  readonly actorName?: ((actor: string) => string | null) | undefined
  /** Up to the visit's end. */
  readonly events: readonly LedgerEvent[]
  readonly visit: Visit
  /** What the log claimed when the visit was opened. */
  readonly facts: VisitFacts | null
  /** The station's clock, wall milliseconds. */
  readonly end: number
}

/** All parts, in the order in which they are printed. */
export function recordSections(context: RecordContext): RecordSection[] {
  const parts = [subjectOf, inspectorOf, claimsOf, drawsOf, looksOf, foundOf, findingsSection, closingOf]
  return parts.map((part) => part(context))
}

function subjectOf({ visit, facts, end }: RecordContext): RecordSection {
  const filing = facts?.filing ?? null
  const filed: RecordSection['lines'] =
    filing === null
      ? [['备案', '本台账中没有备案记录']]
      : [
          ['培训机构', filing.institution],
          ['职业（工种）', `${filing.occupation}　${filing.level}`],
          ['备案期间', `${filing.from} 至 ${filing.to}`],
          ['备案方式', filing.basis === 'approval' ? '审批' : '告知承诺'],
        ]
  const session = facts?.session ?? null
  return {
    heading: '一、检查对象',
    lines: [
      ['班级', `${facts?.title ?? ''}（${visit.class}）`],
      ...filed,
      ['课次', session === null ? '检查开始时没有课次' : session.id],
      ['检查开始', momentWords(visit.openedAt)],
      ['检查结束', momentWords(end)],
    ],
  }
}

function inspectorOf({ events, visit }: RecordContext): RecordSection {
  const opened = events.find(({ index }) => index === visit.event)
  const digest = opened?.type === 'visit.opened' ? opened.data.list : null
  const listed = events.find(({ type, data }) => type === 'inspectors.listed' && data.sha256 === digest)
  return {
    heading: '二、检查人',
    lines: [
      ['检查人编号', visit.inspector.actor],
      ['检查人公钥', visit.inspector.publicKey],
      ['身份', standingNames[visit.standing]],
      ['名单', listed?.type === 'inspectors.listed' ? listWords(listed.data) : '无'],
      ['与上次检查核对', sinceWordsChinese(visit.since)],
      ['当日被拒绝的请求', refusedWords(events, visit)],
    ],
  }
}

/** Attempts to inspect on that day that the station refused, by their reasons. */
function refusedWords(events: readonly LedgerEvent[], { class: classId, openedAt }: Visit): string {
  const counts = new Map<keyof typeof refusalNames, number>()
  for (const { type, data, time } of events) {
    if (type !== 'visit.refused' || civilDate(time.wall) !== civilDate(openedAt)) continue
    if (data.class === null || data.class === classId)
      counts.set(data.reason, (counts.get(data.reason) ?? 0) + 1)
  }
  const said = [...counts].map(([reason, count]) => `${refusalNames[reason]} ${count} 次`)
  return said.length === 0 ? '无' : said.join('，')
}

function listWords({ authority, note }: { readonly authority: string; readonly note: string }): string {
  const key = parseVkey(authority)
  const list = key.ok ? openInspectorList(note, key.value) : key
  return key.ok && list.ok
    ? `第 ${list.value.number} 号，${key.value.name} 签发（该密钥是否属于主管部门须从其他途径核实）`
    : '签名不符'
}

function claimsOf({ facts }: RecordContext): RecordSection {
  if (facts === null) return { heading: '三、检查开始时台账所载', lines: [] }
  const { receipt, portraits } = facts
  const { chip, official, enrolled, none } = portraits
  return {
    heading: '三、检查开始时台账所载',
    lines: [
      ['教室', facts.room ?? '备案和开班记录中没有写明'],
      ['花名册', `${facts.expected} 人，其中无芯片或官方照片 ${facts.enrolledOnSite} 人`],
      ['本课次', `已签到 ${facts.signedIn} 人，未签退 ${facts.present} 人`],
      ['待定与人工', `存疑未决 ${facts.openDoubts} 条，人工操作 ${facts.manualActs} 次`],
      ['时间', `无回执约束的记录 ${facts.untrustedTimes} 条，时钟跳变 ${facts.clockJumps} 次`],
      ['设备', `更换摄像头 ${facts.cameraChanges} 次，更换读卡器 ${facts.readerChanges} 次`],
      ['照片来源', `证件芯片 ${chip}，官方 ${official}，现场采集 ${enrolled}，无 ${none}`],
      [
        '最近回执',
        receipt === null
          ? '无'
          : `${momentWords(receipt.time)}，${receipt.witness}，覆盖 ${receipt.size} 条记录`,
      ],
      [
        '数据性质',
        facts.simulated ? `${SIMULATED_MARK}设备或${SIMULATED_MARK}数据，不作为考勤依据` : '实际记录',
      ],
    ],
  }
}

function drawsOf({ events, visit }: RecordContext): RecordSection {
  const lines = visit.draws.flatMap(({ draw, k, nonce, commitmentSeen }): [string, string][] => {
    const committed = events.find(({ type, data }) => type === 'draw.committed' && data.draw === draw)
    if (committed?.type !== 'draw.committed') return []
    const { n, strata, commitment } = committed.data
    const parts = strata.map(
      ({ name, people, weight }) =>
        `${name === 'on-site' ? '无芯片或官方照片' : '其他'} ${people} 人，权重 ${weight}`,
    )
    return [
      ['抽取', `${n} 人中抽 ${k} 人（${parts.join('；')}）`],
      ['承诺值', commitment],
      ['检查人随机数', nonce],
      ['次序', commitmentSeen ? '检查人先见承诺值，后给随机数' : '给随机数时未指明承诺值，先后无从证明'],
      ['检出能力', powerSentences(drawPower(strata, k)).join('；')],
    ]
  })
  const voided = events.flatMap(({ type, data, index }): [string, string][] => {
    if (type !== 'draw.voided' || data.class !== visit.class || index < visit.event) return []
    return [['作废的承诺', `${voidNames[data.reason]}；检查人随机数 ${data.nonce}`]]
  })
  const all = [...lines, ...voided]
  return { heading: '四、随机抽查', lines: all.length > 0 ? all : [['抽取', '未抽取']] }
}

function looksOf(context: RecordContext): RecordSection {
  const { visit } = context
  const drawn = [...new Set(visit.draws.flatMap(({ order }) => order))]
  const rows = visit.checks.map(({ person, result, by, reason, photograph, note, event }) => [
    drawn.includes(person) ? String(drawn.indexOf(person) + 1) : '—',
    ...personCells(context, person),
    checkNames[result],
    by === null ? '' : proofNames[by],
    timeOf(context, event),
    [reason, note, photographWords(photograph)].filter((text) => text !== null).join('；'),
  ])
  const looked = new Set(visit.checks.map(({ person }) => person))
  const left = drawn.filter((person) => !looked.has(person))
  return {
    heading: '五、逐人核对',
    lines:
      left.length === 0
        ? []
        : [['抽到而未核对', left.map((person) => personCells(context, person)[0]).join('、')]],
    table: {
      header: ['序号', '姓名', '证件号码', '结果', '方式', '时间', '原因与备注'],
      shares: [5, 12, 22, 10, 10, 9, 32],
      rows,
    },
  }
}

function foundOf(context: RecordContext): RecordSection {
  const { visit, events } = context
  const counted = visit.headcounts.at(-1)?.count ?? null
  const differs = findingsOf(events, visit, shippedCalendar()).find(({ kind }) => kind === 'headcount')
  const present = differs === undefined ? (counted ?? 0) : Number(differs.facts.present)
  return {
    heading: '六、反向核对与清点',
    lines: [
      ['清点人数', counted === null ? '未清点' : `${counted} 人`],
      ['与台账相差', counted === null ? '—' : `清点时台账未签退 ${present} 人，相差 ${counted - present} 人`],
    ],
    table: {
      header: ['姓名', '证件号码', '应有的记录', '方式', '时间', '备注'],
      shares: [14, 22, 20, 10, 9, 25],
      rows: visit.found.map(({ person, record, by, photograph, note, event }) => [
        ...(person === null ? ['（不知何人）', ''] : personCells(context, person)),
        recordNames[record],
        proofNames[by],
        timeOf(context, event),
        [note, photographWords(photograph)].filter((text) => text !== null).join('；'),
      ]),
    },
  }
}

function findingsSection(context: RecordContext): RecordSection {
  const found = findingsOf(context.events, context.visit, shippedCalendar())
  const due = found[0]?.due
  return {
    heading: '七、需要答复的问题',
    lines:
      found.length === 0
        ? [['问题', '无']]
        : [['答复期限', due == null ? '该年节假日安排未知，请人工确定' : `${due}（十个工作日）`]],
    table: {
      header: ['编号', '问题', '涉及', '依据'],
      shares: [26, 30, 20, 24],
      rows: found.map(({ id, kind, person, facts }) => [
        id,
        findingNames[kind],
        person === null ? '' : personCells(context, person)[0],
        factWords(facts),
      ]),
    },
  }
}

function closingOf({ actorName, visit }: RecordContext): RecordSection {
  const { institution, note } = visit.closed!
  const signed = institution.signed
    ? `${actorName?.(institution.actor) ?? institution.actor} 已用本人密钥签署`
    : institution.reason === 'refused'
      ? '拒绝签字（已记入台账）'
      : '无人在场签字（已记入台账）'
  return {
    heading: '八、结论与签署',
    lines: [
      ['检查人备注', note ?? '无'],
      ['检查人', '已用本人密钥签署'],
      ['被检查单位', signed],
    ],
  }
}

function personCells({ nameOf }: RecordContext, person: string): [string, string] {
  const identity = nameOf(person)
  return identity === null ? [`（${person.slice(0, 8)}）`, ''] : [identity.name, identity.number]
}

function timeOf({ events }: RecordContext, leaf: number): string {
  const at = events.find(({ index }) => index === leaf)?.time.wall
  return at === undefined ? '' : momentWords(at).slice(11, 16)
}

function photographWords(photograph: string | null): string | null {
  return photograph === null ? null : `照片 sha256 ${photograph.slice(0, 16)}…`
}
