import type { Progress, Report } from '../table.ts'
import { drawCertificate } from './certificate-page.ts'
import { drawFrame } from './frame.ts'
import { Paper } from './paper.ts'
import { drawTablePage, tablePages } from './table-pages.ts'

/**
 * A report as PDF: its certificates, a page each, or else its tables and facts on A4 across. The typeface is embedded,
 * every page says what it was made from, which edition it is and whether it is simulated. Same input, same bytes.
 * Throws the font's faults and `EXPORT_QR_LENGTH`.
 */
export async function pdfBytes(report: Report, onProgress: Progress = () => {}): Promise<Uint8Array> {
  const paper = new Paper(`${report.title} ${report.subject}`, report.ledger)
  if (report.certificates === undefined) await drawTables(paper, report, onProgress)
  else await drawCertificates(paper, report, report.certificates, onProgress)
  return paper.bytes()
}

async function drawTables(paper: Paper, report: Report, onProgress: Progress): Promise<void> {
  paper.addPage('landscape')
  const pages = [...report.tables, report.facts].flatMap((table) => tablePages(paper, table))
  for (const [position, page] of pages.entries()) {
    if (position > 0) paper.addPage('landscape')
    drawFrame(paper, report, page.heading, position + 1, pages.length)
    drawTablePage(paper, page)
    await step(position + 1, pages.length, onProgress)
  }
}

async function drawCertificates(
  paper: Paper,
  report: Report,
  certificates: NonNullable<Report['certificates']>,
  onProgress: Progress,
): Promise<void> {
  // The report's notes are about all people, and a certificate is about one.
  const frame = { ...report, notes: [] }
  for (const [position, certificate] of certificates.entries()) {
    paper.addPage('portrait')
    drawFrame(paper, frame, report.title, position + 1, certificates.length)
    drawCertificate(paper, certificate)
    await step(position + 1, certificates.length, onProgress)
  }
  if (certificates.length === 0) paper.addPage('portrait')
}

/** Tells how far it is and lets others have a turn, so that a window stays alive. */
async function step(done: number, total: number, onProgress: Progress): Promise<void> {
  if (done % PAGES_A_TURN !== 0 && done !== total) return
  onProgress(done, total)
  await new Promise((resolve) => setImmediate(resolve))
}

const PAGES_A_TURN = 25
