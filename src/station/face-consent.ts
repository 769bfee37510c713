import { type CardFacts, keepCardFacts } from './card-facts.ts'
import type { CheckContext } from './check-context.ts'

/**
 * Whether somebody agrees to the face check. Asked once; the answer is recorded before anything is done with a picture.
 * Null when nobody answers.
 */
export async function askFaceConsent(
  person: string,
  { roll, display, answers, policy, recorder, noticeVersion }: CheckContext,
  signal: AbortSignal,
): Promise<boolean | null> {
  const given = roll.consent(person)
  if (given !== null) return given
  answers.clear()
  display.show({ screen: 'consent', until: Date.now() + policy.answerMs })
  const answer = await answers.wait(policy.answerMs, signal)
  if (answer === null) return null
  if (answer.command.type !== 'consent') {
    answer.reply(null)
    return null
  }
  const { granted } = answer.command
  recorder.append({ type: 'consent', data: { person, purpose: 'face', granted, notice: noticeVersion } })
  answer.reply(null)
  return granted
}

/** Keeps what a fairness report needs of a card, only of somebody who agreed to the notice that says so. */
export function keepAgreedCardFacts(
  person: string,
  facts: CardFacts,
  { cardFacts = false, roll, noticeVersion, data }: CheckContext,
): void {
  if (cardFacts && roll.agreedNotice(person) === noticeVersion) keepCardFacts(data.side, person, facts)
}
