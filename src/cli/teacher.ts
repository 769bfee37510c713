import { Fault } from '../common/fault.ts'
import type { OfficeWork } from '../station/office-work.ts'
import { defaultDataFolder, EXIT, printAnswer, readWords } from './command.ts'
import { firstSigner, need, performDeskWork } from './desk.ts'

export const usage = `shidao teacher in|out --class ID --by ACTOR [--substitutes ACTOR] [--data DIR]   a teacher or a substitute signs, with their own PIN
shidao teacher list --class ID [--data DIR] [--json]           hours taught`

/** Teachers sign in and out themselves; their hours are listed and never among the trainees'. */
export async function run(words: readonly string[]): Promise<number> {
  const { values, positionals } = readWords(1, words, {
    class: { type: 'string' },
    by: { type: 'string' },
    substitutes: { type: 'string' },
    data: { type: 'string' },
    json: { type: 'boolean', default: false },
  })
  const dir = values.data ?? defaultDataFolder()
  const id = need(values.class, '--class ID')
  const [action = 'list'] = positionals
  if (action === 'in' || action === 'out') {
    const { substitutes = null } = values
    const by = await firstSigner(need(values.by, '--by ACTOR'))
    const work: OfficeWork = { act: 'teacher.sign', class: id, direction: action, substitutes, by }
    await performDeskWork(dir, work)
  } else if (action !== 'list') throw new Fault('USAGE_TEACHER', 'teacher takes: in, out, or list')
  const listed = await performDeskWork(dir, { act: 'list', of: 'teachers', class: id })
  const { teachers } = listed as { teachers: readonly { actor: string; ms: number }[] }
  const lines = teachers.map(({ actor, ms }) => `${actor}  ${Math.floor(ms / 60_000)} minutes`)
  printAnswer(values.json, listed, lines)
  return EXIT.yes
}
