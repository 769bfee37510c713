import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Fault } from '../common/fault.ts'
import { writeWholeFile } from '../export/write-file.ts'
import { REPORT_WORKDAYS } from '../inspect/visit-findings.ts'
import type { LeftFile } from '../station/visit-work.ts'
import { EXIT, positiveInteger, printAnswer, readOptions } from './command.ts'
import { need } from './desk.ts'
import { ask, folderOf } from './inspect-desk.ts'

/**
 * `inspect report`: the report on a closed visit, or with `--record` its printed record (检查笔录). What leaves the station
 * is recorded first, as with every export.
 */
export async function report(words: readonly string[]): Promise<number> {
  const { values } = readOptions(words, {
    visit: { type: 'string' },
    format: { type: 'string', default: 'pdf' },
    out: { type: 'string' },
    masked: { type: 'boolean', default: false },
    record: { type: 'boolean', default: false },
    workdays: { type: 'string', default: String(REPORT_WORKDAYS) },
    data: { type: 'string' },
    json: { type: 'boolean', default: false },
  })
  const visit = need(values.visit, '--visit ID')
  const out = need(values.out, '--out FILE')
  const workdays = positiveInteger(values.workdays, '--workdays')
  const { masked, record } = values
  const format = (['pdf', 'json'] as const).find((known) => known === values.format)
  if (format === undefined || (record && format !== 'pdf'))
    throw new Fault('EXPORT_FORMAT_UNSUPPORTED', 'a report is pdf or json, a record is pdf')
  const dir = folderOf(values)
  const made = await ask(dir, { act: 'visit.report', visit, record, format, masked, workdays })
  const left = takeOut(dir, made, out)
  const { due, card, findings, simulated } = made
  const kind = record ? 'visit-record' : 'visit-report'
  printAnswer(values.json, { visit, kind, format, ...left, due, card, findings }, [
    ...(simulated ? ['SIMULATED 模拟: none of this is anybody’s attendance'] : []),
    `${out}  ${left.bytes} bytes`,
    `due ${due.date ?? 'unknown: no calendar for that year'}, ${due.workdays} working days after the visit`,
    `${findings} findings, card by the headcount: ${card ?? 'no rule or no headcount'}`,
  ])
  return EXIT.yes
}

/** `inspect file`: a visit's one file, once more. */
export async function file(words: readonly string[]): Promise<number> {
  const { values } = readOptions(words, {
    visit: { type: 'string' },
    out: { type: 'string' },
    data: { type: 'string' },
    json: { type: 'boolean', default: false },
  })
  const visit = need(values.visit, '--visit ID')
  const out = need(values.out, '--out FILE')
  const dir = folderOf(values)
  const left = takeOut(dir, await ask(dir, { act: 'visit.file', visit }), out)
  printAnswer(values.json, { visit, ...left }, [`${out}  ${left.bytes} bytes`, `sha256 ${left.sha256}`])
  return EXIT.yes
}

/** Copies what was left beside the station's data, if it is what the ledger says. `EXPORT_WRITE`. */
function takeOut(dir: string, { folder, file: { name, sha256 }, event }: LeftFile, out: string) {
  const bytes = readFileSync(join(dir, folder, name))
  if (createHash('sha256').update(bytes).digest('hex') !== sha256) {
    throw new Fault('EXPORT_WRITE', 'the station’s file is not what it recorded')
  }
  writeWholeFile(out, bytes)
  return { file: out, bytes: bytes.length, sha256, event }
}
