import { useEffect, useState } from 'react'
import { useWindow } from '../window-context.ts'

/** A line that grows shorter until the screen changes by itself. */
export function Countdown() {
  const { until } = useWindow().snapshot
  const [left, setLeft] = useState<number | null>(null)
  useEffect(() => {
    const remaining = until === null ? null : until - Date.now()
    setLeft(remaining !== null && remaining > 0 && remaining < LONGEST_MS ? remaining : null)
  }, [until])
  if (left === null) return null
  return (
    <div className="countdown" aria-hidden="true">
      <div key={until} className="countdown-left" style={{ animationDuration: `${left}ms` }} />
    </div>
  )
}

/** Beyond this a moving line says nothing. */
const LONGEST_MS = 180_000
