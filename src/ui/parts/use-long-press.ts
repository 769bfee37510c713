import { useEffect, useRef } from 'react'

/** Handlers for something that staff hold down and nobody touches by chance. */
export function useLongPress(onHeld: () => void) {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const release = (): void => clearTimeout(timer.current)
  useEffect(() => () => clearTimeout(timer.current), [])
  return {
    onPointerDown() {
      release()
      timer.current = setTimeout(onHeld, HELD_MS)
    },
    onPointerUp: release,
    onPointerLeave: release,
    onPointerCancel: release,
  }
}

const HELD_MS = 2000
