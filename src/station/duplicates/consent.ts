import { type CheckContext, refusedBecause } from '../check-context.ts'

/** Shorter than other questions: a queue waits, and silence is an answer. */
const ANSWER_MS = 20_000

/**
 * The second question, with a notice of its own: may this face be compared inside the class? Recorded either way; silence
 * and a cancel are a no. A yes counts only if it names this purpose: a second tap on the first
 * question's yes is none.
 */
export async function askDuplicateConsent(
  person: string,
  notice: string,
  context: CheckContext,
  signal: AbortSignal,
): Promise<boolean> {
  const { display, answers, recorder, policy } = context
  const waitMs = Math.min(policy.answerMs, ANSWER_MS)
  const ends = Date.now() + waitMs
  answers.clear()
  display.show({ screen: 'consent', noticeVersion: notice, until: ends })
  let granted = false
  for (;;) {
    const answer = await answers.wait(Math.max(0, ends - Date.now()), signal)
    if (answer?.command.type === 'consent' && answer.command.granted) {
      if (answer.command.purpose !== 'duplicates') {
        answer.reply(refusedBecause('consent', 'STATION_NOT_NOW'))
        continue
      }
      granted = true
    }
    // A station that stops has not been answered: it asks again another day.
    if (signal.aborted) return false
    recorder.append({ type: 'consent', data: { person, purpose: 'duplicates', granted, notice } })
    answer?.reply(null)
    display.show({ noticeVersion: context.noticeVersion })
    return granted
  }
}
