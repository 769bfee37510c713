import { civilDate, civilTime } from '../common/civil-time.ts'
import type { EventData } from '../ledger/event.ts'
import type { FindingKind, VisitFinding } from './visit-findings.ts'

/* The Chinese words of a visit's printed record and report for what the ledger says in codes. */

export const standingNames: Readonly<Record<EventData['visit.opened']['standing'], string>> = {
  listed: '在主管部门名单内',
  'list-expired': '在名单内，名单已过期',
  'no-list': '本台站没有名单，身份未核实',
  unlisted: '不在名单内，名单已过期，身份未核实',
}

export const checkNames: Readonly<Record<EventData['visit.checked']['result'], string>> = {
  seen: '见到',
  'not-seen': '未见',
  'cannot-verify': '无法核实',
}

export const proofNames: Readonly<Record<'card' | 'face' | 'witness', string>> = {
  card: '刷卡',
  face: '人脸',
  witness: '人工见证',
}

export const recordNames: Readonly<Record<EventData['visit.found']['record'], string>> = {
  exists: '有本人在场记录',
  none: '无记录',
  'signed-out': '记录为已签退',
  'not-on-roster': '不在花名册',
  'of-another-person': '记录是另一人的',
}

export const refusalNames: Readonly<Record<EventData['visit.refused']['reason'], string>> = {
  revoked: '密钥已撤销',
  unknown: '密钥不在名单',
  lapsed: '密钥不在有效期',
  'list-forged': '名单签名不符',
  'list-older': '名单比已有的旧',
  signature: '签名不符',
  'wrong-pin': '连续五次输错检查 PIN',
  'k-zero': '抽取人数为零',
  'k-too-large': '抽取人数超过班级人数',
  'class-empty': '班级没有学员',
  'class-of-one': '班级只有一人',
  nonce: '随机数格式不对',
  'nonce-reused': '随机数已用过',
  'commitment-unknown': '台账中没有所报的承诺',
  'commitment-spent': '承诺已抽取过',
}

export const voidNames: Readonly<Record<EventData['draw.voided']['reason'], string>> = {
  lost: '台站已遗失所承诺的内容',
  mismatch: '台站公开的内容与承诺不符',
  'roster-changed': '承诺之后花名册有变动',
}

export const findingNames: Readonly<Record<FindingKind, string>> = {
  'record-without-person': '台账在场而人不在',
  'not-seen': '未见，台账也无在场记录',
  'cannot-verify': '无法核实',
  'person-without-record': '人在场而无在场记录',
  swapped: '顶替：记录是另一人的',
  headcount: '清点人数与台账不符',
  refusal: '机构拒绝签字',
  'nobody-there': '机构无人签字',
  history: '台账与上次检查时不一致',
  'draw-lost': '抽查承诺遗失或不符',
  pattern: '考勤规律异常（仅供核查）',
}

export const stateWords = { open: '待答复', answered: '已答复', closed: '已办结' } as const
export const outcomeWords = { upheld: '属实', explained: '已说明', corrected: '已整改' } as const
export const cardWords = { none: '无', yellow: '黄牌', red: '红牌' } as const

/** `2026-03-02 09:31（北京时间）` */
export function momentWords(wall: number): string {
  return `${civilDate(wall)} ${civilTime(wall)}（北京时间）`
}

/** The figures behind a finding: `清点人数 5，台账未签退 6`. */
export function factWords(facts: VisitFinding['facts']): string {
  const said = Object.entries(facts).flatMap(([name, value]) =>
    value === null ? [] : [`${factNames[name] ?? name} ${factValues[value] ?? value}`],
  )
  return said.join('，')
}

const factNames: Readonly<Record<string, string>> = {
  ...{ record: '台账记录', reason: '原因', counted: '清点人数', present: '台账未签退' },
  ...{ finding: '核对结果', size: '上次所见记录数', score: '得分', threshold: '阈值' },
}

const factValues: Readonly<Record<string, string>> = {
  ...{ in: '在场', out: '已签退', ...recordNames },
  ...{ 'rolled-back': '被回退', rewritten: '被改写', lost: '已遗失', mismatch: '不符' },
}

/** What became of the checkpoint of an earlier visit. */
export function sinceWordsChinese(since: EventData['visit.opened']['since']): string {
  if (since === null) return '检查人未出示以前的检查点'
  if (since.finding === 'consistent') return `前 ${since.size} 条记录与上次检查时一致，未被改写`
  if (since.finding === 'rolled-back') return `上次检查时已有 ${since.size} 条记录，现在更少：台账被回退`
  return `前 ${since.size} 条记录不是上次检查时的记录：台账被改写`
}

/** `若有 5 名虚假学员，抽不到任何一名的可能为 58%` for each number of false seats. */
export function powerSentences(power: Readonly<Record<string, number>>): string[] {
  return Object.entries(power).map(
    ([seats, found]) => `若有 ${seats} 名虚假学员，一名也抽不到的可能为 ${Math.round((1 - found) * 100)}%`,
  )
}
