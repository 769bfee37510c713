import PDFDocument from 'pdfkit'
import type { LedgerState } from '../table.ts'
import { readFont } from './font.ts'

/**
 * A PDF that grows page by page, text in points from the top left. Same calls, same bytes: its dates are the ledger's
 * newest record and its id follows from its title and that date.
 */
export class Paper {
  readonly #document: PDFKit.PDFDocument
  readonly #chunks: Uint8Array[] = []
  readonly #ended: Promise<void>
  /** Of a character at one point. */
  readonly #widths = new Map<string, number>()
  readonly #printed = new Map<string, string>()
  width = 0
  height = 0

  constructor(title: string, ledger: LedgerState) {
    const date = new Date(ledger.newest)
    this.#document = new PDFDocument({
      autoFirstPage: false,
      lang: 'zh-CN',
      displayTitle: true,
      info: { Title: title, Creator: 'shidao', Producer: 'shidao', CreationDate: date, ModDate: date },
    })
    this.#document.registerFont('text', readFont()).font('text')
    this.#document.on('data', (chunk: Uint8Array) => this.#chunks.push(chunk))
    this.#ended = new Promise((resolve, reject) => {
      this.#document.on('end', resolve).on('error', reject)
    })
  }

  addPage(layout: 'portrait' | 'landscape'): void {
    this.#document.addPage({ size: 'A4', layout, margin: 0 })
    ;({ width: this.width, height: this.height } = this.#document.page)
  }

  /** One line, never wrapped; `grey` from 0 (black) to 1. */
  text(text: string, x: number, y: number, size: number, grey = 0): void {
    if (text === '') return
    const shade = Math.round(grey * 255)
    this.#document
      .fillColor([shade, shade, shade])
      .fontSize(size)
      .text(this.#printable(text), x, y, { lineBreak: false })
  }

  /** A filled rectangle. */
  fill(x: number, y: number, width: number, height: number, grey: number): void {
    const shade = Math.round(grey * 255)
    this.#document.rect(x, y, width, height).fill([shade, shade, shade])
  }

  /** Outlines of cells, drawn together. */
  boxes(boxes: readonly (readonly [x: number, y: number, width: number, height: number])[]): void {
    for (const box of boxes) this.#document.rect(...box)
    this.#document.lineWidth(0.4).stroke([150, 150, 150])
  }

  /** A symbol of square modules, `side` points wide. */
  modules(rows: readonly (readonly boolean[])[], x: number, y: number, side: number): void {
    const module = side / rows.length
    for (const [row, dark] of rows.entries()) {
      for (let column = 0; column < dark.length; column++) {
        if (!dark[column]) continue
        const from = column
        while (dark[column + 1]) column++
        this.#document.rect(x + from * module, y + row * module, (column + 1 - from) * module, module)
      }
    }
    this.#document.fill([0, 0, 0])
  }

  /** Width of a line in points. */
  measure(text: string, size: number): number {
    return this.#sum([...this.#printable(text)]) * size
  }

  /** The lines of a text, none wider than `width` points: broken between any two Chinese characters, but not inside a word. Never empty. */
  wrap(text: string, width: number, size: number): string[] {
    const characters = [...this.#printable(text)]
    const lines: string[] = []
    let from = 0
    let used = 0
    for (let at = 0; at < characters.length; at++) {
      const more = this.#widthOf(characters[at] ?? '') * size
      if (at > from && used + more > width) {
        const end = breakBefore(characters, from, at)
        lines.push(characters.slice(from, end).join(''))
        from = end
        used = this.#sum(characters.slice(from, at)) * size
      }
      used += more
    }
    return [...lines, characters.slice(from).join('')]
  }

  async bytes(): Promise<Uint8Array> {
    this.#document.end()
    await this.#ended
    return Buffer.concat(this.#chunks)
  }

  #sum(characters: readonly string[]): number {
    return characters.reduce((width, character) => width + this.#widthOf(character), 0)
  }

  #widthOf(character: string): number {
    const known = this.#widths.get(character)
    if (known !== undefined) return known
    const width = this.#document.fontSize(100).widthOfString(character) / 100
    this.#widths.set(character, width)
    return width
  }

  /** A character that the font lacks, as in some names, stands as its code point: an empty box would hide who is meant. */
  #printable(text: string): string {
    const known = this.#printed.get(text)
    if (known !== undefined) return known
    const { font } = (this.#document as unknown as DocumentFont)._font
    const printable = [...text.replace(/\p{Cc}/gu, ' ')]
      .map((character) => {
        const point = character.codePointAt(0) ?? 0
        return font.hasGlyphForCodePoint(point) ? character : `〔U+${point.toString(16).toUpperCase()}〕`
      })
      .join('')
    if (text.length <= CACHED_LENGTH) this.#printed.set(text, printable)
    return printable
  }
}

/** The last place after `from` and not after `at` where a line may end; `at` itself where there is none. */
function breakBefore(characters: readonly string[], from: number, at: number): number {
  for (let end = at; end > from; end--) {
    const before = characters[end - 1] ?? ''
    const after = characters[end] ?? ''
    const splitsWord = IN_WORD.test(before) && IN_WORD.test(after)
    if (!splitsWord && !OPENING.test(before) && !CLOSING.test(after)) return end
  }
  return at
}

const IN_WORD = /[\w.:/+=-]/
const OPENING = /[（〔“]/
const CLOSING = /[，。；：、）〕”,;)%]/

/** Short texts (marks, states, dates) come again and again. */
const CACHED_LENGTH = 32

/** What pdfkit's types leave out. */
interface DocumentFont {
  readonly _font: { readonly font: { hasGlyphForCodePoint(point: number): boolean } }
}
