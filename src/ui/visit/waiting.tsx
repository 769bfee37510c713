import type { VisitPerson } from '../../station/protocol.ts'
import { LivePicture } from '../parts/live-picture.tsx'
import { ReaderPicture } from '../parts/reader-picture.tsx'
import { useWindow } from '../window-context.ts'
import { PersonFacts } from './person-facts.tsx'
import { VisitPage } from './visit-page.tsx'

/** The door's reader or camera is lent to the inspector: hold a card, or look here. */
export function Waiting(waiting: {
  readonly by: 'card' | 'face'
  readonly title: string
  readonly person: VisitPerson | null
}) {
  const { texts } = useWindow()
  const { waitCard, waitFace } = texts.visit.check
  return (
    <VisitPage
      name="waiting"
      title={waiting.title}
      next={waiting.by === 'card' ? waitCard : waitFace}
      onBack={null}
    >
      {waiting.person !== null && <PersonFacts person={waiting.person} />}
      <div className="visit-waiting">
        {waiting.by === 'card' ? <ReaderPicture act="place" /> : <LivePicture good={false} />}
      </div>
    </VisitPage>
  )
}
