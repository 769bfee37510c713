import { Fault } from '../common/fault.ts'
import { defaultDataFolder, EXIT, printAnswer, readWords } from './command.ts'
import { firstSigner, need, performDeskWork } from './desk.ts'

export const usage = `shidao lane forgotten|temporary|withheld|broken --class ID --person ID --by ACTOR [--data DIR]   a trainee came without a card that can be read
shidao lane list --class ID [--data DIR] [--json]              how often, and who needs a supervisor next time`

/** Counts cards that were missing. It signs nobody in: where the station runs, the person is called to its camera. */
export async function run(words: readonly string[]): Promise<number> {
  const { values, positionals } = readWords(1, words, {
    class: { type: 'string' },
    person: { type: 'string' },
    by: { type: 'string' },
    data: { type: 'string' },
    json: { type: 'boolean', default: false },
  })
  const dir = values.data ?? defaultDataFolder()
  const id = need(values.class, '--class ID')
  const [lane = 'list'] = positionals
  if (lane === 'forgotten' || lane === 'temporary' || lane === 'withheld' || lane === 'broken') {
    const person = need(values.person, '--person ID')
    const by = await firstSigner(need(values.by, '--by ACTOR'))
    await performDeskWork(dir, { act: 'card.missing', class: id, person, lane, by })
  } else if (lane !== 'list') {
    throw new Fault('USAGE_LANE', 'lane takes: forgotten, temporary, withheld, broken, or list')
  }
  const listed = await performDeskWork(dir, { act: 'list', of: 'cards', class: id })
  const { cards } = listed as { cards: readonly Listed[] }
  const lines = cards.map(
    ({ name, count, lanes, supervisorNext }) =>
      `${name ?? '–'}  ${count}  ${lanes.join(', ')}${supervisorNext ? '  next time by a supervisor' : ''}`,
  )
  printAnswer(values.json, listed, lines)
  return EXIT.yes
}

interface Listed {
  readonly name: string | null
  readonly count: number
  readonly lanes: readonly string[]
  readonly supervisorNext: boolean
}
