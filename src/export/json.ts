import type { Report } from './table.ts'

/**
 * A report as JSON: the document that other software reads (`hours`, `claims`) where there is one, else the tables
 * with what they were made from. Indented by two, a line feed at the end.
 */
export function reportJson(report: Report): Uint8Array {
  const { title, subject, simulated, edition, notes, ledger, tables } = report
  const whole = report.document ?? { title, subject, simulated, edition, notes, ledger, tables }
  return new TextEncoder().encode(`${JSON.stringify(whole, null, 2)}\n`)
}
