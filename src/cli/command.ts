import { homedir } from 'node:os'
import { join } from 'node:path'
import { type ParseArgsOptionsConfig, parseArgs } from 'node:util'
import { Fault } from '../common/fault.ts'

/** Exit codes of every command: done or yes, the answer is no or the input is bad, used wrongly. */
export const EXIT = { yes: 0, no: 1, usage: 2 } as const

/** One `shidao …` command: a thin skin over the modules. Throws a `Fault`, which `main` prints as one line. */
export interface CommandModule {
  readonly usage: string
  run(words: readonly string[]): Promise<number>
}

/** Parses the options of a command that takes no other words. Anything unknown or missing is `USAGE_OPTION`. */
export function readOptions<T extends ParseArgsOptionsConfig>(words: readonly string[], options: T) {
  return readWords(0, words, options)
}

/** The same for a command that takes up to `most` words besides; whoever says the rest in better words passes infinity. */
export function readWords<T extends ParseArgsOptionsConfig>(
  most: number,
  words: readonly string[],
  options: T,
) {
  const parsed = parse(words, options)
  const extra = parsed.positionals[most]
  if (extra === undefined) return parsed
  throw new Fault('USAGE_OPTION', `"${extra}" is a word too many; did an option's name get lost?`)
}

function parse<T extends ParseArgsOptionsConfig>(words: readonly string[], options: T) {
  try {
    return parseArgs({ args: [...words], options, allowPositionals: true, strict: true })
  } catch (cause) {
    throw new Fault('USAGE_OPTION', (cause as Error).message.split('\n')[0] ?? 'bad option', { cause })
  }
}

/** Where a station's data lies without `--data`: the user's data folder, by each system's custom. */
export function defaultDataFolder(): string {
  if (process.platform === 'win32') return join(process.env.LOCALAPPDATA ?? homedir(), 'Shidao')
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'Shidao')
  return join(process.env.XDG_DATA_HOME ?? join(homedir(), '.local', 'share'), 'shidao')
}

/** A whole positive number from an option, or `USAGE_NUMBER`. */
export function positiveInteger(text: string, option: string): number {
  if (/^[1-9][0-9]{0,8}$/.test(text)) return Number(text)
  throw new Fault('USAGE_NUMBER', `${option} takes a whole number above zero`)
}

/** The command's one answer: a JSON document with `--json`, else lines for people. */
export function printAnswer(json: boolean, document: unknown, lines: readonly string[]): void {
  process.stdout.write(json ? `${JSON.stringify(document, null, 2)}\n` : `${lines.join('\n')}\n`)
}
