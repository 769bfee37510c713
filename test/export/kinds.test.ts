import decodeQR from 'qr/decode.js'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { unwrap } from '../../src/common/result.ts'
import { openCertificate } from '../../src/export/certificate-note.ts'
import {
  type ExportSource,
  exportClass,
  type ReportFormat,
  type ReportKind,
  reportKinds,
} from '../../src/export/class-export.ts'
import { parseVkey } from '../../src/ledger/note.ts'
import { personIdentity } from '../../src/station/setup.ts'
import { describeIf } from '../support/requires.ts'
import { pdfFonts, pdfPicture, pdfText, programAbsent, sheetsByLibreOffice } from './outside-readers.ts'
import { type StationStory, stationStory } from './station-story.ts'

/** Read by every test and changed by none: making a station takes a second. */
let real: StationStory
let simulated: StationStory
const cleaning: (() => void)[] = []
beforeAll(() => {
  real = morning(false)
  simulated = morning(true)
})
afterAll(() => {
  for (const clean of cleaning) clean()
})

function morning(simulated: boolean): StationStory {
  const story = stationStory({ simulated }, (clean) => cleaning.push(clean))
  const [zhang, li] = story.people
  story.sign(zhang, 'in', -5, { portrait: 'chip' })
  story.sign(li, 'in', 10)
  story.sign(zhang, 'out', 181, { portrait: 'chip' })
  return story
}

function sourceOf({ data }: StationStory): ExportSource {
  const { ledger, key } = data
  const nameOf = (person: string) => personIdentity(data, person)
  return { ledger, signer: key.signer, packFolders: [], nameOf }
}

async function exported(story: StationStory, kind: ReportKind, format: ReportFormat): Promise<Uint8Array> {
  return unwrap(await exportClass(sourceOf(story), 'c1', { kind, format, edition: 'full' }))
}

const titles: Readonly<Record<ReportKind, string>> = {
  attendance: '考勤表',
  signin: '签到表',
  hours: '学时证明',
  allowance: '补贴发放表',
  claims: '补贴申领汇总表',
  roster: '花名册',
  teacher: '教师授课档案',
  monthly: '培训月报',
  quarterly: '培训季报',
  annual: '培训年报',
}

describe('every kind of export', () => {
  test.each(reportKinds)('%s is the same bytes for the same ledger, in every format', async (kind) => {
    const story = real
    for (const format of ['xlsx', 'csv', 'pdf', 'json'] as const) {
      const first = await exported(story, kind, format)
      story.clock.set(Date.UTC(2031, 0, 1))
      expect(Buffer.compare(first, await exported(story, kind, format)), format).toBe(0)
    }
  })

  test.each(reportKinds.filter((kind) => kind !== 'teacher'))(
    '%s of a simulated station says 模拟 in every row',
    async (kind) => {
      const csv = Buffer.from(await exported(simulated, kind, 'csv')).toString('utf8')
      const [, ...rows] = csv.trimEnd().split('\r\n')
      expect(rows.length).toBeGreaterThan(0)
      for (const row of rows) expect(row).toContain('模拟')
    },
  )

  test('the sign-in sheet has the times at the door and the records behind them', async () => {
    const [header, zhang] = Buffer.from(await exported(real, 'signin', 'csv'))
      .toString('utf8')
      .split('\r\n')
    expect(header).toContain('签到,签退,核验方式,记录号')
    expect(zhang).toContain('08:25,11:31,证件芯片照片,4、6')
  })

  test('a month has plan against actual, is due by the 5th of the next, and another month is empty', async () => {
    const story = real
    const request = { kind: 'monthly', format: 'json', edition: 'full' } as const
    const of = async (period: string) => {
      const bytes = unwrap(await exportClass(sourceOf(story), null, { ...request, period }))
      return JSON.parse(Buffer.from(bytes).toString('utf8'))
    }
    const march = await of('2026-03')
    expect(march.notes[0]).toBe('应于 2026-04-05 前报送')
    const [{ header, rows }] = march.tables
    const cell = (title: string) => rows[0][header.indexOf(title)]
    expect([cell('应到人次'), cell('实到人次'), cell('到课率（%）')]).toEqual([2, 1, 50])
    expect([cell('计划人分钟'), cell('认定人分钟'), cell('完成率（%）')]).toEqual([360, 180, 50])
    expect((await of('2026-04')).tables[0].rows).toEqual([])
  })

  test.each([
    ['monthly', '2026-13'],
    ['quarterly', '2026-03'],
    ['annual', '26'],
  ] as const)('%s of "%s" is EXPORT_PERIOD', async (kind, period) => {
    const request = { kind, period, format: 'csv', edition: 'full' } as const
    const answer = await exportClass(sourceOf(real), null, request)
    expect(answer).toMatchObject({ ok: false, fault: { code: 'EXPORT_PERIOD' } })
  })

  test('a certificate of somebody who never had a seat is EXPORT_PERSON', async () => {
    const request = { kind: 'hours', format: 'pdf', edition: 'full', person: '0'.repeat(32) } as const
    const answer = await exportClass(sourceOf(real), 'c1', request)
    expect(answer).toMatchObject({ ok: false, fault: { code: 'EXPORT_PERSON' } })
  })
})

describeIf(programAbsent('pdftotext', '-v'), 'a PDF as poppler reads it', () => {
  test.each(reportKinds)('%s: every page has title, origin, root, edition and its number', async (kind) => {
    const story = simulated
    const pages = pdfText(await exported(story, kind, 'pdf'))
    const { origin, root } = story.data.ledger
    for (const [position, page] of pages.entries()) {
      expect(page).toContain(titles[kind])
      expect(page).toContain(`生成自台账${origin}`)
      expect(page).toContain(Buffer.from(root).toString('hex'))
      expect(page).toContain('完整版')
      expect(page).toContain('模拟数据，不作为考勤依据')
      expect(page).toContain(`第${position + 1}页共${pages.length}页`)
    }
  })

  test('names and numbers come out as text, and the only font is embedded', async () => {
    const pdf = await exported(real, 'roster', 'pdf')
    expect(pdfText(pdf)[0]).toContain('张三11010519491231002X')
    const fonts = pdfFonts(pdf)
    expect(fonts).toHaveLength(1)
    expect(fonts[0]?.name).toMatch(/NotoSansSC/)
    expect(fonts[0]?.embedded).toBe(true)
  })

  test('a character that the font lacks stands as its code point', async () => {
    const source = { ...sourceOf(real), nameOf: () => ({ name: '李\u{2A6D5}', number: '1' }) }
    const request = { kind: 'roster', format: 'pdf', edition: 'full' } as const
    expect(pdfText(unwrap(await exportClass(source, 'c1', request)))[0]).toContain('李〔U+2A6D5〕')
  })

  test('the code of a printed certificate verifies by the station’s key alone, and not when altered', async () => {
    const story = real
    const [zhang] = story.people
    const request = { kind: 'hours', format: 'pdf', edition: 'full', person: zhang } as const
    const pdf = unwrap(await exportClass(sourceOf(story), 'c1', request))
    expect(pdfText(pdf)).toHaveLength(1)
    const { data, info } = await sharp(pdfPicture(pdf, 1))
      .ensureAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true })
    const note = decodeQR({ width: info.width, height: info.height, data: new Uint8Array(data) })
    const key = unwrap(parseVkey(story.data.key.vkey))
    const root = Buffer.from(story.data.ledger.root).toString('hex')
    expect(unwrap(openCertificate(note, [key])).fields).toMatchObject({
      ...{ name: '张三', number: '110**************X', lessons: '4', 'credited-ms': '10800000' },
      ...{ proven: 'chip=10800000', tree: `${story.data.ledger.size} ${root}`, simulated: 'no' },
    })
    const altered = openCertificate(note.replace('lessons 4', 'lessons 9'), [key])
    expect(altered).toMatchObject({ ok: false, fault: { code: 'LEDGER_NOTE_SIGNATURE' } })
    const other = unwrap(parseVkey(stationStory().data.key.vkey))
    expect(openCertificate(note, [other])).toMatchObject({
      ok: false,
      fault: { code: 'LEDGER_NOTE_UNKNOWN' },
    })
  })
})

describeIf(programAbsent('libreoffice', '--version'), 'workbooks as LibreOffice reads them', () => {
  test('every kind has its tables and what they were made from; a name like a formula stays text', async () => {
    const workbooks = new Map<string, Uint8Array>()
    for (const kind of reportKinds) workbooks.set(kind, await exported(simulated, kind, 'xlsx'))
    const sheets = sheetsByLibreOffice(workbooks)
    const root = Buffer.from(simulated.data.ledger.root).toString('hex')
    for (const kind of reportKinds) {
      const facts = sheets.get(`${kind}/说明`)?.join('\n')
      expect(facts, kind).toContain(root)
      expect(facts, kind).toContain('模拟数据，不作为考勤依据')
      expect([...sheets.keys()].filter((name) => name.startsWith(`${kind}/`)).length, kind).toBeGreaterThan(1)
    }
    const reasons = sheets.get('claims/逐项理由')?.join('\n')
    expect(reasons).toContain('须导入本人本班的证书')
    expect(reasons).toContain('养老金（pension）')
    expect(sheets.get('roster/花名册')?.[2]).toContain('2,=李四,440308199901101512')
    expect(sheets.get('attendance/考勤表')?.[1]).toBe('1,张三,11010519491231002X,✓,4,180,模拟')
  }, 300_000)
})
