import { Fault } from '../common/fault.ts'
import { restore as restoreBackup } from '../ledger/restore.ts'
import { EXIT, printAnswer, readWords } from './command.ts'

export const usage = `shidao log restore FILE --data DIR [--json]
                 puts a backup's ledger into a folder that has none; says whether the station can go on with it`

/** `shidao log restore`. */
export function restore(words: readonly string[]): number {
  const { values, positionals } = readWords(Number.POSITIVE_INFINITY, words, {
    data: { type: 'string' },
    json: { type: 'boolean', default: false },
  })
  const [file, ...more] = positionals
  if (file === undefined || more.length > 0 || values.data === undefined) {
    throw new Fault('USAGE_LOG', 'log restore takes one backup file and --data DIR')
  }
  const answer = restoreBackup(file, values.data)
  const { size, records, recordsInBackup, key, newerSize } = answer
  printAnswer(values.json, { ...answer, data: values.data }, [
    `${size} events, verified; ${records} of ${recordsInBackup} sealed records, as many as have keys here`,
    key
      ? `the station’s key is here${newerSize === null ? ': it goes on with this ledger, unless somebody saw a newer one' : ''}`
      : 'the station’s key is not here: the ledger can be read and verified, not continued',
    ...(newerSize === null
      ? []
      : [`this station had signed ${newerSize} events: it will refuse to go on (LEDGER_ROLLED_BACK)`]),
  ])
  return EXIT.yes
}
