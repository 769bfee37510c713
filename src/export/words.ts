import type { ClaimItem, ClaimRules, ClaimUnit, PersonGroup } from '../attendance/claim-rules.ts'
import type { ClaimLine } from '../attendance/claims.ts'
import type { ClassStage } from '../attendance/class-record.ts'
import type { Evidence } from '../attendance/evidence.ts'
import type { Answer } from '../attendance/finding.ts'
import type { SessionState } from '../attendance/hours.ts'
import type { RuleKind } from '../attendance/rule-pack.ts'

/* The Chinese words of tables and pages for what the ledger says in codes. */

export const stateMarks: Readonly<Record<SessionState, string>> = {
  present: '✓',
  late: '迟',
  'left-early': '早',
  doubtful: '疑',
  incomplete: '漏',
  absent: '缺',
  leave: '假',
  corrected: '补',
  excluded: '—',
  pending: '…',
}

export const stateNames: Readonly<Record<SessionState, string>> = {
  present: '出勤',
  late: '迟到',
  'left-early': '早退',
  doubtful: '存疑',
  incomplete: '漏签',
  absent: '缺勤',
  leave: '请假',
  corrected: '补录',
  excluded: '不计',
  pending: '未结束',
}

export const evidenceNames: Readonly<Record<Evidence, string>> = {
  chip: '证件芯片照片',
  official: '官方照片',
  enrolled: '现场采集照片',
  witnessed: '现场人工见证',
  manual: '事后人工认定',
  none: '无照片',
  simulated: '模拟',
}

export const ruleKinds: Readonly<Record<RuleKind, string>> = {
  regulation: '规定',
  convention: '惯例',
  'own-choice': '自行设定',
}

export const answerNames: Readonly<Record<Answer, string>> = { yes: '符合', no: '不符合', unknown: '待核实' }

export const unitNames: Readonly<Record<ClaimUnit, string>> = {
  certificate: '证书',
  head: '人',
  day: '天',
  month: '月',
  hour: '课时',
}

export const payeeNames: Readonly<Record<NonNullable<ClaimLine['payee']>, string>> = {
  trainee: '学员',
  institution: '培训机构',
  employer: '用人单位',
}

export const stageNames: Readonly<Record<ClassStage, string>> = {
  filed: '已备案',
  open: '已开班',
  teaching: '培训中',
  assessment: '考核中',
  closed: '已结班',
}

export const groupNames: Readonly<Record<PersonGroup, string>> = {
  'poor-worker': '贫困劳动力',
  'poor-family-child': '贫困家庭子女',
  'hard-to-employ': '就业困难人员',
  'zero-employment-family': '零就业家庭成员',
  'rural-two-leaver': '农村未升学初高中毕业生',
  'urban-low-income-two-leaver': '城镇低保家庭未升学初高中毕业生',
  'rural-migrant': '农村转移就业劳动者',
  'laid-off': '下岗失业人员',
  employee: '企业职工',
  apprentice: '学徒',
  veteran: '退役军人',
  disabled: '残疾人',
  graduate: '高校毕业生',
  student: '在校学生',
  prisoner: '服刑人员',
  detox: '强制隔离戒毒人员',
  'community-correction': '社区矫正对象',
}

type ClaimRuleName =
  | Exclude<keyof ClaimItem, 'title'>
  | keyof ClaimRules['eligibility']
  | 'advance'
  | 'appliesBy'
  | 'classAttendancePercent'
  | 'inForce'
  | 'minimumLessons'
  | 'minimumSharePercent'
  | 'personAttendancePercent'
  | 'simulatedRecords'

const ruleWords: Readonly<Record<ClaimRuleName, string>> = {
  advance: '预拨',
  amount: '补贴标准',
  appliesBy: '适用地',
  basis: '计算依据',
  certificates: '证书',
  classAttendancePercent: '班级到课率',
  conditions: '申领条件',
  contract: '劳动合同',
  groups: '人员类别',
  higherLevelBlocksLower: '高等级排除低等级',
  inForce: '有效期',
  institutions: '机构类别',
  limit: '享受次数',
  maximumUnits: '数量上限',
  minimumLessons: '最低课时',
  minimumSharePercent: '理论实操比例',
  payee: '领取方',
  pension: '养老金',
  personAttendancePercent: '个人出勤率',
  recommendationAgreement: '推荐就业协议',
  sameOccupationLevelOnce: '同职业同等级',
  settlement: '结算方式',
  simulatedRecords: '模拟记录',
  trainingKinds: '培训类型',
  unemploymentInsurance: '失业保险',
  unit: '计量单位',
  uplift: '上浮',
  yearlyLimit: '年度次数',
}

/** A rule of a claim in Chinese with its name in the pack behind it: `人员类别（living-allowance.groups）`. */
export function ruleName(rule: string): string {
  const words: Readonly<Record<string, string | undefined>> = ruleWords
  const found = words[rule.slice(rule.lastIndexOf('.') + 1)]
  return found === undefined ? rule : `${found}（${rule}）`
}

/* The English words that stand beside the Chinese ones in reports for auditors. */

export const stateEnglish: Readonly<Record<SessionState, string>> = {
  present: 'present',
  late: 'late',
  'left-early': 'left early',
  doubtful: 'doubtful',
  incomplete: 'incomplete',
  absent: 'absent',
  leave: 'leave',
  corrected: 'corrected',
  excluded: 'not counted',
  pending: 'not over',
}

export const evidenceEnglish: Readonly<Record<Evidence, string>> = {
  chip: 'card chip portrait',
  official: 'official portrait',
  enrolled: 'portrait enrolled on site',
  witnessed: 'witnessed at the door',
  manual: 'by hand afterwards',
  none: 'no portrait',
  simulated: 'simulated',
}

/** A share in percent, cut to one decimal so that it never looks better than it is; empty for a share of nothing. */
export function percent(part: number, whole: number): number | '' {
  return whole === 0 ? '' : Math.floor((part * 1000) / whole) / 10
}
