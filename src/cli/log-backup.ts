import { Fault } from '../common/fault.ts'
import { backUp } from '../ledger/backup.ts'
import { defaultDataFolder, EXIT, printAnswer, readWords } from './command.ts'

export const usage = `shidao log backup --out FILE [--data DIR] [--json]
                 ledger and sealed records in one verified file, without any key; the station may run`

/** `shidao log backup`. */
export function backup(words: readonly string[]): number {
  const { values, positionals } = readWords(Number.POSITIVE_INFINITY, words, {
    data: { type: 'string' },
    out: { type: 'string' },
    json: { type: 'boolean', default: false },
  })
  if (values.out === undefined || positionals.length > 0) {
    throw new Fault('USAGE_LOG', 'log backup takes --out FILE')
  }
  const answer = backUp(values.data ?? defaultDataFolder(), values.out)
  printAnswer(values.json, { ...answer, file: values.out }, [
    `${answer.size} events and ${answer.records} sealed records in ${values.out}, verified; no key is in it`,
  ])
  return EXIT.yes
}
