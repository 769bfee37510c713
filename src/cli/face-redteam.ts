import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, relative, resolve } from 'node:path'
import { createInterface } from 'node:readline/promises'
import { civilDate } from '../common/civil-time.ts'
import { Fault } from '../common/fault.ts'
import { unwrap } from '../common/result.ts'
import {
  PRESENTED,
  parseInstruments,
  presentedByPath,
  USUAL_INSTRUMENTS,
} from '../face/liveness/redteam/instruments.ts'
import {
  parseRedteamLog,
  parseRedteamPlan,
  REDTEAM_FORMAT,
  type RedteamSetting,
} from '../face/liveness/redteam/log.ts'
import { type JudgedPresentations, redteamRates, sumLogs } from '../face/liveness/redteam/rates.ts'
import { EXIT, positiveInteger, printAnswer, readWords } from './command.ts'
import { filesOf } from './face-liveness.ts'
import { askSetting, askWhatItIs, guide, type Operator } from './redteam-guide.ts'
import { openRedteamSession, type RedteamSession, type Said } from './redteam-session.ts'
import { redteamLines, warningLine } from './redteam-table.ts'

export const redteamUsage = `shidao face redteam [--instruments print,phone,tablet,monitor,paper-mask] [--presentations N] [--bona-fide N]
                    [--from DIR | --plan FILE] [--log FILE | --resume FILE] [--operator MARK] [--camera TEXT] [--distance TEXT]
                    [--light TEXT] [--json]     attacks on the liveness layers, filmed by you: docs/redteam.md
shidao face redteam --sum LOG... [--json]     several sites' logs together`

const OPTIONS = {
  instruments: { type: 'string', default: USUAL_INSTRUMENTS.join(',') },
  presentations: { type: 'string', default: '10' },
  'bona-fide': { type: 'string', default: '30' },
  from: { type: 'string' },
  plan: { type: 'string' },
  log: { type: 'string' },
  resume: { type: 'string' },
  sum: { type: 'boolean', default: false },
  operator: { type: 'string' },
  camera: { type: 'string' },
  distance: { type: 'string' },
  light: { type: 'string' },
  json: { type: 'boolean', default: false },
} as const

/** A file that is not in the log, and why. */
interface FileFault {
  readonly file: string
  readonly code: string
  readonly message: string
}

/** Exit code 0: everything that was given was judged; 1: a file was not, or there was none. */
export async function redteam(words: readonly string[]): Promise<number> {
  const { values, positionals } = readWords(Number.POSITIVE_INFINITY, words, OPTIONS)
  if (values.sum) return await sum(positionals, values.json)
  if (positionals.length > 0) throw new Fault('USAGE_OPTION', `"${positionals[0]}" is a word too many`)
  if (values.from !== undefined && values.plan !== undefined) {
    throw new Fault('USAGE_OPTION', 'face redteam takes --from or --plan')
  }
  const hasTerminal = process.stdin.isTTY === true
  if (!hasTerminal && values.from === undefined && values.plan === undefined) {
    throw new Fault('USAGE_TERMINAL', 'run face redteam at a terminal, or give --from DIR or --plan FILE')
  }
  const given = await filesGiven(values)
  const terminal = hasTerminal ? openTerminal() : null
  try {
    const operator = terminal?.operator ?? null
    const session = await openSession(values, operator)
    try {
      if (given === null) await guide(session, operator!)
      const faults = given === null ? [] : await addFiles(session, given, operator)
      return answer(session, faults, values.json)
    } finally {
      await session.close()
    }
  } finally {
    terminal?.close()
  }
}

type Values = ReturnType<typeof readWords<typeof OPTIONS>>['values']

async function openSession(values: Values, operator: Operator | null): Promise<RedteamSession> {
  const { resume, log, operator: mark, camera, distance, light } = values
  if (resume !== undefined) {
    if ([log, mark, camera, distance, light].some((value) => value !== undefined)) {
      throw new Fault('USAGE_OPTION', 'with --resume the place and the file are those of the log')
    }
    const begun = unwrap(parseRedteamLog(await readBytes(resume)))
    return await openRedteamSession(resume, () => begun)
  }
  const planned = {
    bonaFide: positiveInteger(values['bona-fide'], '--bona-fide'),
    each: positiveInteger(values.presentations, '--presentations'),
    instruments: [...unwrap(parseInstruments(values.instruments))],
  }
  const begun = Date.now()
  const path = log ?? freePath(civilDate(begun))
  if (existsSync(path)) throw new Fault('FACE_FILE', `${path} is there already; go on with --resume ${path}`)
  const isGuided = values.from === undefined && values.plan === undefined
  const given = settingOf(values)
  const setting = isGuided && operator !== null ? await askSetting(operator, given) : given
  return await openRedteamSession(path, (judgedBy) => ({
    ...{ format: REDTEAM_FORMAT, begun, judgedBy, setting, planned, presentations: [] },
  }))
}

function settingOf({ operator, camera, distance, light }: Values): RedteamSetting {
  const said = (text: string | undefined) => text?.trim().slice(0, 200) || null
  return {
    operator: said(operator),
    camera: said(camera),
    distance: said(distance),
    light: said(light),
  }
}

/** A file to judge; `said` is null where the operator has to say what it shows. */
interface GivenFile {
  readonly file: string
  readonly path: string
  readonly said: Said | null
}

/** What `--plan` or `--from` gives, before anything is begun; null for a guided test. */
async function filesGiven({ plan, from }: Values): Promise<readonly GivenFile[] | null> {
  if (plan !== undefined) {
    const entries = unwrap(parseRedteamPlan(await readBytes(plan)))
    return entries.map(({ instrument, description, person, file }) => ({
      ...{ file, path: resolve(dirname(plan), file) },
      said: { presented: instrument, device: description ?? null, person: person ?? null },
    }))
  }
  if (from === undefined) return null
  const paths = await filesOf(from)
  return paths.map((path) => ({
    path,
    file: relative(from, path),
    said: presentedByPath(relative(from, path)),
  }))
}

async function addFiles(
  session: RedteamSession,
  given: readonly GivenFile[],
  operator: Operator | null,
): Promise<readonly FileFault[]> {
  const faults: FileFault[] = []
  for (const { file, path, said } of given) {
    const known = said ?? (operator && (await askWhatItIs(operator, file)))
    const fault = known === null ? UNNAMED : await addFile(session, path, known)
    if (fault !== null) faults.push({ file, ...fault })
  }
  return faults
}

const UNNAMED = {
  code: 'FACE_REDTEAM_UNNAMED',
  message: `its name doesn’t begin with ${PRESENTED.join(', ')}`,
} as const

/** Null when the file is in the log: to resume is to give the same films again. */
async function addFile(session: RedteamSession, path: string, said: Said) {
  const added = await session.add(path, said)
  if (added.ok) return null
  const { code, message } = added.fault
  return code === 'FACE_REDTEAM_DONE' ? null : { code, message }
}

function answer(session: RedteamSession, faults: readonly FileFault[], json: boolean): number {
  const { log, path } = session
  const document = { log: path, setting: log.setting, planned: log.planned, ...figuresOf(log), faults }
  printAnswer(json, document, [
    ...redteamLines(redteamRates(log)),
    ...faults.map(({ file, code, message }) => `! ${file}: ${code} ${message}`),
    `log ${path}; go on with --resume ${path}`,
  ])
  return faults.length === 0 && log.presentations.length > 0 ? EXIT.yes : EXIT.no
}

async function sum(paths: readonly string[], json: boolean): Promise<number> {
  const [first, ...others] = await Promise.all(
    paths.map(async (path) => unwrap(parseRedteamLog(await readBytes(path)))),
  )
  if (first === undefined) throw new Fault('USAGE_FILES', 'face redteam --sum takes the logs')
  const together = unwrap(sumLogs([first, ...others]))
  printAnswer(json, { logs: paths.length, ...figuresOf(together) }, redteamLines(redteamRates(together)))
  return EXIT.yes
}

function figuresOf(judged: JudgedPresentations) {
  const { warnings, ...rates } = redteamRates(judged)
  const said = warnings.map((warning) => ({ ...warning, message: warningLine(warning) }))
  return { judgedBy: judged.judgedBy, ...rates, warnings: said }
}

/** `redteam-2026-03-02.json` in the folder where the command runs, or the first free one after it. */
function freePath(day: string): string {
  for (let number = 1; ; number++) {
    const path = `redteam-${day}${number === 1 ? '' : `-${number}`}.json`
    if (!existsSync(path)) return path
  }
}

/** Questions go to stderr: stdout has the answer alone. */
function openTerminal(): { readonly operator: Operator; close(): void } {
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  const gone = new Promise<null>((resolve) => terminal.once('close', () => resolve(null)))
  const operator: Operator = {
    say: (line) => void process.stderr.write(`${line}\n`),
    ask: (question) => Promise.race([terminal.question(question).catch(() => null), gone]),
  }
  return { operator, close: () => terminal.close() }
}

async function readBytes(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path)
  } catch (cause) {
    throw new Fault('FACE_FILE', `${path} can't be read`, { cause })
  }
}
