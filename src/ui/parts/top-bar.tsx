import { useState } from 'react'
import { civilTime } from '../../common/civil-time.ts'
import { useClock } from '../use-clock.ts'
import { useWindow } from '../window-context.ts'
import { DirectionChoice } from './direction-choice.tsx'
import { Icon } from './icon.tsx'
import { useLongPress } from './use-long-press.ts'

/** Which class, sign-in or sign-out, and the time. Staff hold the direction for two seconds to change it. */
export function TopBar() {
  const { snapshot, texts } = useWindow()
  const now = useClock()
  const [choosing, setChoosing] = useState(false)
  const holding = useLongPress(() => setChoosing(true))
  const { session, direction } = snapshot
  return (
    <header className="top-bar">
      <div className="session">
        {session === null ? (
          <p className="session-title">{texts.bar.noSession}</p>
        ) : (
          <>
            <p className="session-title" lang="zh-CN">
              {session.title}
            </p>
            <p className="session-time">
              {civilTime(session.start)}–{civilTime(session.end)}
            </p>
          </>
        )}
      </div>
      <button type="button" className={`direction direction-${direction}`} data-part="direction" {...holding}>
        <Icon name={direction} />
        <span>{texts.direction[direction]}</span>
      </button>
      <time className="clock">{civilTime(now)}</time>
      {choosing && <DirectionChoice onClose={() => setChoosing(false)} />}
    </header>
  )
}
