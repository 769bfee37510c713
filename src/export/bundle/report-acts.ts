import { civilDate, civilTime } from '../../common/civil-time.ts'
import { minutesOf, reasonText } from '../reason-text.ts'
import { stateEnglish, stateNames } from '../words.ts'
import type { CorrectionKind } from './corrections.ts'
import type { Counted } from './effects.ts'
import type { BundleMatter } from './matter.ts'
import { nameOf, type PersonName } from './report-names.ts'
import type { PageCell, Section } from './report-page.ts'
import type { Signing } from './signers.ts'

/* The parts of the report about what people did and what the ledger names: acts, exclusions, checks, anchors. */

interface ActMatter {
  readonly matter: BundleMatter
  readonly names: readonly PersonName[]
  /** Names of people who acted, by their ids. */
  readonly actors: ReadonlyMap<string, string>
}

const kindNames: Readonly<Record<CorrectionKind, string>> = {
  doubt: '存疑处理 doubt resolved',
  correction: '更正 correction',
  leave: '请假 leave',
  'make-up': '补课 make-up',
  paper: '纸质签到表录入 paper sheet',
  roster: '花名册变更 roster',
  card: '无卡 card missing',
  identity: '身份核对 identity review',
  opening: '开班 opening',
  stage: '阶段 stage',
  facts: '事实登记 facts',
  certificates: '证书导入 certificates',
  history: '补贴历史导入 history',
  online: '线上学时导入 online hours',
}

const roleNames: Readonly<Record<NonNullable<Signing['role']>, string>> = {
  operator: '操作员 operator',
  supervisor: '主管 supervisor',
  teacher: '教师 teacher',
  inspector: '督导员 inspector',
}

export function actsSection({ matter, names, actors }: ActMatter): Section {
  const rows = matter.corrections.acts.map(({ leaf, at, kind, by, reason, overCap, effects }): PageCell[] => [
    ...[leaf, civilMinute(at), `${kindNames[kind]}${overCap ? '（超出上限 over the cap）' : ''}`],
    by
      .map(
        ({ actor, role }) =>
          `${actors.get(actor) ?? actor.slice(0, 8)}（${role === null ? '?' : roleNames[role]}）`,
      )
      .join('，'),
    reason ?? '',
    effects
      .map(
        ({ person, session, before, after }) =>
          `${nameOf(names, person)[0]} ${session}：${countedText(before)} → ${countedText(after)}`,
      )
      .join('；'),
  ])
  return {
    title: ['人工处理', 'What people did by hand'],
    notes: [
      [
        '“前 → 后”是去掉这一条后重新计算的结果与现在的结果。',
        'Before → after compares the hours computed without this act and with it.',
      ],
    ],
    header: [
      ...['记录 leaf', '时间 time (+08:00)', '事项 kind', '签名人 signed by'],
      ...['原因 reason', '前 → 后 before → after'],
    ],
    rows,
  }
}

function countedText({ state, creditedMs }: Counted): string {
  const named = state === null ? '无 none' : `${stateNames[state]} ${stateEnglish[state]}`
  return `${named} ${minutesOf(creditedMs)} min`
}

export function excludedSection({ matter, names }: ActMatter): Section {
  const rows = matter.corrections.excluded.map((record): PageCell[] => [
    ...[record.leaves.join(', '), nameOf(names, record.person)[0], record.session],
    ...[reasonText(record), record.rule, record.clause],
  ])
  return {
    title: ['不计的记录', 'Records that count nothing'],
    header: ['记录 leaf', '姓名 name', '课次 session', '原因', 'rule', '依据 clause'],
    rows,
  }
}

export function checksSection({ matter }: ActMatter): Section {
  const { checks, visits, draws, reviews } = matter.checks
  const rows: PageCell[][] = [
    ...checks.map(({ committed, session, planned, calls, revealed }): PageCell[] => {
      const answers = calls.flatMap((call) => call.answers)
      const seen = answers.filter(({ result, inTime }) => result === 'seen' && inTime).length
      const opened = revealed === null ? '计划未公开 plan not opened' : `公开于 opened at ${revealed}`
      return [
        ...[committed, '随机抽查 random check', session],
        `计划 planned ${planned}，点名 called ${calls.length}，在场 seen ${seen}，应答 answers ${answers.length}，${opened}`,
      ]
    }),
    ...visits.map(({ leaf, inspector, standing, checked, found, headcounts, closed }): PageCell[] => {
      const seen = checked.filter(({ result }) => result === 'seen').length
      return [
        ...[leaf, '督导检查 inspector’s visit', `${inspector.slice(0, 8)}（${standing}）`],
        `查验 checked ${checked.length}，在场 seen ${seen}，另见 found ${found.length}，人数 headcount ${headcounts.map(({ count }) => count).join(', ') || '–'}，${closed === null ? '未结束 open' : '已结束 closed'}`,
      ]
    }),
    ...draws.map(({ leaf, k }): PageCell[] => [leaf, '抽签 draw', '', `k = ${k}`]),
    ...reviews.map(({ leaf, people, resolved }): PageCell[] => [
      ...[leaf, '疑似同一人 same face twice', people.map((person) => person.slice(0, 8)).join(' / ')],
      resolved === null ? '未处理 unresolved' : resolved.decision,
    ]),
  ]
  return {
    title: ['抽查和检查', 'Spot checks and visits'],
    header: ['记录 leaf', '种类 kind', '对象 about', '结果 outcome'],
    rows,
  }
}

export function anchorsSection({ matter }: ActMatter): Section {
  const { stationKeys, witnesses, people, inspectorLists, catalogues, models, packs } = matter.anchors
  const rows: PageCell[][] = [
    ...stationKeys.map(({ vkey, fingerprint }) => ['设备公钥 station key', `${fingerprint}  ${vkey}`]),
    ...witnesses.map(({ vkey, receipts, newest }) => [
      '见证方 witness',
      `${receipts} 份回执 receipts，${newest.size} 条记录 records，${civilMinute(newest.at)}  ${vkey}`,
    ]),
    [
      '签名人 people who sign',
      people.map(({ actor, role }) => `${actor.slice(0, 8)} ${roleNames[role]}`).join('，'),
    ],
    ...inspectorLists.map(({ number, sha256 }) => [
      '督导员名单 inspector list',
      `#${number} sha256 ${sha256}`,
    ]),
    ...catalogues.map(({ catalogue, sha256 }) => ['目录 catalogue', `${catalogue} sha256 ${sha256}`]),
    ...packs.map((sha256) => ['规则包 pack', `sha256 ${sha256}`]),
    ...models.map(({ name, sha256 }) => ['人脸模型 face model', `${name} sha256 ${sha256}`]),
  ]
  return {
    title: ['信任依据', 'Trust anchors'],
    notes: [
      [
        '这里的公钥来自台账本身，须与另行取得的公钥比对，单凭本包不能证明。',
        'These keys come from the ledger itself: compare them with keys that came by another way.',
      ],
    ],
    header: ['种类 kind', '内容 value'],
    rows,
  }
}

/** In China's civil time, to the minute. */
function civilMinute(iso: string): string {
  const wall = Date.parse(iso)
  return Number.isNaN(wall) ? iso : `${civilDate(wall)} ${civilTime(wall)}`
}
