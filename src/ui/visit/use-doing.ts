import { useRef, useState } from 'react'
import { codeOf } from '../office/use-asked.ts'
import { PIN_LEFT } from './visit-seat.ts'

/** One piece of work of a page at a time: whether it goes on, and why the last was not done. */
export interface Doing {
  readonly isWorking: boolean
  readonly code: string | null
  readonly run: (work: () => Promise<void>) => void
  readonly complain: (code: string | null) => void
}

/** What is touched while work goes on is not done a second time. */
export function useDoing(): Doing {
  const [isWorking, setIsWorking] = useState(false)
  const [code, setCode] = useState<string | null>(null)
  const isBusy = useRef(false)
  const run = (work: () => Promise<void>): void => {
    if (isBusy.current) return
    isBusy.current = true
    setIsWorking(true)
    setCode(null)
    work()
      .catch((thrown: unknown) => {
        const why = codeOf(thrown)
        setCode(why === PIN_LEFT ? null : why)
      })
      .finally(() => {
        isBusy.current = false
        setIsWorking(false)
      })
  }
  return { isWorking, code, run, complain: setCode }
}
