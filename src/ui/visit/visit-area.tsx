import { Activity, useState } from 'react'
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
  const { ask } = useSeat()
  const [visits, setVisits] = useState(0)
  const { value, code } = useAsked(() => ask({ act: 'visit.classes' }), `classes ${visits}`)
  const [chosen, setChosen] = useState<string | null>(null)
  const [isChoosing, setIsChoosing] = useState(false)
  const now = onlyOneNow(value?.classes ?? [])
  const id = chosen ?? (isChoosing ? null : now)
  if (id !== null) {
    const back = (): void => {
      setChosen(null)
      setIsChoosing(true)
      setVisits(visits + 1)
    }
    return <ClassVisit key={id} id={id} texts={texts.visit} onBack={back} onLeave={onLeave} />
  }
  return <ClassesPage classes={value?.classes ?? null} code={code} onChosen={setChosen} onBack={onLeave} />
}

function onlyOneNow(classes: readonly ClassItem[]): string | null {
  const now = classes.filter(({ isNow }) => isNow)
  const [first] = now
  if (first !== undefined) return now.length === 1 ? first.id : null
  return classes.length === 1 ? (classes[0]?.id ?? null) : null
}
