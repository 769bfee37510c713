import { describe, expect, test } from 'vitest'
import { parseRosterFile } from '../../src/attendance/roster-file.ts'
import { parseCitizenNumber } from '../../src/cards/codec/citizen-number.ts'

const checks = { parseNumber: parseCitizenNumber }
/** Numbers from GB 11643-1999 and made up with a right check character; nobody's. */
const ZHANG = '11010519491231002X'
const LI = '440308199901101512'

function parse(text: string) {
  return parseRosterFile(new TextEncoder().encode(text), checks)
}

function errorsOf(text: string) {
  const parsed = parse(text)
  return parsed.ok ? [] : parsed.fault.map(({ line, code }) => [line, code])
}

describe('a good roster', () => {
  test('is read with its lines, and extra columns are left aside', () => {
    expect(parse(`序号,姓名,身份证号\r\n1,张三,${ZHANG}\r\n2,李四,${LI}\r\n`)).toEqual({
      ok: true,
      value: [
        { line: 2, name: '张三', number: ZHANG, portrait: null, voucher: null, cardCode: null },
        { line: 3, name: '李四', number: LI, portrait: null, voucher: null, cardCode: null },
      ],
    })
  })

  test('may name vouchers and social security cards that stand for the trainee', () => {
    const code = '639900d15600000500bf7c7a48fb4966'
    const parsed = parse(`姓名,身份证号,培训券号,社保卡识别码\n张三,${ZHANG},Q-17, ${code} \n李四,${LI},,\n`)
    expect(parsed).toMatchObject({
      ok: true,
      value: [
        { voucher: 'Q-17', cardCode: code.toUpperCase() },
        { voucher: null, cardCode: null },
      ],
    })
    expect(errorsOf(`姓名,身份证号,社保卡识别码\n张三,${ZHANG},1234\n`)).toEqual([[2, 'ROSTER_CARD_CODE']])
  })

  test('may start with a byte order mark', () => {
    expect(parse(`\uFEFF姓名,公民身份号码\n张三,${ZHANG}\n`)).toMatchObject({
      ok: true,
      value: [{ line: 2 }],
    })
  })

  test('may be GBK, as Chinese spreadsheets save it', () => {
    // 姓名 and 张三 in GBK.
    const header = Uint8Array.of(0xd0, 0xd5, 0xc3, 0xfb, ...new TextEncoder().encode(',number\n'))
    const row = Uint8Array.of(0xd5, 0xc5, 0xc8, 0xfd, ...new TextEncoder().encode(`,${ZHANG}\n`))
    const parsed = parseRosterFile(Uint8Array.of(...header, ...row), checks)
    expect(parsed).toMatchObject({ ok: true, value: [{ name: '张三', number: ZHANG }] })
  })

  test('keeps long names with a separator as they are', () => {
    expect(parse(`姓名,number\n加倉·晋美南杰,${ZHANG}`)).toMatchObject({ value: [{ name: '加倉·晋美南杰' }] })
  })

  test('takes full-width digits, a small x and what keeps a number text in a spreadsheet', () => {
    const wide = [...ZHANG.slice(0, 17)]
      .map((digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0))
      .join('')
    expect(parse(`姓名,number\n张三,'\t${wide}x `)).toMatchObject({ value: [{ number: ZHANG }] })
  })

  test('counts lines through a quoted field with a line end in it', () => {
    const text = `姓名,number,备注\n张三,${ZHANG},"两\n行"\n李四,${LI},\n`
    expect(parse(text)).toMatchObject({ value: [{ line: 2 }, { line: 4 }] })
  })

  test('takes a province’s own column names from a map', () => {
    const columns = { name: ['学员'], number: ['证件'], portrait: [], voucher: [], cardCode: [] }
    const bytes = new TextEncoder().encode(`学员,证件\n张三,${ZHANG}\n`)
    expect(parseRosterFile(bytes, { ...checks, columns }).ok).toBe(true)
  })
})

describe('a bad roster gives every error and no row', () => {
  test('one wrong check character keeps the good rows out as well', () => {
    expect(errorsOf(`姓名,number\n张三,${ZHANG}\n李四,440308199901101513\n`)).toEqual([[3, 'ROSTER_NUMBER']])
  })

  test('each bad row is named', () => {
    const text = `姓名,number,照片\n,${ZHANG},\n李四,12,\n王五,${LI},../../x.jpg\n`
    expect(errorsOf(text)).toEqual([
      [2, 'ROSTER_NAME'],
      [3, 'ROSTER_NUMBER'],
      [4, 'ROSTER_PORTRAIT_PATH'],
    ])
  })

  test('a number that a spreadsheet rounded is told apart from a wrong one', () => {
    expect(errorsOf('姓名,number\n张三,1.10105E+17\n')).toEqual([[2, 'ROSTER_NUMBER_ROUNDED']])
  })

  test('the same number twice is an error at its second line', () => {
    expect(errorsOf(`姓名,number\n张三,${ZHANG}\n李四,${ZHANG}\n`)).toEqual([[3, 'ROSTER_NUMBER_TWICE']])
  })

  test.each([
    ['an empty file', '', [null, 'ROSTER_EMPTY']],
    ['a header alone', '姓名,number\n', [null, 'ROSTER_EMPTY']],
    ['no column for the number', `姓名,电话\n张三,1\n`, [1, 'ROSTER_COLUMN_MISSING']],
    ['two columns for the name', `姓名,姓名,number\n张三,张三,${ZHANG}\n`, [1, 'ROSTER_COLUMN_TWICE']],
    ['a quote that never closes', `姓名,number\n"张三,${ZHANG}\n`, [2, 'ROSTER_QUOTE']],
    ['more fields than titles', `姓名,number\n张三,${ZHANG},x\n`, [2, 'ROSTER_ROW_SHAPE']],
  ])('%s', (_name, text, error) => {
    expect(errorsOf(text)).toEqual([error])
  })

  test('bytes that are no text at all', () => {
    const parsed = parseRosterFile(Uint8Array.of(0xff, 0xd8, 0xff, 0x00, 0x10), checks)
    expect(parsed).toMatchObject({ ok: false, fault: [{ line: null, code: 'ROSTER_ENCODING' }] })
  })

  test('no message holds a name or a number', () => {
    const parsed = parse(`姓名,number\n张三,110105194912310021\n`)
    expect(JSON.stringify(parsed)).not.toMatch(/张三|1101051949/)
  })
})
