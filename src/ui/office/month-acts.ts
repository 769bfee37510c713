import { civilDate } from '../../common/civil-time.ts'
import { fill } from '../i18n/languages.ts'
import { type Act, answerTo, bothOf, type Desk, type Option } from './act.ts'
import { type ClassItem, list, type MonthItem } from './lists.ts'

/** Two people say that a month's hours stand; with something open still they give a reason. */
export function closeMonth({ texts, ask }: Desk, { id }: ClassItem): Act {
  const { ask: questions, reasons, month: words } = texts
  const options = async (): Promise<Option[]> => {
    const { months } = await list(ask, 'months', id)
    return [...months].reverse().map((item) => {
      const { shown, detail, tone } = monthWords(words, item)
      const value = item.doubts + item.ahead > 0 ? `${item.month}${STILL_OPEN}` : item.month
      return { value, shown: `${item.month} · ${shown}`, detail, ...(tone === undefined ? {} : { tone }) }
    })
  }
  return {
    name: 'month.close',
    signers: 2,
    fields: (given) => [
      { kind: 'choice', name: 'month', ask: questions.month, options },
      ...(answerTo(given, 'month').endsWith(STILL_OPEN)
        ? [{ kind: 'text', name: 'reason', ask: questions.reason, suggestions: [reasons.due] } as const]
        : []),
    ],
    work: (given, signers) => ({
      act: 'month.close',
      class: id,
      month: answerTo(given, 'month').replace(STILL_OPEN, ''),
      reason: answerTo(given, 'reason') || null,
      signers: bothOf(signers),
    }),
  }
}

/** How a month stands: closed or not, whether it changed since, and what is open in it. */
export function monthWords(words: Desk['texts']['month'], { doubts, ahead, closed }: MonthItem) {
  const detail = fill(words.left, { doubts, sessions: ahead })
  if (closed === null) return { shown: words.open, detail }
  const day = fill(words.closed, { date: civilDate(closed.at) })
  return closed.changed
    ? { shown: `${day} · ${words.changed}`, detail, tone: 'bad' as const }
    : { shown: day, detail, tone: 'good' as const }
}

/** In the value of a month that is not clear yet. */
const STILL_OPEN = ' open'
