import { NextStep } from '../parts/next-step.tsx'
import { PersonLine } from '../parts/person-line.tsx'
import { ReaderPicture } from '../parts/reader-picture.tsx'
import { useWindow } from '../window-context.ts'

/** The card is being read: a second in which it must not be lifted. */
export function ReadingScreen() {
  const { texts } = useWindow()
  return (
    <main className="scene reading" data-screen="reading">
      <div className="picture">
        <ReaderPicture act="read" />
      </div>
      <div className="words">
        <h1>
          {texts.reading.title}
          <span className="dots" aria-hidden="true">
            <i />
            <i />
            <i />
          </span>
        </h1>
        <NextStep icon="still" words={texts.reading.next} />
        <PersonLine />
      </div>
    </main>
  )
}
