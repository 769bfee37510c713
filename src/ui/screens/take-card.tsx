import { NextStep } from '../parts/next-step.tsx'
import { ReaderPicture } from '../parts/reader-picture.tsx'
import { useWindow } from '../window-context.ts'

/** The card still lies on the reader: a card left behind is somebody's evening spoilt. */
export function TakeCardScreen() {
  const { texts } = useWindow()
  return (
    <main className="scene take-card" data-screen="take-card">
      <div className="picture">
        <ReaderPicture act="take" />
      </div>
      <div className="words">
        <h1>{texts.takeCard.title}</h1>
        <NextStep icon="people" words={texts.takeCard.next} />
      </div>
    </main>
  )
}
