import { Fault } from '../common/fault.ts'
import { defaultDataFolder, EXIT, positiveInteger, printAnswer, readWords } from './command.ts'
import { firstSigner, need, performDeskWork } from './desk.ts'

export const usage = `shidao check list --class ID [--data DIR] [--json]             random checks: committed before, called when the plan says, revealed after
shidao check answer --class ID --call N --person ID --result seen|not-seen|cannot-verify --by ACTOR [--data DIR]`

/** Replays the checks of a class (exit 1 when one was broken), or enters what a member of the staff saw during a call. */
export async function run(words: readonly string[]): Promise<number> {
  const { values, positionals } = readWords(1, words, {
    class: { type: 'string' },
    call: { type: 'string' },
    person: { type: 'string' },
    result: { type: 'string' },
    by: { type: 'string' },
    data: { type: 'string' },
    json: { type: 'boolean', default: false },
  })
  const dir = values.data ?? defaultDataFolder()
  const id = need(values.class, '--class ID')
  const [action = 'list'] = positionals
  if (action === 'answer') {
    const { result } = values
    if (result !== 'seen' && result !== 'not-seen' && result !== 'cannot-verify') {
      throw new Fault('USAGE_VALUE', '--result is seen, not-seen or cannot-verify')
    }
    const call = positiveInteger(need(values.call, '--call N'), '--call')
    const person = need(values.person, '--person ID')
    const by = await firstSigner(need(values.by, '--by ACTOR'))
    const done = await performDeskWork(dir, { act: 'check.answer', class: id, call, person, result, by })
    printAnswer(values.json, done, ['recorded'])
    return EXIT.yes
  }
  if (action !== 'list') throw new Fault('USAGE_CHECK', 'check takes: list, or answer')
  const listed = await performDeskWork(dir, { act: 'list', of: 'checks', class: id })
  const { checks } = listed as { checks: readonly Replayed[] }
  const lines = checks.map(
    ({ session, state, called, problems }) =>
      `${session}  ${state}  called ${called.length} times  ${problems.join('; ')}`,
  )
  printAnswer(values.json, listed, lines.length === 0 ? ['no checks were committed'] : lines)
  return checks.some(({ state }) => state === 'broken') ? EXIT.no : EXIT.yes
}

interface Replayed {
  readonly session: string
  readonly state: string
  readonly called: readonly unknown[]
  readonly problems: readonly string[]
}
