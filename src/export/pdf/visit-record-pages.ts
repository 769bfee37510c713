import { qrModules } from '../../common/qr.ts'
import type { Report } from '../table.ts'
import { drawFrame, FOOT, HEAD, MARGIN } from './frame.ts'
import { Paper } from './paper.ts'

/** One part of an inspection record: facts with their labels, a table, or both. */
export interface RecordSection {
  readonly heading: string
  readonly lines: readonly (readonly [label: string, value: string])[]
  /** `shares` of the width, one a column. */
  readonly table?: {
    readonly header: readonly string[]
    readonly shares: readonly number[]
    readonly rows: readonly (readonly string[])[]
  }
}

/** An inspection record (检查笔录) ready for paper. */
export interface InspectionRecord
  extends Pick<Report, 'title' | 'subject' | 'simulated' | 'edition' | 'notes' | 'ledger'> {
  readonly sections: readonly RecordSection[]
  /** Signed note of the tree that ends with the visit; printed as a QR code. */
  readonly checkpoint: string
  readonly checkpointLines: readonly string[]
  /** Who signs by hand, over a line. */
  readonly signatures: readonly string[]
}

/**
 * The record on A4, upright: its sections, the checkpoint's code, and lines for signatures by hand. Same input, same
 * bytes. Throws the font's faults and `EXPORT_QR_LENGTH`.
 */
export async function inspectionRecordBytes(record: InspectionRecord): Promise<Uint8Array> {
  const paper = new Paper(`${record.title} ${record.subject}`, record.ledger)
  paper.addPage('portrait')
  const blocks = [...record.sections.flatMap((section) => blocksOf(paper, section)), endOf(paper, record)]
  const pages = paginate(blocks, paper.height - HEAD - FOOT)
  // What inspectors wrote by hand stands in it: with masked names it is still nothing for publication.
  const editionName = record.edition === 'masked' ? '姓名已遮盖，非公示版' : '完整版'
  const frame: Report = {
    ...record,
    editionName,
    tables: [],
    main: 0,
    facts: { name: '', header: [], rows: [] },
  }
  for (const [position, page] of pages.entries()) {
    if (position > 0) paper.addPage('portrait')
    drawFrame(paper, frame, record.title, position + 1, pages.length)
    let y = HEAD
    for (const { height, draw } of page) {
      draw(y)
      y += height
    }
  }
  return paper.bytes()
}

/** Something that is never cut by the end of a page. */
interface Block {
  readonly height: number
  readonly draw: (y: number) => void
  /** It doesn't stand alone at the end of a page. */
  readonly withNext?: boolean
}

const SIZE = 9
const LINE = 13
const LABEL = 96
const PADDING = 3
const CODE_SIDE = 150

function blocksOf(paper: Paper, { heading, lines, table }: RecordSection): Block[] {
  const head: Block = {
    height: 24,
    draw: (y) => paper.text(heading, MARGIN, y + 6, 11),
    withNext: true,
  }
  const facts = lines.map(([label, value]) => factBlock(paper, label, value))
  const gap: Block = { height: 4, draw: () => {}, withNext: true }
  return [head, ...facts, ...(table === undefined ? [] : [gap, ...tableBlocks(paper, table)])]
}

function factBlock(paper: Paper, label: string, value: string): Block {
  const wrapped = paper.wrap(value, paper.width - 2 * MARGIN - LABEL, SIZE)
  return {
    height: wrapped.length * LINE,
    draw: (y) => {
      paper.text(label, MARGIN, y, SIZE, 0.35)
      for (const [line, text] of wrapped.entries()) paper.text(text, MARGIN + LABEL, y + line * LINE, SIZE)
    },
  }
}

function tableBlocks(paper: Paper, table: NonNullable<RecordSection['table']>): Block[] {
  const whole = table.shares.reduce((sum, share) => sum + share, 0)
  const widths = table.shares.map((share) => (share / whole) * (paper.width - 2 * MARGIN))
  const rows = table.rows.length > 0 ? table.rows : [['无']]
  return [table.header, ...rows].map((row, position) => {
    const cells = widths.map((width, column) => paper.wrap(row[column] ?? '', width - 2 * PADDING, SIZE - 1))
    const height = Math.max(...cells.map((cell) => cell.length)) * (LINE - 2) + 2 * PADDING
    const draw = (y: number) => {
      if (position === 0) paper.fill(MARGIN, y, paper.width - 2 * MARGIN, height, 0.93)
      const boxes: [number, number, number, number][] = []
      let x = MARGIN
      for (const [column, width] of widths.entries()) {
        boxes.push([x, y, width, height])
        for (const [line, text] of (cells[column] ?? []).entries())
          paper.text(text, x + PADDING, y + PADDING + line * (LINE - 2), SIZE - 1)
        x += width
      }
      paper.boxes(boxes)
    }
    return { height, draw, withNext: position === 0 }
  })
}

/** The code of the checkpoint beside what it is, and the lines to sign on. */
function endOf(paper: Paper, { checkpoint, checkpointLines, signatures }: InspectionRecord): Block {
  const left = MARGIN + CODE_SIDE + 14
  const lines = checkpointLines.flatMap((text) => paper.wrap(text, paper.width - MARGIN - left, SIZE - 1))
  const codeHeight = Math.max(CODE_SIDE, lines.length * (LINE - 1)) + 18
  return {
    height: codeHeight + signatures.length * 34 + 10,
    draw: (y) => {
      // The mark of a simulation lies behind it.
      paper.fill(MARGIN, y + 10, CODE_SIDE, CODE_SIDE, 1)
      paper.modules(qrModules(checkpoint), MARGIN, y + 10, CODE_SIDE)
      for (const [line, text] of lines.entries())
        paper.text(text, left, y + 12 + line * (LINE - 1), SIZE - 1, 0.2)
      for (const [position, text] of signatures.entries()) {
        const at = y + codeHeight + position * 34 + 18
        paper.text(text, MARGIN, at, 10)
        const from = MARGIN + Math.max(150, paper.measure(text, 10) + 8)
        paper.fill(from, at + 11, 190, 0.6, 0)
        paper.text('日期', from + 204, at, 10)
        paper.fill(from + 230, at + 11, paper.width - MARGIN - from - 230, 0.6, 0)
      }
    },
  }
}

function paginate(blocks: readonly Block[], room: number): Block[][] {
  const pages: Block[][] = [[]]
  let used = 0
  for (const [position, block] of blocks.entries()) {
    const next = block.withNext === true ? (blocks[position + 1]?.height ?? 0) : 0
    if (used > 0 && used + block.height + next > room) {
      pages.push([])
      used = 0
    }
    pages.at(-1)?.push(block)
    used += block.height
  }
  return pages
}
