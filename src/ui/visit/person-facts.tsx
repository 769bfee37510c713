import type { VisitPerson } from '../../station/protocol.ts'
import { fill } from '../i18n/languages.ts'
import { Icon } from '../parts/icon.tsx'
import { useWindow } from '../window-context.ts'

/** A person of the class, masked, with what the log says of them and where their portrait comes from. */
export function PersonFacts({ person }: { readonly person: VisitPerson }) {
  const { texts } = useWindow()
  const { records, doubtful } = texts.visit.check
  const portrait = fill(texts.visit.facts.portraits[person.portrait], {})
  return (
    <div className="visit-person">
      <p className="visit-name">
        <Icon name="person" />
        <span lang="zh-CN">{person.name}</span>
        <span className="visit-digits">{person.number}</span>
      </p>
      <p className={`visit-line visit-record-${person.record}`} data-record={person.record}>
        {person.doubtful ? `${records[person.record]} · ${doubtful}` : records[person.record]} · {portrait}
      </p>
    </div>
  )
}
