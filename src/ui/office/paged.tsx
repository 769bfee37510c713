import { type ReactNode, useEffect, useState } from 'react'
import { useWindow } from '../window-context.ts'

/** How much of the page rows have: all of it, or what a button below, or lines above as well, leave of it. */
type Room = keyof typeof ROWS | { readonly small: number; readonly large: number }

/** Rows a page at a time, so that nothing has to be scrolled; the button for more stands beside the page's title. */
export function Paged({
  rows,
  room = 'whole',
}: {
  readonly rows: readonly ReactNode[]
  readonly room?: Room
}) {
  const { texts } = useWindow()
  const most = (typeof room === 'string' ? ROWS[room] : room)[useIsSmall() ? 'small' : 'large']
  const [page, setPage] = useState(0)
  const pages = Math.max(1, Math.ceil(rows.length / most))
  const shown = Math.min(page, pages - 1)
  return (
    <>
      {pages > 1 && (
        <button
          type="button"
          className="button button-quiet office-more"
          data-office="more"
          onClick={() => setPage((shown + 1) % pages)}
        >
          {texts.button.more} {shown + 1}/{pages}
        </button>
      )}
      <div className="office-rows">{rows.slice(shown * most, (shown + 1) * most)}</div>
    </>
  )
}

function useIsSmall(): boolean {
  const [isSmall, setIsSmall] = useState(() => SMALL.matches)
  useEffect(() => {
    const look = (): void => setIsSmall(SMALL.matches)
    SMALL.addEventListener('change', look)
    return () => SMALL.removeEventListener('change', look)
  }, [])
  return isSmall
}

/** Rows of two lines that fit, by the size of the screen. */
const ROWS = {
  whole: { small: 6, large: 8 },
  most: { small: 4, large: 6 },
  some: { small: 2, large: 4 },
} as const

const SMALL = window.matchMedia('(max-height: 800px)')
