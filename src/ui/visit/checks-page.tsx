import { useState } from 'react'
import type { VisitPerson, VisitState } from '../../station/protocol.ts'
import { fill } from '../i18n/languages.ts'
import { RowWords } from '../office/choice-list.tsx'
import { Paged } from '../office/paged.tsx'
import { useWindow } from '../window-context.ts'
import { CheckCard } from './check-card.tsx'
import type { FactsAnswer } from './use-facts.ts'
import { VisitPage } from './visit-page.tsx'

/** The people drawn, in the order in which they are called: each on a card of their own, then all in a list. */
export function ChecksPage(page: {
  readonly classId: string
  readonly facts: FactsAnswer
  readonly visit: VisitState
  readonly onLook: (person: string, check: VisitPerson['check']) => void
  readonly onBack: () => void
}) {
  const { texts } = useWindow()
  const words = texts.visit.check
  const people = new Map(page.facts.people.map((one) => [one.person, one]))
  const drawn = page.visit.order.flatMap((person) => people.get(person) ?? [])
  const [chosen, setChosen] = useState<string | null>(null)
  const [isListing, setIsListing] = useState(false)
  const current = chosen ?? drawn.find(({ check }) => check === null)?.person ?? null
  const place = drawn.findIndex(({ person }) => person === current)
  const person = drawn[place]

  if (person !== undefined && !isListing) {
    return (
      <CheckCard
        key={person.person}
        classId={page.classId}
        person={person}
        title={fill(words.title, { place: place + 1, of: drawn.length })}
        onLook={(check) => {
          setChosen(null)
          page.onLook(person.person, check)
        }}
        onList={() => setIsListing(true)}
        onBack={page.onBack}
      />
    )
  }
  const rows = drawn.map((one, at) => (
    <button
      key={one.person}
      type="button"
      className={`button office-row ${one.check === null ? '' : one.check.result === 'seen' ? 'office-good' : 'office-bad'}`}
      data-choice={one.person}
      onClick={() => {
        setChosen(one.person)
        setIsListing(false)
      }}
    >
      <RowWords
        lead={`${at + 1} · ${one.name} ${one.number}`}
        detail={words.results[one.check?.result ?? 'left']}
      />
    </button>
  ))
  return (
    <VisitPage name="checks" title={words.list} next={words.listNext} onBack={page.onBack}>
      <Paged rows={rows} room="most" />
    </VisitPage>
  )
}
