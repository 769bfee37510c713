import { Fault } from '../common/fault.ts'
import { unwrap } from '../common/result.ts'
import { replayDraw } from '../inspect/replay.ts'
import { parseVkey } from '../ledger/note.ts'
import { EXIT, printAnswer, readWords } from './command.ts'
import { readSmall } from './inspect-desk.ts'
import { powerLines } from './inspect-draw.ts'

/** `inspect replay`: `{ok, …}` as `DrawReplay`, or with `problem` and exit 1. Needs no station and no network. */
export async function replay(words: readonly string[]): Promise<number> {
  const { values, positionals } = readWords(Number.POSITIVE_INFINITY, words, {
    station: { type: 'string' },
    json: { type: 'boolean', default: false },
  })
  const [file, ...rest] = positionals
  if (file === undefined || rest.length > 0) throw new Fault('USAGE_FILE', 'inspect replay takes one FILE')
  const outside = values.station === undefined ? {} : { key: unwrap(parseVkey(values.station)) }
  const replayed = replayDraw(readSmall(file), outside)
  if (!replayed.ok) {
    const { code, message } = replayed.fault
    printAnswer(values.json, { ok: false, problem: { code, detail: message } }, ['NOT OK'])
    process.stderr.write(`${code} ${message}\n`)
    return EXIT.no
  }
  const answer = replayed.value
  const { k, n, order, power, committed, drawn } = answer
  printAnswer(values.json, { ok: true, ...answer, problem: null }, [
    ...(answer.simulated ? ['SIMULATED 模拟: nobody of these exists'] : []),
    `OK: ${k} of ${n} of class ${answer.class}, the same people in the same order`,
    ...order.map((person, i) => `${i + 1}  ${person}`),
    ...powerLines(power, k, n),
    `committed at event ${committed.index}, ${committed.time}; drawn at event ${drawn.index}, ${drawn.time}`,
    ...(answer.commitmentSeen
      ? []
      : ['no commitment was named with the nonce: nothing shows which came first']),
    answer.trust === 'key'
      ? 'trust key: signed by the station whose key you gave'
      : 'trust self: the file vouches for its own key; give --station with the key that you know',
  ])
  return EXIT.yes
}
