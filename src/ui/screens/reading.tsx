import { adviceFor } from '../advice.ts'
import { NextStep } from '../parts/next-step.tsx'
import { PersonLine } from '../parts/person-line.tsx'
import { ReaderPicture } from '../parts/reader-picture.tsx'
import { useWindow } from '../window-context.ts'

/**
 * The card is being read: a second in which it must not be lifted. With a message, something else takes its time, which
 * the message says.
 */
export function ReadingScreen() {
  const { snapshot, texts } = useWindow()
  const other = snapshot.message === null ? null : texts.advice[adviceFor(snapshot.message, texts).advice]
  return (
    <main className="scene reading" data-screen="reading">
      <div className="picture">
        <ReaderPicture act="read" />
      </div>
      <div className="words">
        <h1>
          {other?.say ?? texts.reading.title}
          <span className="dots" aria-hidden="true">
            <i />
            <i />
            <i />
          </span>
        </h1>
        <NextStep icon="still" words={other?.next ?? texts.reading.next} />
        <PersonLine />
      </div>
    </main>
  )
}
