import { generateKeyPairSync } from 'node:crypto'
import { projectFacts } from '../../src/attendance/fact-history.ts'
import { projectHistory } from '../../src/attendance/history.ts'
import { computeHours } from '../../src/attendance/hours.ts'
import { defaultPack } from '../../src/attendance/shipped-packs.ts'
import { unwrap } from '../../src/common/result.ts'
import { reportBytes } from '../../src/export/class-export.ts'
import type { ReportContext } from '../../src/export/report-context.ts'
import { attendanceReport } from '../../src/export/tables/attendance.ts'
import { hoursReport } from '../../src/export/tables/hours.ts'
import { ed25519Signer } from '../../src/ledger/note.ts'
import { ClassStory, MINUTE, MORNING, person } from '../attendance/class-story.ts'
import { campaignCounts } from './campaign-counts.ts'

/*
 * How long exports of a large class take, from hours that are computed already, two sessions a day:
 *   npx node test/campaigns/export-speed.ts --trainees 1000 --days 30
 * Prints milliseconds and bytes, progress of the PDF on stderr; exits 1 above five seconds for the workbook or a
 * minute for the certificates of 1,000 trainees and 30 days.
 */
const { trainees, days } = campaignCounts({ trainees: 1000, days: 30 })

const DAY_MINUTES = 24 * 60
const starts = Array.from({ length: days }, (_, day) => [day * DAY_MINUTES, day * DAY_MINUTES + 330]).flat()
const sessions = starts.map((minute, n) => {
  const start = MORNING + minute * MINUTE
  return { id: `s${n}`, start, end: start + 180 * MINUTE }
})
const story = new ClassStory({ sessions, people: trainees })
for (const [n, minute] of starts.entries()) {
  for (const [direction, at] of [['in', minute - 5] as const, ['out', minute + 181] as const]) {
    for (let who = 0; who < trainees; who++) {
      story.sign(direction, at, { person: person(who), session: `s${n}`, portrait: 'chip' })
    }
  }
}
const history = projectHistory(story.events)
const pack = defaultPack()
const target = history.classes.get('c1')
if (target === undefined) throw new Error('the story has no class')
const origin = 'shidao/station/0123456789abcdef'
const context: ReportContext = {
  ...{ history: target, pack, hours: unwrap(computeHours(history, 'c1', pack)), events: story.events },
  facts: projectFacts(story.events, () => null),
  ledger: { origin, size: story.events.length, root: '0'.repeat(64), newest: history.watermark ?? 0 },
  nameOf: (id) => ({ name: `学员${Number.parseInt(id, 16)}`, number: `110105199001${id.slice(-6)}` }),
  ...{ actorName: () => null, edition: 'full' },
}

const cpuBefore = process.cpuUsage()
const started = performance.now()
const xlsx = await reportBytes(attendanceReport(context), 'xlsx')
const written = performance.now()
const cpuOfXlsx = process.cpuUsage(cpuBefore)
const signer = ed25519Signer(origin, generateKeyPairSync('ed25519').privateKey)
const pdf = await reportBytes(hoursReport(context, signer, null), 'pdf', (done, total) => {
  if (done % 250 === 0) process.stderr.write(`certificates: ${done} of ${total}\n`)
})
const ended = performance.now()

const cpuXlsx = Math.round((cpuOfXlsx.user + cpuOfXlsx.system) / 1000)
const ms = { xlsx: Math.round(written - started), certificates: Math.round(ended - written) }
process.stdout.write(
  `${JSON.stringify({ trainees, days, ms, cpuMs: { xlsx: cpuXlsx }, bytes: { xlsx: xlsx.length, certificates: pdf.length } })}\n`,
)
const isFull = trainees === 1000 && days === 30
process.exit(isFull && (ms.xlsx > 5000 || ms.certificates > 60_000) ? 1 : 0)
