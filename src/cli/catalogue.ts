import { Fault } from '../common/fault.ts'
import { defaultDataFolder, EXIT, printAnswer, readWords } from './command.ts'
import { firstSigner, need, performDeskWork, twoSigners } from './desk.ts'
import { optionalFile } from './session-option.ts'

export const usage = `shidao catalogue show [--data DIR] [--json]                    what institutions, occupations and levels are allowed
shidao catalogue import FILE --key VKEY --by ACTOR [--data DIR]   a signed note; its signature is checked with that key
shidao catalogue import FILE --by ACTOR --second ACTOR            a text that nobody signed: two people say that it is what was published`

/** Takes a published catalogue into use, or shows those that are. PINs: SHIDAO_PIN, SHIDAO_SECOND_PIN, or asked for. */
export async function run(words: readonly string[]): Promise<number> {
  const { values, positionals } = readWords(2, words, {
    key: { type: 'string' },
    by: { type: 'string' },
    second: { type: 'string' },
    data: { type: 'string' },
    json: { type: 'boolean', default: false },
  })
  const [action = 'show', file] = positionals
  const dir = values.data ?? defaultDataFolder()
  if (action === 'import') {
    const text = optionalFile(need(file, 'FILE')) ?? ''
    const { key: vkey = null } = values
    const signers =
      vkey === null
        ? await twoSigners(values, 'an unsigned catalogue')
        : [await firstSigner(need(values.by, '--by ACTOR'))]
    await performDeskWork(dir, { act: 'catalogue.import', text, vkey, signers })
  } else if (action !== 'show') throw new Fault('USAGE_CATALOGUE', 'catalogue takes: show, or import FILE')
  const listed = await performDeskWork(dir, { act: 'list', of: 'catalogues', class: null })
  const { catalogues } = listed as { catalogues: readonly Listed[] }
  const lines = catalogues.map(
    ({ id, title, from, to, vkey, institutions, occupations }) =>
      `${id}  ${title}  ${from}–${to ?? ''}  ${institutions.length} institutions, ${occupations.length} occupations  ${vkey ?? 'not signed'}`,
  )
  printAnswer(values.json, { catalogues }, lines)
  return EXIT.yes
}

interface Listed {
  readonly id: string
  readonly title: string
  readonly from: string
  readonly to: string | null
  readonly vkey: string | null
  readonly institutions: readonly unknown[]
  readonly occupations: readonly unknown[]
}
