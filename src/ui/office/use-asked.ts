import { useEffect, useRef, useState } from 'react'
import { OfficeRefusal } from './act.ts'

/** What was asked for: neither value nor code while it is on its way. */
export interface Asked<T> {
  readonly value: T | null
  readonly code: string | null
}

/** Asks once, and again whenever `about` changes. */
export function useAsked<T>(load: () => Promise<T>, about: string): Asked<T> {
  const [asked, setAsked] = useState<Asked<T>>(NOTHING)
  const newest = useRef(load)
  newest.current = load
  // biome-ignore lint/correctness/useExhaustiveDependencies: another subject is another question
  useEffect(() => {
    let isGone = false
    setAsked(NOTHING)
    newest.current().then(
      (value) => isGone || setAsked({ value, code: null }),
      (thrown: unknown) => isGone || setAsked({ value: null, code: codeOf(thrown) }),
    )
    return () => {
      isGone = true
    }
  }, [about])
  return asked
}

/** The code of whatever ended a question. */
export function codeOf(thrown: unknown): string {
  return thrown instanceof OfficeRefusal ? thrown.code : 'SYSTEM_UNEXPECTED'
}

const NOTHING = { value: null, code: null } as const
