import { fill } from '../i18n/languages.ts'
import { useWindow } from '../window-context.ts'
import { NumberPad } from './number-pad.tsx'
import { useDoing } from './use-doing.ts'
import { VisitPage } from './visit-page.tsx'
import { useSeat } from './visit-seat.ts'

/** The inspector's own count of the people in the room. */
export function HeadcountPage(page: {
  readonly classId: string
  readonly onDone: () => void
  readonly onBack: () => void
}) {
  const { texts } = useWindow()
  const { mark } = useSeat()
  const { code, run } = useDoing()
  const { title, next, people } = texts.visit.headcount
  const record = (count: number): void =>
    run(async () => {
      await mark(page.classId, { act: 'visit.headcount', count })
      page.onDone()
    })
  return (
    <VisitPage name="headcount" title={title} next={next} code={code} onBack={page.onBack} isBeside>
      <NumberPad most={MOST} words={(count) => fill(people, { count })} onDone={record} />
    </VisitPage>
  )
}

/** Of the protocol's `visit.headcount`. */
const MOST = 5000
