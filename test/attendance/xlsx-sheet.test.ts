import { strToU8, zipSync } from 'fflate'
import { describe, expect, test } from 'vitest'
import { parseRosterFile } from '../../src/attendance/roster-file.ts'
import { readFirstSheet } from '../../src/attendance/xlsx-sheet.ts'
import { parseCitizenNumber } from '../../src/cards/codec/citizen-number.ts'
import { xlsxBytes } from '../../src/export/xlsx.ts'

const number = '11010519491231002X'

/** A workbook as spreadsheets write it: two sheets, shared strings, gaps. */
function workbook(rows: string, shared = ''): Uint8Array {
  const sheet = (inner: string) =>
    strToU8(`<?xml version="1.0"?><worksheet><sheetData>${inner}</sheetData></worksheet>`)
  return zipSync({
    'xl/workbook.xml': strToU8(
      '<workbook><sheets><sheet name="花名册" sheetId="2" r:id="rId2"/></sheets></workbook>',
    ),
    'xl/_rels/workbook.xml.rels': strToU8(
      '<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Target="worksheets/sheet2.xml"/></Relationships>',
    ),
    'xl/sharedStrings.xml': strToU8(`<sst>${shared}</sst>`),
    'xl/worksheets/sheet1.xml': sheet('<row r="1"><c r="A1"><v>1</v></c></row>'),
    'xl/worksheets/sheet2.xml': sheet(rows),
  })
}

const cell = (place: string, text: string) => `<c r="${place}" t="inlineStr"><is><t>${text}</t></is></c>`
const header = `<row r="1">${cell('A1', '姓名')}${cell('C1', '身份证号')}</row>`
const parse = (bytes: Uint8Array) => parseRosterFile(bytes, { parseNumber: parseCitizenNumber })

describe('a workbook', () => {
  test('that another program wrote is read as the CSV of the same table is', async () => {
    const table = { name: '花名册', header: ['姓名', '身份证号'], rows: [['加倉·晋美 & <南杰>', number]] }
    const bytes = await xlsxBytes([table])
    expect(parse(bytes)).toMatchObject({ ok: true, value: [{ line: 2, name: '加倉·晋美 & <南杰>', number }] })
  })

  test('is read by its first sheet, with shared strings, rich text, gaps and empty rows', () => {
    const shared = `<si><r><t>模拟</t></r><r><t xml:space="preserve">学员</t></r><rPh sb="0" eb="1"><t>MONI</t></rPh></si>`
    const row = `<row r="2"/><row r="5"><c r="A5" t="s"><v>0</v></c>${cell('C5', number)}</row>`
    const read = readFirstSheet(workbook(header + row, shared))
    expect(read).toEqual([
      { line: 1, fields: ['姓名', '', '身份证号'] },
      { line: 5, fields: ['模拟学员', '', number] },
    ])
  })

  test('that kept an identity number as a number is told so, with its row', () => {
    const row = `<row r="2">${cell('A2', '甲')}<c r="C2"><v>110105194912310020</v></c></row>`
    expect(parse(workbook(header + row))).toMatchObject({
      ok: false,
      fault: [{ line: 2, code: 'ROSTER_NUMBER_ROUNDED' }],
    })
  })

  test('with one bad row gives no row and every error', () => {
    const good = `<row r="2">${cell('A2', '甲')}${cell('C2', number)}</row>`
    const bad = `<row r="3">${cell('A3', '')}${cell('C3', '123')}</row>`
    const answer = parse(workbook(header + good + bad))
    expect(answer.ok ? [] : answer.fault.map(({ line, code }) => `${line} ${code}`)).toEqual([
      '3 ROSTER_NAME',
      '3 ROSTER_NUMBER',
    ])
  })

  test.each([
    ['cut in half', workbook(header).subarray(0, 200)],
    ['without sheets', zipSync({ 'a.txt': strToU8('a') })],
    ['of nothing but a signature', Uint8Array.of(0x50, 0x4b, 3, 4)],
    [
      'that unpacks to more than a roster needs',
      zipSync({ 'xl/worksheets/sheet1.xml': new Uint8Array(70_000_000) }),
    ],
  ])('%s is refused and never thrown at anybody', (_name, bytes) => {
    expect(parse(bytes)).toMatchObject({ ok: false, fault: [{ code: 'ROSTER_WORKBOOK' }] })
  })
})
