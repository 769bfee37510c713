import { useCallback, useEffect, useState } from 'react'
import type { VisitAnswers, VisitPerson } from '../../station/protocol.ts'
import { codeOf } from '../office/use-asked.ts'
import { useSeat } from './visit-seat.ts'

export type FactsAnswer = VisitAnswers['visit.facts']

/** What the log claims about a class. The last answer stays while a new one is on its way. */
export interface Facts {
  readonly value: FactsAnswer | null
  readonly code: string | null
  readonly reload: () => Promise<void>
  /** A look at a person that was recorded just now: the next answer says the same. */
  readonly look: (person: string, check: VisitPerson['check']) => void
}

export function useFacts(classId: string): Facts {
  const { ask } = useSeat()
  const [value, setValue] = useState<FactsAnswer | null>(null)
  const [code, setCode] = useState<string | null>(null)
  const reload = useCallback(async () => {
    try {
      setValue(await ask({ act: 'visit.facts', class: classId }))
      setCode(null)
    } catch (thrown) {
      setCode(codeOf(thrown))
    }
  }, [ask, classId])
  useEffect(() => void reload(), [reload])
  const look = (person: string, check: VisitPerson['check']): void => {
    setValue((before) => {
      if (before === null) return before
      const people = before.people.map((one) => (one.person === person ? { ...one, check } : one))
      return { ...before, people }
    })
  }
  return { value, code, reload, look }
}
