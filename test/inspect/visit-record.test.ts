import decodeQR from 'qr/decode.js'
import sharp from 'sharp'
import { expect, test } from 'vitest'
import { unwrap } from '../../src/common/result.ts'
import { inspectionRecord, type RecordSource, visitRecordPdf } from '../../src/inspect/visit-record.ts'
import { pdfFonts, pdfPicture, pdfText, programAbsent } from '../export/outside-readers.ts'
import { describeIf } from '../support/requires.ts'
import { CLASS, NONCE, person } from './visit-story.ts'
import { VISIT, WholeVisit } from './whole-visit.ts'

const names = new Map(Array.from({ length: 8 }, (_, n) => [person(n), `张${'*'.repeat(n + 1)}`]))
const masked = (visit: WholeVisit): RecordSource => ({
  ledger: visit.story.ledger,
  nameOf: (who) => ({ name: names.get(who) ?? '', number: '320**************1' }),
  edition: 'masked',
})

test('a record holds what the visit’s events say, and the same visit gives the same bytes later', async () => {
  const visit = new WholeVisit({ closing: { signed: false, reason: 'refused' } })
  const record = unwrap(inspectionRecord(masked(visit), VISIT))
  const lines = new Map(record.sections.flatMap((section) => section.lines))
  expect(lines.get('抽取')).toBe('8 人中抽 3 人（无芯片或官方照片 2 人，权重 4；其他 6 人，权重 1）')
  expect(lines.get('检查人随机数')).toBe(NONCE)
  expect(lines.get('检出能力')).toMatch(/^若有 1 名虚假学员，一名也抽不到的可能为 \d+%；/)
  expect(lines.get('清点人数')).toBe('5 人')
  expect(lines.get('与台账相差')).toBe('清点时台账未签退 6 人，相差 -1 人')
  expect(lines.get('被检查单位')).toBe('拒绝签字（已记入台账）')
  expect(lines.get('与上次检查核对')).toBe('前 3 条记录与上次检查时一致，未被改写')
  expect(lines.get('检查开始')).toMatch(/^2026-03-02 08:3\d（北京时间）$/)
  expect(lines.get('名单')).toMatch(/^第 1 号，hrss.example\/inspectors 签发/)
  const first = unwrap(await visitRecordPdf(masked(visit), VISIT))
  visit.attend(7, 'in')
  expect(unwrap(await visitRecordPdf(masked(visit), VISIT))).toEqual(first)
})

test('a record names what was refused that day and what the station lost', () => {
  const visit = new WholeVisit({ closing: 'open' })
  const { ledger } = visit.story
  const refused = { class: CLASS, publicKey: 'a'.repeat(64), reason: 'revoked' as const }
  ledger.append({ type: 'visit.refused', data: refused })
  ledger.append({ type: 'visit.refused', data: { ...refused, class: 'c2' } })
  const { draw } = visit.story.commit(1, 2)
  ledger.append({ type: 'draw.voided', data: { draw, class: CLASS, reason: 'lost', nonce: 'cd'.repeat(16) } })
  visit.close({ signed: false, reason: 'nobody-there' })
  const record = unwrap(inspectionRecord(masked(visit), VISIT))
  const lines = new Map(record.sections.flatMap((section) => section.lines))
  expect(lines.get('当日被拒绝的请求')).toBe('密钥已撤销 1 次')
  expect(lines.get('作废的承诺')).toBe(`台站已遗失所承诺的内容；检查人随机数 ${'cd'.repeat(16)}`)
  const found = record.sections.flatMap(({ table }) => table?.rows ?? []).map((row) => row[1])
  expect(found).toContain('抽查承诺遗失或不符')
})

test('an open visit has no record yet, and one that was never opened has none', async () => {
  const open = new WholeVisit({ closing: 'open' })
  expect(await visitRecordPdf(masked(open), VISIT)).toMatchObject({ fault: { code: 'INSPECT_VISIT_OPEN' } })
  expect(await visitRecordPdf(masked(open), '9'.repeat(32))).toMatchObject({
    fault: { code: 'INSPECT_VISIT_UNKNOWN' },
  })
})

describeIf(programAbsent('pdftotext', '-v'), 'the printed record', () => {
  const visit = new WholeVisit()
  const pdf = visitRecordPdf(masked(visit), VISIT).then(unwrap)

  test('is read by poppler, Chinese text and all, with its font embedded', async () => {
    const text = pdfText(await pdf).join('')
    for (const words of ['现场检查笔录', '随机抽查', NONCE, '检查人（签字）', '被检查单位（签字/盖章）'])
      expect(text).toContain(words)
    expect(text).toContain(`检查编号${VISIT}`)
    expect(text).toContain('姓名已遮盖，非公示版')
    expect(text).toContain('320**************1')
    expect(text).toContain(visit.story.inspector.publicKey.slice(0, 40))
    expect(pdfFonts(await pdf).every(({ embedded }) => embedded)).toBe(true)
  })

  test('bears the checkpoint of the end as a code that a phone reads', async () => {
    const bytes = await pdf
    const pages = pdfText(bytes).length
    const { data, info } = await sharp(pdfPicture(bytes, pages))
      .ensureAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true })
    const read = decodeQR({ width: info.width, height: info.height, data: new Uint8Array(data) })
    expect(read).toBe(visit.story.ledger.checkpoint())
  })

  test('runs over to a second page without losing a line', async () => {
    const long = new WholeVisit({ closing: 'open' })
    for (let n = 0; n < 60; n++)
      long.check(person(n % 8), { result: 'seen', by: 'card', note: `第${n}次核对` })
    long.close({ signed: false, reason: 'nobody-there' })
    const pages = pdfText(unwrap(await visitRecordPdf(masked(long), VISIT)))
    expect(pages.length).toBeGreaterThan(1)
    for (let n = 0; n < 60; n++) expect(pages.join('')).toContain(`第${n}次核对`)
    expect(pages.at(-1)).toContain(`第${pages.length}页共${pages.length}页`)
  })
})
