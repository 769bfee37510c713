import { useSyncExternalStore } from 'react'

/** The window is higher than wide: what else takes two pages stands on one. */
export function useIsTall(): boolean {
  return useSyncExternalStore(
    (listener) => {
      TALL.addEventListener('change', listener)
      return () => TALL.removeEventListener('change', listener)
    },
    () => TALL.matches,
  )
}

const TALL = window.matchMedia('(orientation: portrait)')
