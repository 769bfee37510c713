import type { Verdict } from '../../station/protocol.ts'
import { adviceFor } from '../advice.ts'
import { fill } from '../i18n/languages.ts'
import type { Texts } from '../i18n/texts.ts'
import { Countdown } from '../parts/countdown.tsx'
import { NextStep } from '../parts/next-step.tsx'
import { VerdictSign } from '../parts/verdict-sign.tsx'
import { useWindow } from '../window-context.ts'

/** What became of it: a sign of its own shape and colour, the words, whose card, one reason, one thing to do. */
export function VerdictScreen() {
  const { snapshot, texts } = useWindow()
  const { person, direction, message, messageValues } = snapshot
  const verdict = snapshot.verdict ?? 'refused'
  const told = message === null ? null : adviceFor(message, texts)
  const reason = told === null || verdict === 'witnessed' ? null : texts.advice[told.advice]
  return (
    <main className={`verdict verdict-${verdict}`} data-screen="verdict" data-verdict={verdict}>
      <VerdictSign verdict={verdict} />
      <div className="words">
        <h1>{texts.verdict[verdict][direction]}</h1>
        {person !== null && (
          <p className="verdict-person">
            <span className="person-name" lang="zh-CN">
              {person.name}
            </span>
            <span className="person-number">{person.number}</span>
          </p>
        )}
        {reason !== null && <p className="reason">{fill(reason.say, messageValues)}</p>}
        {told?.shownCode != null && (
          <p className="code">
            {texts.error.code} <code>{told.shownCode}</code>
          </p>
        )}
        <NextStep
          icon={verdict === 'refused' ? 'hand' : direction}
          words={nextOf(verdict, direction, reason?.next ?? null, texts)}
        />
      </div>
      <Countdown />
    </main>
  )
}

/** A refusal's next step is its reason's; whoever may go in is told where to go, whatever the reason. */
function nextOf(verdict: Verdict, direction: 'in' | 'out', ofReason: string | null, texts: Texts): string {
  switch (verdict) {
    case 'verified':
    case 'witnessed':
      return texts.verdict.nextVerified[direction]
    case 'doubtful':
      return texts.verdict.nextDoubtful[direction]
    case 'already':
      return texts.verdict.nextAlready[direction]
    case 'refused':
      return ofReason ?? texts.verdict.nextRefused
  }
}
