import { Activity, useEffect, useState } from 'react'
import type { VisitAnswers } from '../../station/protocol.ts'
import { useAsked } from '../office/use-asked.ts'
import { useWindow } from '../window-context.ts'
import { ClassVisit } from './class-visit.tsx'
import { ClassesPage } from './classes-page.tsx'
import { PinPage } from './pin-page.tsx'
import type { VisitDoor } from './use-visit-door.ts'
import { useSeat, VisitSeatContext } from './visit-seat.ts'

/** An inspection at this window. While its PIN is asked for, the page that needs it waits as it is. */
export function VisitArea({ door }: { readonly door: VisitDoor }) {
  const { asking } = door
  return (
    <VisitSeatContext value={door.seat}>
      {asking !== null && <PinPage code={asking.code} onPin={door.answer} onBack={() => door.answer(null)} />}
      <Activity mode={asking === null ? 'visible' : 'hidden'}>
        <Places onLeave={door.leave} />
      </Activity>
    </VisitSeatContext>
  )
}

type ClassItem = VisitAnswers['visit.classes']['classes'][number]

/** Which class; straight to the one that has a lesson now. */
function Places({ onLeave }: { readonly onLeave: () => void }) {
  const { texts } = useWindow()
  const [id, setId] = useState<string | null>(null)
  const [hasChosen, setHasChosen] = useState(false)
  const choose = (chosen: string): void => {
    setId(chosen)
    setHasChosen(true)
  }
  if (id === null) return <Classes isFirst={!hasChosen} onChosen={choose} onBack={onLeave} />
  return <ClassVisit key={id} id={id} texts={texts.visit} onBack={() => setId(null)} onLeave={onLeave} />
}

function Classes(classes: {
  /** Nobody chose yet: where there is only one class to choose, it is chosen. */
  readonly isFirst: boolean
  readonly onChosen: (id: string) => void
  readonly onBack: () => void
}) {
  const { ask } = useSeat()
  const { value, code } = useAsked(() => ask({ act: 'visit.classes' }), 'classes')
  const only = classes.isFirst && value !== null ? onlyOneNow(value.classes) : null
  const { onChosen } = classes
  useEffect(() => {
    if (only !== null) onChosen(only)
  }, [only, onChosen])
  const shown = only === null ? (value?.classes ?? null) : null
  return <ClassesPage classes={shown} code={code} onChosen={onChosen} onBack={classes.onBack} />
}

function onlyOneNow(classes: readonly ClassItem[]): string | null {
  const now = classes.filter(({ isNow }) => isNow)
  const [first] = now
  if (first !== undefined) return now.length === 1 ? first.id : null
  return classes.length === 1 ? (classes[0]?.id ?? null) : null
}
