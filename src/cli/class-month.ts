import { civilDate } from '../common/civil-time.ts'
import { defaultDataFolder, EXIT, printAnswer, readWords } from './command.ts'
import { need, performDeskWork, twoSigners } from './desk.ts'

export const usage = `shidao class month ID [--data DIR] [--json]                     its months: closed, changed since, what is open in them
shidao class month ID --month 2026-03 [--reason TEXT] --by ACTOR --second ACTOR   closes one; a reason only where something is open still`

/** Lists a class's months, after closing one where `--month` names it. PINs: SHIDAO_PIN, SHIDAO_SECOND_PIN, or asked for. */
export async function month(words: readonly string[]): Promise<number> {
  const { values, positionals } = readWords(1, words, {
    month: { type: 'string' },
    reason: { type: 'string' },
    by: { type: 'string' },
    second: { type: 'string' },
    data: { type: 'string' },
    json: { type: 'boolean', default: false },
  })
  const id = need(positionals[0], 'ID')
  const dir = values.data ?? defaultDataFolder()
  if (values.month !== undefined) {
    const { month: closed, reason = null } = values
    const signers = await twoSigners(values, 'class month')
    await performDeskWork(dir, { act: 'month.close', class: id, month: closed, reason, signers })
  }
  const listed = await performDeskWork(dir, { act: 'list', of: 'months', class: id })
  const { months } = listed as { months: readonly ListedMonth[] }
  const lines = months.map(
    ({ month: name, sessions, doubts, ahead, closed }) =>
      `${name}  ${sessions} sessions, ${ahead} ahead, ${doubts} doubtful  ${standing(closed)}`,
  )
  printAnswer(values.json, { class: id, months }, lines)
  return EXIT.yes
}

interface ListedMonth {
  readonly month: string
  readonly sessions: number
  readonly doubts: number
  readonly ahead: number
  readonly closed: { readonly at: number; readonly event: number; readonly changed: boolean } | null
}

function standing(closed: ListedMonth['closed']): string {
  if (closed === null) return 'not closed'
  const changed = closed.changed ? ', changed after closing' : ''
  return `closed ${civilDate(closed.at)} by event ${closed.event}${changed}`
}
