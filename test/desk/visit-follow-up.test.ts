import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { unwrap } from '../../src/common/result.ts'
import { verifyVisitFile } from '../../src/inspect/verify-visit-file.ts'
import { needsSigner } from '../../src/station/export-work.ts'
import { CLASS, Inspector, MINUTE, START, VisitRig } from './visit-rig.ts'

/* What a closed visit leaves, and what becomes of its findings, at the desk of a station that goes on. */

let rig: VisitRig
let visit: string

beforeEach(async () => {
  rig = new VisitRig()
  visit = (await rig.open()).visit.visit
  await rig.do('visit.headcount', { count: 4 })
})
afterEach(() => rig.end())

test('a report is made once the visit is closed, and is on record before it has its name', async () => {
  expect(await rig.refused('visit.report', { visit })).toBe('INSPECT_VISIT_OPEN')
  expect(await rig.refused('visit.report', { visit: 'x' })).toBe('INSPECT_VISIT_UNKNOWN')
  await rig.close()
  const made = await rig.do('visit.report', { visit })
  expect(made).toMatchObject({ folder: 'visits', due: { workdays: 10 }, findings: 2, simulated: true })
  const bytes = readFileSync(join(rig.dir, made.folder, made.file.name))
  expect(createHash('sha256').update(bytes).digest('hex')).toBe(made.file.sha256)
  expect(rig.newest()).toMatchObject({
    ...{ type: 'export', index: made.event },
    data: { class: CLASS, kind: 'visit-report', edition: 'masked', sha256: made.file.sha256 },
  })
  expect(rig.problem()).toBeNull()
})

test('names stand only in what lies among the exports, which no window may ask for', async () => {
  await rig.close()
  const full = await rig.do('visit.report', { visit, record: true, format: 'pdf', masked: false })
  expect(full.folder).toBe('exports')
  expect(existsSync(join(rig.dir, 'visits', full.file.name))).toBe(false)
  expect(needsSigner({ act: 'visit.report', masked: false })).toBe(true)
  expect(needsSigner({ act: 'visit.report', masked: true })).toBe(false)
  expect(await rig.refused('visit.report', { visit, record: true })).toBe('EXPORT_FORMAT_UNSUPPORTED')
})

test('the visit’s one file is made once more with the same bytes', async () => {
  const closed = await rig.close()
  const again = await rig.do('visit.file', { visit })
  expect(again.file).toEqual(closed.files.find(({ name }) => name === again.file.name))
  const bytes = readFileSync(join(rig.dir, again.folder, again.file.name))
  expect(unwrap(verifyVisitFile(bytes))).toMatchObject({ ok: true, visit })
})

test('two people of the institution answer a finding, and its inspector settles it', async () => {
  const finding = await headcountFinding()
  const teachers = [rig.teacher, { ...rig.teacher, actor: rig.supervisor.actor }] as const
  expect(await rig.refused('visit.answer', { visit, finding, signers: [rig.teacher, rig.teacher] })).toBe(
    'STATION_NOT_SUPERVISOR',
  )
  const answered = await rig.do('visit.answer', { visit, finding, signers: [...teachers] })
  expect(rig.newest()).toMatchObject({ type: 'finding.answered', index: answered.event })

  expect(await rig.refused('visit.settled', { visit, finding, proof: rig.inspector.proof('{}') })).toBe(
    'INSPECT_NOTHING_TO_SIGN',
  )
  const { statement, inspector } = await rig.do('visit.settle', { visit, finding })
  expect(inspector.publicKey).toBe(rig.inspector.publicKey)
  const stranger = new Inspector().proof(statement)
  expect(await rig.refused('visit.settled', { visit, finding, proof: stranger })).toBe('INSPECT_SIGNATURE')
  expect(rig.newest()).toMatchObject({ type: 'visit.refused', data: { visit, reason: 'signature' } })
  const proof = rig.inspector.proof(statement)
  await rig.do('visit.settled', { visit, finding, proof })
  expect(rig.newest()).toMatchObject({ type: 'finding.closed', data: { finding, outcome: 'explained' } })
  for (const act of ['visit.settle', 'visit.answer'] as const) {
    const signers = [rig.supervisor, rig.teacher] as const
    expect(await rig.refused(act, { visit, finding, ...(act === 'visit.answer' ? { signers } : {}) })).toBe(
      'INSPECT_FINDING_CLOSED',
    )
  }
  expect(rig.problem()).toBeNull()
})

test('the next inspector sees what nobody answered, and what is overdue', async () => {
  const finding = await headcountFinding()
  const findings = async () => (await rig.do('visit.facts')).facts.findings
  expect(await findings()).toEqual({ open: 2, overdue: 0 })
  await rig.do('visit.answer', { visit, finding, signers: [rig.supervisor, rig.teacher] })
  expect(await findings()).toEqual({ open: 1, overdue: 0 })
  rig.clock.set(START + 40 * 24 * 60 * MINUTE)
  expect(await findings()).toEqual({ open: 1, overdue: 1 })
})

test('after a power cut the statement is asked for again', async () => {
  const finding = await headcountFinding()
  const before = await rig.do('visit.settle', { visit, finding })
  rig.powerCut()
  const proof = rig.inspector.proof(before.statement)
  expect(await rig.refused('visit.settled', { visit, finding, proof })).toBe('INSPECT_NOTHING_TO_SIGN')
  const { statement } = await rig.do('visit.settle', { visit, finding })
  await rig.do('visit.settled', { visit, finding, proof: rig.inspector.proof(statement) })
  expect(rig.problem()).toBeNull()
})

async function headcountFinding(): Promise<string> {
  await rig.close()
  const { index } = rig.events().find(({ type }) => type === 'visit.headcount')!
  return `${index}-headcount`
}
