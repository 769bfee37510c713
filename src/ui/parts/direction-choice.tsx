import { useEffect } from 'react'
import { useWindow } from '../window-context.ts'
import { Icon } from './icon.tsx'

/** For staff: sign-in or sign-out at this door from now on, or by the timetable. Closes by itself. */
export function DirectionChoice({ onClose }: { readonly onClose: () => void }) {
  const { texts, send } = useWindow()
  useEffect(() => {
    const timer = setTimeout(onClose, OPEN_MS)
    return () => clearTimeout(timer)
  }, [onClose])
  const choose = (direction: 'auto' | 'in' | 'out'): void => {
    send({ type: 'direction', direction })
    onClose()
  }
  return (
    <div className="direction-choice" role="dialog" aria-label={texts.bar.directionTitle}>
      <h2>{texts.bar.directionTitle}</h2>
      <button type="button" className="button" onClick={() => choose('auto')}>
        <Icon name="clock" />
        {texts.bar.directionAuto}
      </button>
      <button type="button" className="button" onClick={() => choose('in')}>
        <Icon name="in" />
        {texts.bar.directionIn}
      </button>
      <button type="button" className="button" onClick={() => choose('out')}>
        <Icon name="out" />
        {texts.bar.directionOut}
      </button>
      <button type="button" className="button button-quiet" onClick={onClose}>
        {texts.button.close}
      </button>
    </div>
  )
}

const OPEN_MS = 15_000
