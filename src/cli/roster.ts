import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseRosterFile, type RosterError, type RosterRow } from '../attendance/roster-file.ts'
import { parseCitizenNumber } from '../cards/codec/citizen-number.ts'
import { maskName, maskNumber } from '../cards/mask.ts'
import { civilDate } from '../common/civil-time.ts'
import { Fault } from '../common/fault.ts'
import { type Result, unwrap } from '../common/result.ts'
import { type FaceEngine, startFaceEngine } from '../face/engine.ts'
import { systemClock } from '../station/clock.ts'
import { isTooYoung } from '../station/face-law.ts'
import { readColumnMap, withPortraits } from '../station/roster-import.ts'
import type { RosterPerson } from '../station/setup.ts'
import { defaultDataFolder, EXIT, printAnswer, readOptions, readWords } from './command.ts'
import { firstSigner, need, performDeskWork } from './desk.ts'
import * as codes from './roster-codes.ts'

export const usage = `shidao roster import FILE --dry-run [--map FILE] [--json]                     what would be imported, or every bad line
shidao roster import FILE --class ID --by ACTOR [--reason TEXT] [--map FILE] [--data DIR] [--json]   xlsx or csv; the PIN is asked for, or SHIDAO_PIN
shidao roster change --class ID --remove PERSON [--remove …] --reason TEXT --by ACTOR [--data DIR] [--json]
${codes.usage}`

/** `roster codes` has a file of its own. Imports all trainees of an xlsx or CSV file or none; every bad line is named. Names and numbers are shown masked. */
export async function run(words: readonly string[]): Promise<number> {
  if (words[0] === 'codes') return codes.run(words.slice(1))
  if (words[0] === 'change') return change(words.slice(1))
  const { values, positionals } = readWords(Number.POSITIVE_INFINITY, words, {
    class: { type: 'string' },
    by: { type: 'string' },
    reason: { type: 'string', default: '导入花名册' },
    map: { type: 'string' },
    preview: { type: 'boolean', default: false },
    'dry-run': { type: 'boolean', default: false },
    data: { type: 'string' },
    json: { type: 'boolean', default: false },
  })
  const [action, file, ...rest] = positionals
  if (action !== 'import' || file === undefined || rest.length > 0) {
    throw new Fault('USAGE_ROSTER', 'roster takes: import FILE, change, or codes')
  }
  const { class: classId, by } = values
  const preview = values.preview || values['dry-run']
  if (!preview && (classId === undefined || by === undefined)) {
    throw new Fault('USAGE_ROSTER', 'roster import takes --dry-run, or --class ID and --by ACTOR')
  }
  const columns =
    values.map === undefined
      ? {}
      : { columns: unwrap(readColumnMap(Buffer.from(readBytes(values.map)).toString('utf8'))) }
  const parsed = parseRosterFile(readBytes(file), {
    parseNumber: parseCitizenNumber,
    isTooYoung: (number) => isTooYoung(number, civilDate(systemClock().now().wall)),
    ...columns,
  })
  const people = parsed.ok ? await besideFile(parsed.value, dirname(file)) : parsed
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
  const rows = people.map(({ name, number, portrait, links = [] }) => ({
    ...{ name, number, links: [...links] },
    portrait: portrait === null ? null : Buffer.from(portrait).toString('base64'),
  }))
  const { reason } = change
  const by = await firstSigner(change.by)
  const done = await performDeskWork(dir, { act: 'roster.add', class: classId, people: rows, reason, by })
  return (done as { persons: readonly string[] }).persons
}

/** Takes people off a roster, with a reason; what was recorded of them stays. */
async function change(words: readonly string[]): Promise<number> {
  const { values } = readOptions(words, {
    class: { type: 'string' },
    remove: { type: 'string', multiple: true, default: [] },
    reason: { type: 'string' },
    by: { type: 'string' },
    data: { type: 'string' },
    json: { type: 'boolean', default: false },
  })
  const classId = need(values.class, '--class ID')
  const reason = need(values.reason, '--reason')
  const by = await firstSigner(need(values.by, '--by ACTOR'))
  const people = values.remove
  const dir = values.data ?? defaultDataFolder()
  const done = await performDeskWork(dir, { act: 'roster.remove', class: classId, people, reason, by })
  printAnswer(values.json, done, [`${people.length} trainees taken off the roster of ${classId}`])
  return EXIT.yes
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

/** Portraits lie beside the file, and the engine that tries them is started for them only. */
async function besideFile(
  rows: readonly RosterRow[],
  folder: string,
): Promise<Result<readonly RosterPerson[], readonly RosterError[]>> {
  let engine: FaceEngine | null = null
  const start = async () => {
    engine ??= await startFaceEngine()
    return engine
  }
  try {
    const pictureOf = ({ portrait }: RosterRow) =>
      portrait === null ? null : readPortrait(join(folder, portrait))
    return await withPortraits(rows, pictureOf, start)
  } finally {
    await (engine as FaceEngine | null)?.close()
  }
}

function readPortrait(path: string): Uint8Array | null {
  try {
    return readFileSync(path)
  } catch {
    return null
  }
}

function readBytes(path: string): Uint8Array {
  try {
    return readFileSync(path)
  } catch (cause) {
    throw new Fault('ROSTER_FILE', `cannot read ${path}`, { cause })
  }
}
