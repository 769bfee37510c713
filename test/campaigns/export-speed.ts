import { generateKeyPairSync } from 'node:crypto'
import { projectFacts } from '../../src/attendance/fact-history.ts'
import { projectHistory } from '../../src/attendance/history.ts'
import { computeHours } from '../../src/attendance/hours.ts'
import { defaultPack } from '../../src/attendance/shipped-packs.ts'
import { unwrap } from '../../src/common/result.ts'
import { exportClass, reportBytes } from '../../src/export/class-export.ts'
import type { ReportContext } from '../../src/export/report-context.ts'
import { createAuditorKey, parseRecipient } from '../../src/export/sealed/age-keys.ts'
import { attendanceReport } from '../../src/export/tables/attendance.ts'
import { hoursReport } from '../../src/export/tables/hours.ts'
import { ed25519Signer } from '../../src/ledger/note.ts'
import { campaignCounts } from './campaign-counts.ts'
import { correctedClass, identityOf, largeClass, sourceOf } from './large-class.ts'

/*
 * How long exports of a large class take, from hours that are computed already, two sessions a day:
 *   npx node test/campaigns/export-speed.ts --trainees 1000 --days 30
 * The claim bundle is that of the same class with as many corrections by hand as trainees, without and with the part for
 * an auditor. Prints milliseconds and bytes, progress of the PDF on stderr; exits 1 above five seconds for the workbook or a
 * minute for the certificates of 1,000 trainees and 30 days.
 */
const { trainees, days } = campaignCounts({ trainees: 1000, days: 30 })

const { story } = largeClass(trainees, days)
const history = projectHistory(story.events)
const pack = defaultPack()
const target = history.classes.get('c1')
if (target === undefined) throw new Error('the story has no class')
const origin = 'shidao/station/0123456789abcdef'
const context: ReportContext = {
  ...{ history: target, pack, hours: unwrap(computeHours(history, 'c1', pack)), events: story.events },
  facts: projectFacts(story.events, () => null),
  ledger: { origin, size: story.events.length, root: '0'.repeat(64), newest: history.watermark ?? 0 },
  nameOf: identityOf,
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

const source = sourceOf(correctedClass(trainees, days, trainees))
const request = { kind: 'bundle', format: 'zip' } as const
const auditor = createAuditorKey()
const sealFor = { keys: [unwrap(parseRecipient(auditor.recipient))] }
const bundleStarted = performance.now()
const bundle = unwrap(await exportClass(source, 'c1', request))
const bundled = performance.now()
const sealed = unwrap(await exportClass(source, 'c1', { ...request, sealFor }))
const sealedAt = performance.now()

const cpuXlsx = Math.round((cpuOfXlsx.user + cpuOfXlsx.system) / 1000)
const ms = {
  xlsx: Math.round(written - started),
  certificates: Math.round(ended - written),
  bundle: Math.round(bundled - bundleStarted),
  sealed: Math.round(sealedAt - bundled),
}
const bytes = {
  xlsx: xlsx.length,
  certificates: pdf.length,
  bundle: bundle.length,
  sealed: sealed.length,
}
process.stdout.write(`${JSON.stringify({ trainees, days, ms, cpuMs: { xlsx: cpuXlsx }, bytes })}\n`)
const isFull = trainees === 1000 && days === 30
process.exit(isFull && (ms.xlsx > 5000 || ms.certificates > 60_000) ? 1 : 0)
