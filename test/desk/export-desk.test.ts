import { createHash } from 'node:crypto'
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { Fault } from '../../src/common/fault.ts'
import { unwrap } from '../../src/common/result.ts'
import { ExportFiles } from '../../src/desk/export-files.ts'
import { falseAct } from '../../src/inspect/acts.ts'
import { verifyLog } from '../../src/ledger/verify.ts'
import type { ExportAnswers } from '../../src/station/export-work.ts'
import { pdfText, programAbsent, sheetsByLibreOffice } from '../export/outside-readers.ts'
import { type StationStory, stationStory } from '../export/station-story.ts'
import { describeIf } from '../support/requires.ts'
import { deskOf, order, settled, wholeFile } from './export-rig.ts'

/** A morning at a station that goes on running. */
function running(): StationStory {
  const story = stationStory()
  const [zhang] = story.people
  story.sign(zhang, 'in', -5, { portrait: 'chip' })
  story.sign(zhang, 'out', 181, { portrait: 'chip' })
  return story
}

function eventsOf({ data }: StationStory) {
  return [...data.ledger.events()].map(({ event }) => event)
}

async function started(story: StationStory, change: Parameters<typeof order>[1] = {}) {
  const desk = deskOf(story)
  const { job } = unwrap(await desk(order(story, change))) as ExportAnswers['export.start']
  return { desk, job, state: await settled(desk, job) }
}

describe('an export beside a running station', () => {
  test('is recorded with its sha256 and with whoever signed for it, before the file has its name', async () => {
    const story = running()
    const { state } = await started(story, { masked: true })
    expect(state).toMatchObject({
      state: 'done',
      code: null,
      file: { name: 'attendance-c1-20260302-1.xlsx' },
    })
    const file = readFileSync(join(story.data.dir, 'exports', state.file?.name ?? ''))
    const sha256 = createHash('sha256').update(file).digest('hex')
    expect(state.file).toMatchObject({ bytes: file.length, sha256 })
    expect(eventsOf(story)[state.event ?? -1]).toMatchObject({
      type: 'export',
      data: {
        ...{ class: 'c1', kind: 'attendance', format: 'xlsx', edition: 'masked', sha256 },
        act: { signatures: [{ actor: story.supervisor.actor }] },
      },
    })
    expect(falseAct(eventsOf(story))).toBeNull()
    expect(verifyLog(story.data.dir, {})).toMatchObject({ ok: true })
  })

  test('counts its steps, and a second one waits until the first is over', async () => {
    const story = running()
    const desk = deskOf(story)
    const ask = order(story, { kind: 'hours', format: 'pdf' })
    const { job } = unwrap(await desk(ask)) as ExportAnswers['export.start']
    expect(await desk(ask)).toMatchObject({ ok: false, fault: { code: 'EXPORT_BUSY' } })
    expect(await settled(desk, job)).toMatchObject({ state: 'done', done: 2, total: 2 })
    expect(await desk(ask)).toMatchObject({ ok: true, value: { job: 2 } })
    expect(await settled(desk, 2)).toMatchObject({ file: { name: 'hours-c1-20260302-2.pdf' } })
  })

  test('lies in a folder that nobody else may open, under a name without a path', async () => {
    const story = running()
    const { state } = await started(story)
    const folder = join(story.data.dir, 'exports')
    expect(statSync(folder).mode & 0o777).toBe(0o700)
    expect(statSync(join(folder, state.file?.name ?? '')).mode & 0o777).toBe(0o600)
    const path = new ExportFiles(story.data.dir).freePath('roster', '../../etc/密', '2026-03-02', 'csv')
    expect(path).toBe(join(folder, 'roster-______etc_密-20260302-1.csv'))
  })

  test('with a wrong PIN, or by nobody here, makes and records nothing', async () => {
    const story = running()
    const desk = deskOf(story)
    const { size } = story.data.ledger
    const by = { actor: story.supervisor.actor, pin: '000000' }
    expect(await desk(order(story, { by }))).toMatchObject({ fault: { code: 'LEDGER_PIN' } })
    const stranger = { actor: 'f'.repeat(32), pin: '000000' }
    const refused = await desk(order(story, { by: stranger }))
    expect(refused).toMatchObject({ fault: { code: 'STATION_SIGNER_UNKNOWN' } })
    expect(story.data.ledger.size).toBe(size)
  })

  test('that fails says its code, records nothing and leaves no file', async () => {
    const story = running()
    const { size } = story.data.ledger
    const { desk, state } = await started(story, { class: 'nobody' })
    expect(state).toMatchObject({ state: 'failed', code: 'ROSTER_CLASS_UNKNOWN', file: null })
    const { job } = unwrap(await desk(order(story))) as ExportAnswers['export.start']
    rmSync(join(story.data.dir, 'exports'), { recursive: true })
    expect(await settled(desk, job)).toMatchObject({ state: 'failed', code: 'EXPORT_WRITE' })
    expect(story.data.ledger.size).toBe(size)
    expect(readdirSync(story.data.dir)).not.toContain('exports')
  })

  test('that cannot be recorded leaves no file either', async () => {
    const story = running()
    const desk = deskOf(story)
    const { job } = unwrap(await desk(order(story))) as ExportAnswers['export.start']
    story.data.ledger.stop(new Fault('LEDGER_DISK_FULL', 'the disk is full'))
    expect(await settled(desk, job)).toMatchObject({ state: 'failed', code: 'LEDGER_DISK_FULL' })
    expect(readdirSync(join(story.data.dir, 'exports'))).toEqual([])
  })

  test('nobody took for a month is cleared away: names stand in it unsealed', async () => {
    const story = running()
    const { desk, state } = await started(story)
    const folder = join(story.data.dir, 'exports')
    const old = (Date.now() - 31 * 86_400_000) / 1000
    utimesSync(join(folder, state.file?.name ?? ''), old, old)
    const { job } = unwrap(await desk(order(story, { kind: 'roster' }))) as ExportAnswers['export.start']
    await settled(desk, job)
    expect(readdirSync(folder)).toEqual(['roster-c1-20260302-1.xlsx'])
  })

  test('what an export left that ended with its station is cleared away', async () => {
    const story = running()
    const folder = join(story.data.dir, 'exports')
    mkdirSync(folder)
    writeFileSync(join(folder, '.hours-c1-20260301-1.pdf.77.part'), 'half')
    await started(story)
    expect(readdirSync(folder)).toEqual(['attendance-c1-20260302-1.xlsx'])
  })
})

describe('files that exports and visits left', () => {
  test('are listed newest first, and read by their names in pieces', async () => {
    const story = running()
    const { desk, state } = await started(story, { kind: 'bundle', format: 'zip' })
    const visits = join(story.data.dir, 'visits')
    mkdirSync(visits)
    const large = Buffer.alloc(1024 * 1024 + 5, 7)
    writeFileSync(join(visits, 'visit-1.json'), large)
    const listed = unwrap(await desk({ act: 'files.list' })) as ExportAnswers['files.list']
    expect(listed.files.map(({ name }) => name).sort()).toEqual([state.file?.name, 'visit-1.json'].sort())
    expect(await wholeFile(desk, 'visit-1.json')).toEqual(large)
    const zip = await wholeFile(desk, state.file?.name ?? '')
    expect(createHash('sha256').update(zip).digest('hex')).toBe(state.file?.sha256)
  })

  test('of names with a path, of links and of anything else in the folder there are none', async () => {
    const story = running()
    const { desk } = await started(story)
    const folder = join(story.data.dir, 'exports')
    symlinkSync(join(story.data.dir, 'station.key'), join(folder, 'linked'))
    for (const name of ['../station.key', 'station.key', '/etc/passwd', '..', '.', 'linked', 'ledger.db']) {
      const answer = await desk({ act: 'files.read', name, offset: 0 })
      expect(answer, name).toMatchObject({ fault: { code: 'EXPORT_FILE_UNKNOWN' } })
    }
  })

  test('an export of an earlier run is not handed out: whoever is there now did not sign for its names', async () => {
    const story = running()
    const { state } = await started(story)
    const name = state.file?.name ?? ''
    const later = await deskOf(story)({ act: 'files.read', name, offset: 0 })
    expect(later).toMatchObject({ fault: { code: 'EXPORT_FILE_CLOSED' } })
  })
})

const noReader = programAbsent('libreoffice', '--version') ?? programAbsent('pdftotext', '-v')
describeIf(noReader, 'what an office reads of it', () => {
  test('LibreOffice opens the table, and poppler the certificates with the station’s signature', async () => {
    const story = running()
    const table = await started(story)
    const workbook = await wholeFile(table.desk, table.state.file?.name ?? '')
    const sheets = sheetsByLibreOffice(new Map([['table', workbook]]))
    expect([...sheets.values()].flat().join('\n')).toContain('张三')
    const paper = await started(story, { kind: 'hours', format: 'pdf', person: story.people[0] })
    const [page = ''] = pdfText(await wholeFile(paper.desk, paper.state.file?.name ?? ''))
    expect(page).toContain('张三')
  })
})
