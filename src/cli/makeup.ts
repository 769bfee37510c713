import { defaultDataFolder, EXIT, readOptions } from './command.ts'
import { printEntered } from './correct.ts'
import { need, performDeskWork, twoSigners } from './desk.ts'
import { parseSession } from './session-option.ts'

export const usage =
  'shidao makeup --class ID --session 2026-03-09T08:30/2026-03-09T11:30 --replaces SESSION --person ID [--person …] --reason TEXT --by ACTOR --second ACTOR [--data DIR]'

/** Adds a session for people who missed another one, by two people. PINs: SHIDAO_PIN, SHIDAO_SECOND_PIN, or asked for. */
export async function run(words: readonly string[]): Promise<number> {
  const { values } = readOptions(words, {
    class: { type: 'string' },
    session: { type: 'string' },
    replaces: { type: 'string' },
    person: { type: 'string', multiple: true, default: [] },
    reason: { type: 'string' },
    by: { type: 'string' },
    second: { type: 'string' },
    data: { type: 'string' },
    json: { type: 'boolean', default: false },
  })
  const session = parseSession(need(values.session, '--session'))
  const makeUp = {
    class: need(values.class, '--class ID'),
    session: { ...session, id: `makeup-${session.id}` },
    replaces: need(values.replaces, '--replaces SESSION'),
    people: values.person,
    reason: need(values.reason, '--reason'),
  }
  const signers = await twoSigners(values, 'makeup')
  const dir = values.data ?? defaultDataFolder()
  printEntered(values.json, await performDeskWork(dir, { act: 'makeup.schedule', makeUp, signers }))
  return EXIT.yes
}
