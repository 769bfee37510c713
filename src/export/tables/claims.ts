import type { ClaimLine, ClaimsDocument } from '../../attendance/claims.ts'
import { evidenceLevels } from '../../attendance/evidence.ts'
import { itemTotals } from '../bundle/claim-totals.ts'
import { classReport, nameCells, type ReportContext } from '../report-context.ts'
import { type Cell, type Report, type Table, withRemark } from '../table.ts'
import { answerNames, evidenceNames, payeeNames, ruleName, unitNames } from '../words.ts'

/** The claim summary (补贴申领汇总): money by item and payee and by how it was proven, and every line with its rules. */
export function claimReport(context: ReportContext, claims: ClaimsDocument): Report {
  const tables = [summary(claims), proven(claims), lines(context, claims.people), reasons(context, claims)]
  const marked = tables.map((table) => withRemark(table, claims.simulated))
  return classReport(context, {
    title: '补贴申领汇总表',
    tables: marked,
    main: 2,
    notes: claimNotes(context, claims),
    document: claims,
  })
}

/** The allowance list (生活费补贴发放表): only what is paid to trainees, with room for a signature. */
export function allowanceReport(context: ReportContext, claims: ClaimsDocument): Report {
  const paid = claims.people.filter(({ payee }) => payee === 'trainee')
  const { header, rows } = lines(context, paid)
  const list = {
    name: '补贴发放表',
    header: [...header, '领取人签名'],
    rows: rows.map((row) => [...row, '']),
  }
  const total = paid.reduce((sum, { fen }) => sum + (fen ?? 0), 0)
  return classReport(context, {
    title: '补贴发放表',
    tables: [withRemark(list, claims.simulated)],
    notes: [
      `本表合计 ${(total / 100).toFixed(2)} 元（仅发给学员本人的项目）`,
      ...claimNotes(context, claims),
    ],
    document: { ...claims, people: paid, totalFen: total },
  })
}

function claimNotes(context: ReportContext, { pack, on, totalFen, simulated }: ClaimsDocument): string[] {
  const { notes } = classReport(context, { title: '', tables: [] })
  const money = `截至 ${on} 可申领合计 ${(totalFen / 100).toFixed(2)} 元；规则包 ${pack.id}；“${answerNames.unknown}”不计入合计`
  return [...(simulated ? ['模拟考勤不得申领：可申领金额为零，测算金额仅示范算法'] : []), money, ...notes]
}

function summary({ people }: ClaimsDocument): Table {
  const rows = itemTotals(people).map((total): Cell[] => [
    total.item,
    payeeOf(total.payee),
    total.pack,
    ...[total.people, total.yes, total.no, total.unknown],
    ...[total.computedFen, total.fen, total.advanceFen, total.balanceFen].map((fen) => fen / 100),
  ])
  const answers = [answerNames.yes, answerNames.no, answerNames.unknown].map((name) => `${name}人数`)
  const header = ['项目', '领取方', '规则包', '人数', ...answers, ...MONEY]
  return { name: '申领汇总', header, rows }
}

const MONEY = ['测算金额（元）', '可申领金额（元）', '预拨（元）', '余额（元）']

function proven({ fenByEvidence }: ClaimsDocument): Table {
  const rows = evidenceLevels.map((level): Cell[] => [evidenceNames[level], fenByEvidence[level] / 100])
  return {
    name: '金额按认定依据',
    header: ['最弱认定依据', '可申领金额（元）'],
    rows: [...rows, ['无学时', fenByEvidence.unproven / 100]],
  }
}

function lines(context: ReportContext, people: readonly ClaimLine[]): Table {
  const rows = people.map((line): Cell[] => [
    ...nameCells(context, line.person),
    line.item,
    payeeOf(line.payee),
    answerNames[line.eligible],
    line.quantity ?? answerNames.unknown,
    line.unit === null ? answerNames.unknown : unitNames[line.unit],
    ...[line.computedFen, line.fen, line.advanceFen, line.balanceFen].map(yuanCell),
    line.weakestEvidence === null ? '无学时' : evidenceNames[line.weakestEvidence],
    line.historyAsOf ?? '无',
  ])
  const header = ['姓名', '证件号码', '项目', '领取方', '资格', '数量', '单位', ...MONEY]
  return { name: '申领明细', header: [...header, '最弱认定依据', '历史截至'], rows }
}

/** Every answer that a line rests on: rule, clause, inputs, and what would have to change. */
function reasons(context: ReportContext, { people, findings }: ClaimsDocument): Table {
  const ofClass = findings.map((found): Cell[] => ['（班级）', '', ...findingCells(found)])
  const ofPeople = people.flatMap((line) =>
    line.reasons.map((found): Cell[] => [
      nameCells(context, line.person)[0],
      line.item,
      ...findingCells(found),
    ]),
  )
  const header = ['姓名', '项目', '规则', '结论', '依据', '输入', '须补正', '须补正（英文）']
  return { name: '逐项理由', header, rows: [...ofClass, ...ofPeople] }
}

function findingCells({ rule, clause, answer, inputs, change }: ClaimLine['reasons'][number]): Cell[] {
  const given = Object.entries(inputs).map(([name, value]) => `${name}=${value ?? '?'}`)
  return [ruleName(rule), answerNames[answer], clause, given.join('，'), change?.zh ?? '', change?.en ?? '']
}

/** Yuan as a number, exact to the fen. */
function yuanCell(fen: number | null): Cell {
  return fen === null ? answerNames.unknown : fen / 100
}

function payeeOf(payee: ClaimLine['payee']): string {
  return payee === null ? answerNames.unknown : payeeNames[payee]
}
