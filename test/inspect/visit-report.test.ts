import { describe, expect, test } from 'vitest'
import { shippedCalendar } from '../../src/attendance/workdays.ts'
import { unwrap } from '../../src/common/result.ts'
import { reportBytes } from '../../src/export/class-export.ts'
import { dueDate } from '../../src/inspect/visit-findings.ts'
import { type ReportSource, visitReport } from '../../src/inspect/visit-report.ts'
import { pdfText, programAbsent } from '../export/outside-readers.ts'
import { describeIf } from '../support/requires.ts'
import { person } from './visit-story.ts'
import { VISIT, WholeVisit } from './whole-visit.ts'

const source = (visit: WholeVisit, edition: 'full' | 'masked' = 'full'): ReportSource => ({
  ledger: visit.story.ledger,
  nameOf: () =>
    edition === 'full'
      ? { name: '张三丰', number: '320101199001011234' }
      : { name: '张**', number: '320**************4' },
  edition,
  calendar: shippedCalendar(),
})

describe('the report on a visit', () => {
  test('gives the card of the class’s own pack for the seats that the inspector counted', () => {
    const cardAt = (count: number) => {
      const visit = new WholeVisit({ closing: 'open' })
      visit.count(count)
      visit.close({ signed: true, actor: visit.story.supervisor.actor })
      return unwrap(visitReport(source(visit), VISIT)).document.spot
    }
    // The default pack: yellow below 90 %, red below 80 %. Eight people have a seat.
    expect(cardAt(8)).toMatchObject({ seats: 8, taken: 8, card: 'none' })
    expect(cardAt(7)).toMatchObject({ taken: 7, card: 'yellow' })
    expect(cardAt(6)).toMatchObject({ taken: 6, card: 'red' })
  })

  test('has no card without a headcount’s pack, and says which pack it was', () => {
    const { pack, average } = unwrap(visitReport(source(new WholeVisit()), VISIT)).document
    expect(pack?.id).toBe('cn-default-2')
    expect(average).toMatchObject({ card: null, seats: 0 })
  })

  test('is due ten working days after, shifted holidays and working Saturdays counted', () => {
    const before = Date.parse('2026-02-12T15:00:00+08:00')
    // Spring Festival is 15 to 23 February; people work on Saturday 14 and Saturday 28.
    expect(dueDate(before, 10, shippedCalendar())).toBe('2026-03-04')
    expect(dueDate(before, 1, shippedCalendar())).toBe('2026-02-13')
    expect(dueDate(Date.parse('2031-02-12T15:00:00+08:00'), 10, shippedCalendar())).toBeNull()
    const report = unwrap(visitReport({ ...source(new WholeVisit()), workdays: 5 }, VISIT)).document
    expect(report.due).toEqual({ workdays: 5, date: '2026-03-09' })
  })

  test('shows no name, id or anybody’s words in the edition for publication', async () => {
    const visit = new WholeVisit({ closing: 'open' })
    visit.check(person(3), { result: 'cannot-verify', reason: '李四说证件丢了' })
    visit.close({ signed: true, actor: visit.story.supervisor.actor })
    const text = async (edition: 'full' | 'masked') => {
      const made = unwrap(visitReport(source(visit, edition), VISIT))
      return new TextDecoder().decode(await reportBytes(made, 'json'))
    }
    expect(await text('full')).toContain('李四说证件丢了')
    expect(await text('full')).toContain(person(3))
    const published = await text('masked')
    for (const hidden of ['李四', person(3), '张三丰', '199001']) expect(published).not.toContain(hidden)
    expect(JSON.parse(published)).toMatchObject({ format: 'shidao-visit-report/v1', edition: 'masked' })
  })

  test('is refused in words for a visit that is open or unknown', () => {
    const open = source(new WholeVisit({ closing: 'open' }))
    expect(visitReport(open, VISIT)).toMatchObject({ fault: { code: 'INSPECT_VISIT_OPEN' } })
    expect(visitReport(open, '9'.repeat(32))).toMatchObject({ fault: { code: 'INSPECT_VISIT_UNKNOWN' } })
  })
})

describeIf(programAbsent('pdftotext', '-v'), 'the report on paper', () => {
  test('names the findings, the due day and the card', async () => {
    const made = unwrap(visitReport(source(new WholeVisit()), VISIT))
    const text = pdfText(await reportBytes(made, 'pdf')).join('')
    for (const words of ['检查报告', '清点人数与台账不符', '2026-03-16', '红牌', '检出能力'])
      expect(text).toContain(words)
    expect(await reportBytes(made, 'pdf')).toEqual(await reportBytes(made, 'pdf'))
  })
})
