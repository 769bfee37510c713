import type { UnusualPattern } from '../../station/protocol.ts'
import { fill } from '../i18n/languages.ts'
import { RowWords } from '../office/choice-list.tsx'
import { Paged } from '../office/paged.tsx'
import { useWindow } from '../window-context.ts'
import { VisitPage } from './visit-page.tsx'

/** What makes a class's records unusual, each with its points; never a verdict. */
export function PatternPage(page: { readonly pattern: UnusualPattern | null; readonly onBack: () => void }) {
  const { texts } = useWindow()
  const { title, next, points, features } = texts.visit.pattern
  const words = new Map<string, string>(Object.entries(features))
  const rows = (page.pattern?.features ?? []).map((feature) => (
    <p key={feature.name} className="office-fact" data-feature={feature.name} title={feature.explanation}>
      <RowWords
        lead={words.get(feature.name) ?? feature.name}
        detail={fill(points, { points: feature.points })}
      />
    </p>
  ))
  return (
    <VisitPage name="pattern" title={title} next={next} onBack={page.onBack}>
      <Paged rows={rows} room="most" />
    </VisitPage>
  )
}
