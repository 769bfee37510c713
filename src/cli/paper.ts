import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { parseCsv } from '../attendance/csv-records.ts'
import { Fault } from '../common/fault.ts'
import { defaultDataFolder, EXIT, readOptions } from './command.ts'
import { printEntered } from './correct.ts'
import { need, performDeskWork, twoSigners } from './desk.ts'
import { optionalFile, parseTime } from './session-option.ts'

export const usage =
  'shidao paper --class ID --session ID --entries CSV --sheet SCAN --reason TEXT --by ACTOR --second ACTOR [--data DIR]   CSV: person,in,out'

/**
 * Enters a sheet that was signed on paper while the kiosk was dead; of its scan only the hash is recorded. The CSV has a
 * header and lines `person,in,out` with times like 2026-03-02T08:30, empty for none. Nothing is entered if a line is wrong.
 */
export async function run(words: readonly string[]): Promise<number> {
  const { values } = readOptions(words, {
    class: { type: 'string' },
    session: { type: 'string' },
    entries: { type: 'string' },
    sheet: { type: 'string' },
    reason: { type: 'string' },
    by: { type: 'string' },
    second: { type: 'string' },
    data: { type: 'string' },
    json: { type: 'boolean', default: false },
  })
  const paper = {
    class: need(values.class, '--class ID'),
    session: need(values.session, '--session ID'),
    sheet: digestOf(need(values.sheet, '--sheet SCAN')),
    entries: readEntries(optionalFile(need(values.entries, '--entries CSV')) ?? ''),
    reason: need(values.reason, '--reason'),
  }
  const signers = await twoSigners(values, 'paper')
  const dir = values.data ?? defaultDataFolder()
  printEntered(values.json, await performDeskWork(dir, { act: 'paper.enter', paper, signers }))
  return EXIT.yes
}

function readEntries(text: string) {
  const [, ...lines] = parseCsv(text).records
  return lines.map(({ fields: [person = '', came = '', went = ''] }) => ({
    person: person.trim(),
    in: came.trim() === '' ? null : parseTime(came.trim()),
    out: went.trim() === '' ? null : parseTime(went.trim()),
  }))
}

function digestOf(path: string): string {
  try {
    return createHash('sha256').update(readFileSync(path)).digest('hex')
  } catch (cause) {
    throw new Fault('USAGE_FILE', `cannot read ${path}`, { cause })
  }
}
