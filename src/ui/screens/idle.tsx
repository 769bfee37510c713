import { scannerAdvice } from '../advice.ts'
import { Icon } from '../parts/icon.tsx'
import { NextStep } from '../parts/next-step.tsx'
import { ReaderPicture } from '../parts/reader-picture.tsx'
import { useWindow } from '../window-context.ts'

/** Waiting for the next person: place your card. Without a class or a reader it says so instead. */
export function IdleScreen() {
  const { snapshot, texts } = useWindow()
  const { session, reader, scanner, direction, counts } = snapshot
  const trouble = reader === 'ok' ? (session === null ? 'no-session' : null) : 'reader-lost'
  const noScanner =
    scanner === null || scanner.health === 'ok' ? null : texts.advice[scannerAdvice(scanner.code)]
  if (trouble !== null) {
    const { say, next } = texts.advice[trouble]
    return (
      <main className="scene idle" data-screen="idle">
        <div className="sign sign-quiet">
          <Icon name={trouble === 'no-session' ? 'clock' : 'plug'} />
        </div>
        <div className="words">
          <h1>{say}</h1>
          <NextStep words={next} />
        </div>
      </main>
    )
  }
  return (
    <main className={`scene idle idle-${direction}`} data-screen="idle">
      <div className="picture">
        <ReaderPicture act="place" />
      </div>
      <div className="words">
        <h1>{texts.idle.title[direction]}</h1>
        <NextStep icon="card" words={texts.idle.next} />
        {noScanner !== null && (
          <p className="aside" data-part="scanner">
            <Icon name="scanner" />
            <span>
              <strong>{noScanner.say}</strong> <span>{noScanner.next}</span>
            </span>
          </p>
        )}
        <dl className="counts">
          <Count words={texts.idle.expected} people={counts.expected} />
          <Count words={texts.idle.present} people={counts.present} />
          {counts.doubtful > 0 && <Count words={texts.idle.doubtful} people={counts.doubtful} />}
        </dl>
      </div>
    </main>
  )
}

function Count({ words, people }: { readonly words: string; readonly people: number }) {
  return (
    <div className="count">
      <dt>{words}</dt>
      <dd>{people}</dd>
    </div>
  )
}
