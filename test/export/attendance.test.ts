import { strFromU8, unzipSync } from 'fflate'
import { expect, test } from 'vitest'
import { unwrap } from '../../src/common/result.ts'
import { type ExportRequest, exportClass } from '../../src/export/class-export.ts'
import { csvBytes } from '../../src/export/csv.ts'
import { xlsxBytes } from '../../src/export/xlsx.ts'
import { personIdentity } from '../../src/station/setup.ts'
import { type StationStory, stationStory } from './station-story.ts'

async function exported(story: StationStory, format: 'xlsx' | 'csv' | 'json'): Promise<Uint8Array> {
  const request: ExportRequest = { kind: 'attendance', format, edition: 'full' }
  const { ledger } = story.data
  const nameOf = (person: string) => personIdentity(story.data, person)
  return unwrap(await exportClass({ ledger, packFolders: [], nameOf }, 'c1', request))
}

function presentMorning(simulated = false): StationStory {
  const story = stationStory({ simulated })
  const [zhang, li] = story.people
  story.sign(zhang, 'in', -5, { portrait: 'chip' })
  story.sign(li, 'in', 10)
  story.sign(zhang, 'out', 181, { portrait: 'chip' })
  return story
}

/** Cells of a sheet by row, read from the XML and not by the writer. */
function readSheet(xlsx: Uint8Array, number: number): string[][] {
  const files = unzipSync(xlsx)
  const text = (path: string) => strFromU8(files[path] ?? new Uint8Array())
  const strings = [...text('xl/sharedStrings.xml').matchAll(/<si>.*?<t[^>]*>([^<]*)<\/t>.*?<\/si>/gs)]
  return [...text(`xl/worksheets/sheet${number}.xml`).matchAll(/<row[^>]*>(.*?)<\/row>/gs)].map(([, row]) =>
    [...(row ?? '').matchAll(/<c ([^>]*?)(?:\/>|>(?:<v>([^<]*)<\/v>)?<\/c>)/gs)].map(([, tag, value]) =>
      tag?.includes('t="s"') ? (strings[Number(value)]?.[1] ?? '?') : (value ?? ''),
    ),
  )
}

test('the workbook shows who was there, for how long, and from which portrait', async () => {
  const xlsx = await exported(presentMorning(), 'xlsx')
  const grid = readSheet(xlsx, 1)
  expect(grid[0]).toEqual([
    ...['序号', '姓名', '证件号码', '2026-03-02 08:30–11:30', '课时', '认定分钟', '备注'],
  ])
  expect(grid[1]).toEqual(['1', '张三', '11010519491231002X', '✓', '4', '180'])
  expect(grid[2]).toEqual(['2', '=李四', '440308199901101512', '漏', '0', '0'])
  const [header = [], zhang = []] = readSheet(xlsx, 2)
  expect(zhang[header.indexOf('证件芯片照片（分钟）')]).toBe('180')
  expect(zhang[header.indexOf('官方照片（分钟）')]).toBe('0')
  expect(readSheet(xlsx, 2)[2]?.join()).toContain('有签到无签退')
})

test('the facts sheet names the ledger’s root and where every rule comes from', async () => {
  const story = presentMorning()
  const facts = readSheet(await exported(story, 'xlsx'), 3)
  expect(facts).toContainEqual(['根哈希', Buffer.from(story.data.ledger.root).toString('hex')])
  expect(facts.find(([name]) => name === 'lateGraceMinutes')?.join()).toContain('迟到超过15分钟')
  expect(facts.find(([name]) => name === 'rounding')).toContain('自行设定')
})

test('a simulated station says 模拟 in every row and credits only simulated minutes', async () => {
  const xlsx = await exported(presentMorning(true), 'xlsx')
  expect(readSheet(xlsx, 1)[1]).toEqual(['1', '张三', '11010519491231002X', '✓', '4', '180', '模拟'])
  const [header = [], zhang = []] = readSheet(xlsx, 2)
  expect(zhang[header.indexOf('模拟（分钟）')]).toBe('180')
  expect(zhang[header.indexOf('证件芯片照片（分钟）')]).toBe('0')
  expect(readSheet(xlsx, 3).flat()).toContain('模拟数据，不作为考勤依据')
})

test('the same ledger gives the same bytes, whatever the time of day', async () => {
  const story = presentMorning()
  const before = await exported(story, 'xlsx')
  story.clock.set(Date.UTC(2031, 0, 1))
  expect(Buffer.compare(before, await exported(story, 'xlsx'))).toBe(0)
})

test('no file in a workbook carries the time at which it was written', async () => {
  const xlsx = Buffer.from(await xlsxBytes([{ name: 'a', header: ['x'], rows: [['1']] }]))
  for (let at = xlsx.indexOf('PK\x03\x04'); at >= 0; at = xlsx.indexOf('PK\x03\x04', at + 4)) {
    // MS-DOS time and date: midnight on 1 January 1980.
    expect([xlsx.readUInt16LE(at + 10), xlsx.readUInt16LE(at + 12)]).toEqual([0, (1 << 5) | 1])
  }
})

test('csv is UTF-8 with a byte order mark and CRLF, and no cell is a formula', async () => {
  const csv = Buffer.from(await exported(presentMorning(), 'csv'))
  expect([...csv.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf])
  const lines = csv.toString('utf8').split('\r\n')
  expect(lines).toHaveLength(4)
  expect(lines[2]).toMatch(/^'=李四,\t440308199901101512,/)
})

test.each([
  ['=1+1', `'=1+1`],
  ['+86', `'+86`],
  ['@x', `'@x`],
  ['-1', `'-1`],
  ['＝1', `'＝1`],
  ['a"b,c', '"a""b,c"'],
  ['110105199001011234', '\t110105199001011234'],
  ['王五', '王五'],
])('csv writes %j as %j', (cell, written) => {
  const csv = new TextDecoder('utf-8', { ignoreBOM: true }).decode(
    csvBytes({ name: 't', header: ['h'], rows: [[cell]] }),
  )
  expect(csv).toBe(`\uFEFFh\r\n${written}\r\n`)
})

test('json is the hours document', async () => {
  const story = presentMorning()
  const hours = JSON.parse(Buffer.from(await exported(story, 'json')).toString('utf8'))
  expect(hours.people.map(({ person }: { person: string }) => person)).toEqual(story.people)
})
