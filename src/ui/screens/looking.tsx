import { hintFor } from '../advice.ts'
import type { HintCode } from '../i18n/texts.ts'
import { CancelButton } from '../parts/cancel-button.tsx'
import { Countdown } from '../parts/countdown.tsx'
import { Icon, type IconName } from '../parts/icon.tsx'
import { LivePicture } from '../parts/live-picture.tsx'
import { PersonLine } from '../parts/person-line.tsx'
import { RefusalLine } from '../parts/refusal-line.tsx'
import { useWindow } from '../window-context.ts'

/** Live picture, an oval, and one sentence: what to do so that the face can be compared. */
export function LookingScreen() {
  const { snapshot, texts } = useWindow()
  const hint = hintFor(snapshot.hint, texts)
  const good = hint === 'hold-still'
  return (
    <main className="looking" data-screen="looking">
      <LivePicture good={good} />
      <div className="words">
        <p className={good ? 'hint hint-good' : 'hint'} data-hint={hint ?? 'other'} aria-live="polite">
          <Icon name={hint === null ? 'face' : HINT_ICONS[hint]} />
          <span>{hint === null ? texts.looking.title : texts.hints[hint]}</span>
        </p>
        <p className="aside">{texts.looking.once}</p>
        <PersonLine />
        <RefusalLine />
        <CancelButton />
      </div>
      <Countdown />
    </main>
  )
}

const HINT_ICONS: Readonly<Record<HintCode, IconName>> = {
  'hold-still': 'check',
  'no-face': 'person',
  'several-faces': 'people',
  'too-small': 'nearer',
  'at-edge': 'face',
  turned: 'turn',
  restarting: 'alert',
  covered: 'face',
  blurred: 'still',
  'too-dark': 'moon',
  'too-bright': 'sun',
}
