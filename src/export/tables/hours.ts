import { type EvidenceTotals, evidenceLevels } from '../../attendance/evidence.ts'
import type { PersonHours } from '../../attendance/hours.ts'
import type { NoteSigner } from '../../ledger/note.ts'
import { signCertificate } from '../certificate-note.ts'
import { minutesOf } from '../reason-text.ts'
import { classReport, daysOf, nameCells, type ReportContext } from '../report-context.ts'
import { type Cell, type Certificate, type Report, SIMULATED_MARK, withRemark } from '../table.ts'
import { evidenceNames, percent } from '../words.ts'

/**
 * Hours by person (学时证明): a row each, and a certificate each with a code that the station signed. `only` is one
 * person's id; null makes everybody's. Signing may ask an outside device, once for each certificate.
 */
export function hoursReport(context: ReportContext, signer: NoteSigner, only: string | null): Report {
  const { hours } = context
  const people = hours.people.filter(({ person }) => only === null || person === only)
  const sources = evidenceLevels.map((level) => `${evidenceNames[level]}（分钟）`)
  const header = ['序号', '姓名', '证件号码', '人员编号', '课时', '认定分钟', '出勤率（%）', ...sources]
  const rows = people.map((person, position): Cell[] => [
    position + 1,
    ...nameCells(context, person.person),
    person.person,
    person.lessons,
    minutesOf(person.creditedMs),
    share(person),
    ...evidenceLevels.map((level) => minutesOf(person.byEvidence[level])),
  ])
  const report = classReport(context, {
    title: '学时证明',
    tables: [withRemark({ name: '学时证明', header, rows }, hours.simulated)],
    document: { ...hours, people },
  })
  return { ...report, certificates: people.map((person) => certificate(context, person, signer)) }
}

function certificate(context: ReportContext, person: PersonHours, signer: NoteSigner): Certificate {
  const { history, hours, ledger, pack } = context
  const [name, number] = nameCells(context, person.person)
  const [from, to] = daysOf(history.sessions) ?? ['', '']
  const code = signCertificate(
    {
      tree: `${ledger.size} ${ledger.root}`,
      class: history.id,
      title: history.title,
      person: person.person,
      name,
      number: masked(number),
      days: `${from} ${to}`,
      lessons: String(person.lessons),
      'credited-ms': String(person.creditedMs),
      proven: levelsOf(person.byEvidence, (level, ms) => `${level}=${ms}`).join(' ') || '-',
      pack: pack.sha256,
      simulated: hours.simulated ? 'yes' : 'no',
    },
    signer,
  )
  const proven = levelsOf(person.byEvidence, (level, ms) => `${evidenceNames[level]} ${minutesOf(ms)} 分钟`)
  const attended = share(person)
  return {
    title: hours.simulated ? `学时证明（${SIMULATED_MARK}）` : '学时证明',
    lines: [
      ['姓名', name],
      ['证件号码', number],
      ['人员编号', person.person],
      ['班级', `${history.title}（${history.id}）`],
      ['培训日期', `${from} 至 ${to}`],
      ['认定学时', `${person.lessons} 课时（${minutesOf(person.creditedMs)} 分钟）`],
      ...(attended === '' ? [] : [['出勤率', `${attended} %`] as const]),
      ['认定依据', proven.join('，') || '无认定学时'],
      ['规则包', `${pack.id}，sha256 ${pack.sha256}`],
    ],
    code,
  }
}

function share({ attendance }: PersonHours): number | '' {
  return attendance === undefined ? '' : percent(attendance.creditedMs, attendance.plannedMs)
}

function levelsOf<T>(
  totals: EvidenceTotals,
  say: (level: (typeof evidenceLevels)[number], ms: number) => T,
): T[] {
  return evidenceLevels.flatMap((level) => (totals[level] > 0 ? [say(level, totals[level])] : []))
}

/** First three characters and the last, as everywhere: more of it in a code that phones read would be too much. */
function masked(number: string): string {
  return number.length < 5 ? '*' : `${number.slice(0, 3)}${'*'.repeat(number.length - 4)}${number.slice(-1)}`
}
