import { Fault } from '../common/fault.ts'
import { defaultDataFolder, EXIT, positiveInteger, printAnswer, readOptions } from './command.ts'
import { need, performDeskWork, twoSigners } from './desk.ts'
import { parseTime } from './session-option.ts'

export const usage = `shidao correct --class ID --session ID --person ID (--in TIME | --out TIME | --void RECORD) --reason TEXT
               --by ACTOR --second ACTOR [--data DIR] [--json]     adds a missing time, or takes a record out of the count`

/** One correction, appended; TIME is 2026-03-02T08:30 in China. PINs: SHIDAO_PIN, SHIDAO_SECOND_PIN, or asked for. */
export async function run(words: readonly string[]): Promise<number> {
  const { values } = readOptions(words, {
    class: { type: 'string' },
    session: { type: 'string' },
    person: { type: 'string' },
    in: { type: 'string' },
    out: { type: 'string' },
    void: { type: 'string' },
    reason: { type: 'string' },
    by: { type: 'string' },
    second: { type: 'string' },
    data: { type: 'string' },
    json: { type: 'boolean', default: false },
  })
  const { in: came, out: went, void: voids } = values
  if ([came, went, voids].filter((given) => given !== undefined).length !== 1) {
    throw new Fault('USAGE_CORRECT', 'a correction is one of --in TIME, --out TIME, --void RECORD')
  }
  const time = came ?? went
  const direction = came === undefined ? ('out' as const) : ('in' as const)
  const correction = {
    class: need(values.class, '--class ID'),
    session: need(values.session, '--session ID'),
    person: need(values.person, '--person ID'),
    add: time === undefined ? null : { direction, at: parseTime(time) },
    void: voids === undefined ? null : positiveInteger(voids, '--void'),
    reason: need(values.reason, '--reason'),
  }
  const signers = await twoSigners(values, 'correct')
  const dir = values.data ?? defaultDataFolder()
  const done = await performDeskWork(dir, { act: 'attendance.correct', correction, signers })
  printEntered(values.json, done)
  return EXIT.yes
}

/** What every manual act answers; an alarm is on stderr too. */
export function printEntered(json: boolean, done: unknown): void {
  const { index, overCap } = done as { index: number; overCap: boolean }
  if (overCap) process.stderr.write('ALARM this goes beyond what the rule pack allows by hand in a month\n')
  printAnswer(json, done, [`recorded as event ${index}`])
}
