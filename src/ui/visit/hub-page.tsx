import type { VisitState } from '../../station/protocol.ts'
import { fill } from '../i18n/languages.ts'
import { RowWords } from '../office/choice-list.tsx'
import { Icon, type IconName } from '../parts/icon.tsx'
import { useWindow } from '../window-context.ts'
import type { FactsAnswer } from './use-facts.ts'
import { VisitPage } from './visit-page.tsx'

export type HubPlace = 'draw' | 'checks' | 'headcount' | 'reverse' | 'close'

/** Where an open visit stands: what is done, and what is still to do, the next of it named. */
export function HubPage(page: {
  readonly facts: FactsAnswer
  readonly visit: VisitState
  /** Why the newest state could not be read. */
  readonly code: string | null
  readonly onPlace: (place: HubPlace) => void
  readonly onBack: () => void
}) {
  const { texts } = useWindow()
  const words = texts.visit.hub
  const { order, headcount, found } = page.visit
  const looks = new Map(page.facts.people.map(({ person, check }) => [person, check]))
  const checked = order.filter((person) => looks.get(person) != null).length
  const next: keyof typeof words.next =
    order.length > checked
      ? 'checks'
      : headcount === null
        ? order.length === 0
          ? 'draw'
          : 'headcount'
        : order.length === 0
          ? 'draw'
          : 'close'
  const counted = headcount === null ? undefined : fill(words.counted, { count: headcount })
  const doors: readonly (readonly [HubPlace, IconName, string, string | undefined])[] = [
    order.length === 0
      ? ['draw', 'purpose', words.draw, undefined]
      : ['checks', 'witness', words.draw, fill(words.drawn, { checked, drawn: order.length })],
    ['headcount', 'people', words.headcount, counted],
    [
      'reverse',
      'person',
      words.reverse,
      found.length === 0 ? undefined : fill(words.found, { count: found.length }),
    ],
    ['close', 'check', words.close, undefined],
  ]
  return (
    <VisitPage
      name="hub"
      title={page.facts.facts.title}
      next={words.next[next]}
      code={page.code}
      onBack={page.onBack}
    >
      <div className="office-rows">
        {doors.map(([place, icon, lead, detail]) => (
          <button
            key={place}
            type="button"
            className={place === next ? 'button office-row visit-main' : 'button office-row'}
            data-visit={place}
            onClick={() => page.onPlace(place)}
          >
            <Icon name={icon} />
            <RowWords lead={lead} detail={detail} />
          </button>
        ))}
      </div>
    </VisitPage>
  )
}
