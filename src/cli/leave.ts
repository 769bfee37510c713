import { Fault } from '../common/fault.ts'
import type { OfficeWork } from '../station/office-work.ts'
import { defaultDataFolder, EXIT, readOptions } from './command.ts'
import { printEntered } from './correct.ts'
import { need, performDeskWork, twoSigners } from './desk.ts'

export const usage =
  'shidao leave --class ID --person ID --session ID [--session …] --kind personal|sick|official --reason TEXT --by ACTOR --second ACTOR [--data DIR]'

/** Grants leave for whole sessions, by two people. PINs: SHIDAO_PIN, SHIDAO_SECOND_PIN, or asked for. */
export async function run(words: readonly string[]): Promise<number> {
  const { values } = readOptions(words, {
    class: { type: 'string' },
    person: { type: 'string' },
    session: { type: 'string', multiple: true, default: [] },
    kind: { type: 'string' },
    reason: { type: 'string' },
    by: { type: 'string' },
    second: { type: 'string' },
    data: { type: 'string' },
    json: { type: 'boolean', default: false },
  })
  const { kind } = values
  if (kind !== 'personal' && kind !== 'sick' && kind !== 'official') {
    throw new Fault('USAGE_VALUE', '--kind is personal, sick or official')
  }
  const leave: Extract<OfficeWork, { readonly act: 'leave.grant' }>['leave'] = {
    class: need(values.class, '--class ID'),
    person: need(values.person, '--person ID'),
    sessions: values.session,
    kind,
    reason: need(values.reason, '--reason'),
  }
  const signers = await twoSigners(values, 'leave')
  const dir = values.data ?? defaultDataFolder()
  printEntered(values.json, await performDeskWork(dir, { act: 'leave.grant', leave, signers }))
  return EXIT.yes
}
