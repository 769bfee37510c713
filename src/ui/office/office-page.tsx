import type { ReactNode } from 'react'
import { Icon } from '../parts/icon.tsx'
import { useWindow } from '../window-context.ts'
import { officeAdvice } from './office-advice.ts'

/** The frame of every page of the office: the way back, what it is, what to do now, and the page itself. */
export function OfficePage(page: {
  readonly name: string
  readonly title: string
  readonly next: string
  readonly onBack: () => void
  readonly children?: ReactNode
}) {
  const { texts } = useWindow()
  return (
    <main className="office" data-screen="office" data-page={page.name}>
      <div className="office-head">
        <button type="button" className="button button-quiet" data-office="back" onClick={page.onBack}>
          <Icon name="back" />
          {texts.button.back}
        </button>
        <h1>{page.title}</h1>
      </div>
      <p className="office-next" data-part="next">
        <Icon name="arrow" />
        <span>{page.next}</span>
      </p>
      {page.children}
    </main>
  )
}

/** Why it was not done, what to do, and the code for whoever is called. */
export function FaultLine({ code }: { readonly code: string }) {
  const { texts } = useWindow()
  const { advice, shownCode } = officeAdvice(code, texts)
  return (
    <p className="refusal-line" role="alert" data-code={code}>
      <Icon name="alert" />
      <span>
        {advice.say} · {advice.next}
        {shownCode !== null && <code> {shownCode}</code>}
      </span>
    </p>
  )
}
