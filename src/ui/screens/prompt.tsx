import { CancelButton } from '../parts/cancel-button.tsx'
import { Countdown } from '../parts/countdown.tsx'
import { Icon } from '../parts/icon.tsx'
import { LivePicture } from '../parts/live-picture.tsx'
import { PersonLine } from '../parts/person-line.tsx'
import { PromptPicture } from '../parts/prompt-picture.tsx'
import { RefusalLine } from '../parts/refusal-line.tsx'
import { useWindow } from '../window-context.ts'

/** One movement, shown large, and another way for whoever can't do it. */
export function PromptScreen() {
  const { snapshot, texts, send } = useWindow()
  const { prompt } = snapshot
  if (prompt === null) return <main className="looking prompt" data-screen="prompt" />
  const { kind, step, of } = prompt
  return (
    <main className="looking prompt" data-screen="prompt">
      <div className="prompt-stage">
        <PromptPicture key={`${kind} ${step}`} kind={kind} />
        <LivePicture good />
      </div>
      <div className="words">
        <p className="hint" data-prompt={kind} aria-live="assertive">
          <span>{texts.prompt.kinds[kind]}</span>
          <span className="prompt-step" role="img" aria-label={`${step}/${of}`}>
            {Array.from({ length: of }, (_, i) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the dots are their own order
              <i key={i} className={i < step ? 'dot-done' : ''} />
            ))}
          </span>
        </p>
        <PersonLine />
        <RefusalLine />
        <button
          type="button"
          className="button button-quiet"
          data-answer="cannot"
          onClick={() => send({ type: 'cannot' })}
        >
          <Icon name="hand" />
          {texts.prompt.cannot}
        </button>
        <CancelButton />
      </div>
      <Countdown />
    </main>
  )
}
