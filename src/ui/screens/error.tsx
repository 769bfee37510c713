import { adviceFor } from '../advice.ts'
import { fill } from '../i18n/languages.ts'
import { Icon } from '../parts/icon.tsx'
import { NextStep } from '../parts/next-step.tsx'
import { useWindow } from '../window-context.ts'

/** A fault: one sentence, one thing to do, and the code that staff look up. */
export function ErrorScreen() {
  const { snapshot, texts } = useWindow()
  const { advice, shownCode } = adviceFor(snapshot.message ?? '', texts)
  const { say, next } = texts.advice[advice]
  return (
    <main className="scene error" data-screen="error">
      <div className="sign sign-warning">
        <Icon name="alert" />
      </div>
      <div className="words">
        <h1>{fill(say, snapshot.messageValues)}</h1>
        <NextStep words={fill(next, snapshot.messageValues)} />
        {shownCode !== null && shownCode !== '' && (
          <p className="code">
            {texts.error.code} <code>{shownCode}</code>
          </p>
        )}
      </div>
    </main>
  )
}
