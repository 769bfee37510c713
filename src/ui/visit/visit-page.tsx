import type { ReactNode } from 'react'
import { Icon } from '../parts/icon.tsx'
import { useWindow } from '../window-context.ts'
import { visitAdvice } from './visit-advice.ts'

/**
 * The frame of every page of an inspection: the way back and what it is above, the page itself, and below it, in reach
 * of a thumb, the one thing to do now beside its buttons.
 */
export function VisitPage(page: {
  readonly name: string
  readonly title: string
  readonly next: string
  readonly onBack: (() => void) | null
  /** Why the last attempt was not done. */
  readonly code?: string | null
  /** Where the screen is wide, the page itself stands beside everything else and has the whole height. */
  readonly isBeside?: boolean
  /** Goes before the page itself, and beside it where the screen is wide. */
  readonly aside?: ReactNode
  readonly foot?: ReactNode
  readonly children?: ReactNode
}) {
  const { texts } = useWindow()
  return (
    <main
      className={page.isBeside === true ? 'office visit visit-beside' : 'office visit'}
      data-screen="visit"
      data-page={page.name}
    >
      <div className="office-head">
        {page.onBack !== null && (
          <button type="button" className="button button-quiet" data-visit="back" onClick={page.onBack}>
            <Icon name="back" />
            {texts.button.back}
          </button>
        )}
        <h1>{page.title}</h1>
      </div>
      {page.code != null && <VisitFault code={page.code} />}
      {page.aside !== undefined && <div className="visit-aside">{page.aside}</div>}
      <div className="visit-body">{page.children}</div>
      <div className="visit-foot">
        {/* A fault's own next step is the one thing to do. */}
        {page.code == null && (
          <p className="office-next" data-part="next">
            <Icon name="arrow" />
            <span>{page.next}</span>
          </p>
        )}
        {page.foot}
      </div>
    </main>
  )
}

/** Why it was not done, what to do, and the code for whoever is called. */
export function VisitFault({ code }: { readonly code: string }) {
  const { texts } = useWindow()
  const { advice, shownCode } = visitAdvice(code, texts)
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

/** A button of the page's foot, the main one filled. */
export function FootButton(button: {
  readonly name: string
  readonly words: string
  readonly onTouch: () => void
  readonly isDisabled?: boolean
  readonly isMain?: boolean
}) {
  return (
    <button
      type="button"
      className={button.isMain === true ? 'button visit-main' : 'button'}
      data-visit={button.name}
      disabled={button.isDisabled === true}
      onClick={button.onTouch}
    >
      {button.words}
    </button>
  )
}
