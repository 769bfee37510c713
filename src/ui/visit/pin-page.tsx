import { useState } from 'react'
import { Keypad } from '../parts/keypad.tsx'
import { useWindow } from '../window-context.ts'
import { VisitPage } from './visit-page.tsx'

/** The inspector's PIN again, because it was forgotten or wrong. */
export function PinPage(page: {
  readonly code: string | null
  readonly onPin: (pin: string) => void
  readonly onBack: () => void
}) {
  const { texts } = useWindow()
  const { asked, askedNext } = texts.visit.pin
  return (
    <VisitPage name="pin" title={asked} next={askedNext} code={page.code} onBack={page.onBack} isBeside>
      <Keypad onDone={page.onPin} />
    </VisitPage>
  )
}

/** A PIN for this visit, entered twice: a slip would lock the inspector out of their own visit. */
export function ChoosePin(page: { readonly onPin: (pin: string) => void; readonly onBack: () => void }) {
  const { texts } = useWindow()
  const { choose, chooseNext, again, differs } = texts.visit.pin
  const [first, setFirst] = useState<string | null>(null)
  const [isDifferent, setIsDifferent] = useState(false)
  const enter = (pin: string): void => {
    setIsDifferent(first !== null && first !== pin)
    if (first === null) setFirst(pin)
    else if (first === pin) page.onPin(pin)
    else setFirst(null)
  }
  return (
    <VisitPage
      name="choose-pin"
      title={first === null ? choose : again}
      next={isDifferent ? differs : chooseNext}
      onBack={page.onBack}
      isBeside
    >
      <Keypad key={first === null ? 'first' : 'again'} onDone={enter} />
    </VisitPage>
  )
}
