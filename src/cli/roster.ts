import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import {
  type ColumnMap,
  columnMap,
  parseRosterFile,
  type RosterError,
  type RosterRow,
} from '../attendance/roster-file.ts'
import { parseCitizenNumber } from '../cards/codec/citizen-number.ts'
import { maskName, maskNumber } from '../cards/mask.ts'
import { tokenNumber } from '../cards/reader.ts'
import { Fault } from '../common/fault.ts'
import { failed, ok, type Result, unwrap } from '../common/result.ts'
import { startFaceEngine } from '../face/engine.ts'
import { systemClock } from '../station/clock.ts'
import { openStation } from '../station/data-folder.ts'
import { voucherLink } from '../station/selection.ts'
import { addToRoster, type RosterPerson } from '../station/setup.ts'
import { Staff } from '../station/staff.ts'
import { defaultDataFolder, EXIT, printAnswer, readOptions } from './command.ts'
import * as codes from './roster-codes.ts'
import { secret } from './staff.ts'

export const usage = `shidao roster import FILE --preview [--map FILE] [--json]                     what would be imported, or every bad line
shidao roster import FILE --class ID --by ACTOR [--reason TEXT] [--map FILE] [--data DIR] [--json]   the PIN is asked for, or SHIDAO_PIN
${codes.usage}`

/** `roster codes` has a file of its own. Imports all trainees of a CSV or none; every bad line is named. Names and numbers are shown masked. */
export async function run(words: readonly string[]): Promise<number> {
  if (words[0] === 'codes') return codes.run(words.slice(1))
  const { values, positionals } = readOptions(words, {
    class: { type: 'string' },
    by: { type: 'string' },
    reason: { type: 'string', default: '导入花名册' },
    map: { type: 'string' },
    preview: { type: 'boolean', default: false },
    data: { type: 'string' },
    json: { type: 'boolean', default: false },
  })
  const [action, file, ...rest] = positionals
  if (action !== 'import' || file === undefined || rest.length > 0) {
    throw new Fault('USAGE_ROSTER', 'roster takes: import FILE, or codes')
  }
  const { class: classId, by, preview } = values
  if (!preview && (classId === undefined || by === undefined)) {
    throw new Fault('USAGE_ROSTER', 'roster import takes --preview, or --class ID and --by ACTOR')
  }
  const columns = values.map === undefined ? {} : { columns: readColumnMap(values.map) }
  const parsed = parseRosterFile(readBytes(file), { parseNumber: parseCitizenNumber, ...columns })
  const people = parsed.ok ? await withPortraits(parsed.value, dirname(file)) : parsed
  if (!people.ok) return refuse(values.json, people.fault)

  let persons: readonly string[] = []
  if (!preview && classId !== undefined && by !== undefined) {
    persons = await importPeople(values.data ?? defaultDataFolder(), classId, people.value, {
      reason: values.reason,
      by,
    })
  }
  const rows = people.value.map(({ name, number, portrait }, index) => ({
    person: persons[index] ?? null,
    name: maskName(name),
    number: maskNumber(number),
    portrait: portrait !== null,
  }))
  const lines = rows.map(({ name, number, portrait }) => `${number}  ${portrait ? '照片' : '    '}  ${name}`)
  const done = preview ? `${rows.length} trainees can be imported` : `${rows.length} trainees imported`
  printAnswer(values.json, { ok: true, imported: !preview, rows, errors: [] }, [...lines, done])
  return EXIT.yes
}

async function importPeople(
  dir: string,
  classId: string,
  people: readonly RosterPerson[],
  change: { reason: string; by: string },
): Promise<readonly string[]> {
  const data = openStation(dir, { clock: systemClock() })
  try {
    const opened = [...data.ledger.events()].some(
      ({ event }) => event.type === 'class.opened' && event.data.class === classId,
    )
    if (!opened) throw new Fault('ROSTER_CLASS_UNKNOWN', `no class "${classId}" in this ledger`)
    const pin = await secret('SHIDAO_PIN', 'PIN: ')
    const signed = { reason: change.reason, by: { actor: change.by, pin } }
    return unwrap(addToRoster(data, new Staff(data), classId, people, signed))
  } finally {
    data.close()
  }
}

/** A negative answer: with `--json` every bad line on stdout, and always the first one on stderr. */
function refuse(json: boolean, errors: readonly RosterError[]): number {
  if (json) printAnswer(true, { ok: false, imported: false, rows: [], errors }, [])
  const [first] = errors
  if (first !== undefined) {
    const place = first.line === null ? 'file' : `line ${first.line}`
    const more = errors.length > 1 ? `; ${errors.length - 1} more, --json lists them` : ''
    process.stderr.write(`${first.code} ${place}: ${first.message}; nothing was imported${more}\n`)
  }
  return EXIT.no
}

/** Portraits are read and tried before anything is imported: one that nobody could be compared with stops the file. */
async function withPortraits(
  rows: readonly RosterRow[],
  folder: string,
): Promise<Result<readonly RosterPerson[], readonly RosterError[]>> {
  const engine = rows.some(({ portrait }) => portrait !== null) ? await startFaceEngine() : null
  const errors: RosterError[] = []
  const people: RosterPerson[] = []
  try {
    for (const { line, name, number, portrait, voucher, cardCode } of rows) {
      const image = portrait === null ? null : readPortrait(join(folder, portrait))
      if (portrait !== null && image === null) {
        errors.push({ line, code: 'ROSTER_PORTRAIT_MISSING', message: 'the portrait file cannot be read' })
        continue
      }
      const found = image === null ? null : await engine?.template(image, 'portrait')
      if (found?.ok === false) {
        errors.push({ line, code: 'ROSTER_PORTRAIT_INVALID', message: found.fault.message })
        continue
      }
      people.push({ name, number, portrait: image, links: linksOf(voucher, cardCode) })
    }
  } finally {
    await engine?.close()
  }
  return errors.length > 0 ? failed(errors) : ok(people)
}

function linksOf(voucher: string | null, identificationCode: string | null): string[] {
  return [
    ...(voucher === null ? [] : [voucherLink(voucher)]),
    ...(identificationCode === null ? [] : [tokenNumber({ identificationCode })]),
  ]
}

function readPortrait(path: string): Uint8Array | null {
  try {
    return readFileSync(path)
  } catch {
    return null
  }
}

function readColumnMap(path: string): ColumnMap {
  try {
    return columnMap.parse(JSON.parse(readFileSync(path, 'utf8')))
  } catch (cause) {
    throw new Fault('ROSTER_MAP', `${path} is not a column map`, { cause })
  }
}

function readBytes(path: string): Uint8Array {
  try {
    return readFileSync(path)
  } catch (cause) {
    throw new Fault('ROSTER_FILE', `cannot read ${path}`, { cause })
  }
}
