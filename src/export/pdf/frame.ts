import { type Report, SIMULATED_MARK } from '../table.ts'
import type { Paper } from './paper.ts'

/* What stands on every page around its content: title, warning, notes, origin, page number. */

export const MARGIN = 34
/** Space above and below the content, margins included. */
export const HEAD = 82
export const FOOT = 82

const NOTE_LINES = 3

/** Draws the frame of the current page. `heading` stands beside the title. */
export function drawFrame(paper: Paper, report: Report, heading: string, page: number, pages: number): void {
  const { width, height } = paper
  if (report.simulated) paper.text(SIMULATED_MARK, width / 2 - 130, height / 2 - 90, 130, 0.9)
  paper.text(report.title, MARGIN, 28, 16)
  if (heading !== report.title) paper.text(heading, MARGIN + paper.measure(report.title, 16) + 12, 34, 10)
  paper.text(report.subject, MARGIN, 52, 9)
  const kind = report.simulated ? `${SIMULATED_MARK}数据，不作为考勤依据` : '实际记录'
  const edition = report.editionName ?? (report.edition === 'masked' ? '公示版（已脱敏）' : '完整版')
  const right = `${kind}　${edition}`
  paper.text(right, width - MARGIN - paper.measure(right, 9), 34, 9)

  const top = height - FOOT + 12
  const notes = paper.wrap(report.notes.join('；'), width - 2 * MARGIN, 8)
  const shown = notes.slice(0, NOTE_LINES)
  for (const [line, text] of shown.entries()) paper.text(text, MARGIN, top + line * 11, 8, 0.2)
  const { origin, size, root } = report.ledger
  paper.text(`生成自台账 ${origin}，${size} 条记录，根哈希`, MARGIN, height - 38, 7, 0.3)
  paper.text(root, MARGIN, height - 28, 7, 0.3)
  const number = `第 ${page} 页 共 ${pages} 页`
  paper.text(number, width - MARGIN - paper.measure(number, 8), height - 32, 8)
}
