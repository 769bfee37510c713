import type { VisitAnswers } from '../../station/protocol.ts'
import { RowWords } from '../office/choice-list.tsx'
import { Paged } from '../office/paged.tsx'
import { useWindow } from '../window-context.ts'
import { VisitPage } from './visit-page.tsx'

/** The classes of this station, the present one first. */
export function ClassesPage(page: {
  readonly classes: VisitAnswers['visit.classes']['classes'] | null
  readonly code: string | null
  readonly onChosen: (id: string) => void
  readonly onBack: () => void
}) {
  const { texts } = useWindow()
  const { title, next, isNow, isOpen, none } = texts.visit.classes
  const rows = (page.classes ?? []).map((one) => (
    <button
      key={one.id}
      type="button"
      className={one.isNow ? 'button office-row office-good' : 'button office-row'}
      data-choice={one.id}
      onClick={() => page.onChosen(one.id)}
    >
      <RowWords
        lead={one.title}
        detail={[one.id, one.isNow ? isNow : '', one.visit === null ? '' : isOpen]
          .filter(Boolean)
          .join(' · ')}
      />
    </button>
  ))
  const sentence = page.classes === null ? texts.office.field.loading : rows.length === 0 ? none : next
  return (
    <VisitPage
      name={page.classes === null && page.code === null ? 'loading' : 'classes'}
      title={title}
      next={sentence}
      code={page.code}
      onBack={page.onBack}
    >
      <Paged rows={rows} room="most" />
    </VisitPage>
  )
}
