import { useEffect, useMemo, useRef, useState } from 'react'
import type { VisitAnswers, VisitWork } from '../../station/protocol.ts'
import type { OfficeAnswer } from '../kiosk.ts'
import { OfficeRefusal } from '../office/act.ts'
import { type Mark, PIN_LEFT, type VisitSeat } from './visit-seat.ts'

/** The way into the inspection, what it holds while the door serves somebody, and the question for the visit's PIN. */
export interface VisitDoor {
  /** Somebody opened the inspection and hasn't left it: its pages stay as they are. */
  readonly isOpen: boolean
  /** It is to be shown whenever the door is quiet. */
  readonly isWanted: boolean
  /** The reader or the camera is lent to the inspection at this moment. */
  readonly isLent: boolean
  readonly seat: VisitSeat
  /** The question for the PIN while work waits for it; `code` says why the last one was no good. */
  readonly asking: { readonly code: string | null } | null
  readonly answer: (pin: string | null) => void
  readonly enter: () => void
  readonly leave: () => void
}

/**
 * The PIN lives here only, in memory. It is forgotten when nobody touched the window for five minutes, and the door's
 * own screen comes back then: what was open stays as it was for who enters again.
 */
export function useVisitDoor(office: (work: VisitWork) => Promise<OfficeAnswer>): VisitDoor {
  const [isOpen, setIsOpen] = useState(false)
  const [isWanted, setIsWanted] = useState(false)
  const [isLent, setIsLent] = useState(false)
  const [asking, setAsking] = useState<VisitDoor['asking']>(null)
  const pin = useRef<string | null>(null)
  const waiting = useRef<((pin: string | null) => void)[]>([])

  const doors = useMemo(() => {
    const answer = (given: string | null): void => {
      pin.current = given
      setAsking(null)
      for (const resolve of waiting.current.splice(0)) resolve(given)
    }
    const pinNow = (code: string | null): Promise<string | null> => {
      if (pin.current !== null) return Promise.resolve(pin.current)
      setAsking({ code })
      return new Promise((resolve) => waiting.current.push(resolve))
    }
    const mark = async <M extends Mark>(classId: string, asked: M): Promise<VisitAnswers[M['act']]> => {
      let code: string | null = null
      for (;;) {
        const given = await pinNow(code)
        if (given === null) throw new OfficeRefusal(PIN_LEFT)
        const borrows = asked.act === 'visit.identify'
        if (borrows) setIsLent(true)
        const done = await office({ ...asked, class: classId, pin: given } as VisitWork)
        if (borrows) setIsLent(false)
        if (done.ok) return done.value as VisitAnswers[M['act']]
        // Two PINs are in this one, and the answer doesn't say which is wrong: the page asks for both again.
        const isOfTwo = asked.act === 'visit.finish' && asked.institution.signed
        if (PIN_FAULTS.test(done.code)) pin.current = null
        if (!PIN_FAULTS.test(done.code) || isOfTwo) throw new OfficeRefusal(done.code)
        code = done.code
      }
    }
    const seat: VisitSeat = {
      async ask(work) {
        const done = await office(work)
        if (!done.ok) throw new OfficeRefusal(done.code)
        return done.value as VisitAnswers[(typeof work)['act']]
      },
      mark,
      hold(given) {
        pin.current = given
      },
    }
    const pause = (): void => {
      answer(null)
      setIsWanted(false)
    }
    const leave = (): void => {
      pause()
      setIsOpen(false)
    }
    const enter = (): void => {
      setIsOpen(true)
      setIsWanted(true)
    }
    return { seat, answer, enter, leave, pause }
  }, [office])

  usePauseUnused(isWanted, doors.pause)
  return { isOpen, isWanted, isLent, asking, ...doors }
}

function usePauseUnused(isWanted: boolean, pause: () => void): void {
  useEffect(() => {
    if (!isWanted) return
    let timer = setTimeout(pause, UNUSED_MS)
    const stay = (): void => {
      clearTimeout(timer)
      timer = setTimeout(pause, UNUSED_MS)
    }
    for (const event of SIGNS_OF_USE) window.addEventListener(event, stay, { capture: true })
    return () => {
      clearTimeout(timer)
      for (const event of SIGNS_OF_USE) window.removeEventListener(event, stay, { capture: true })
    }
  }, [isWanted, pause])
}

const SIGNS_OF_USE = ['pointerdown', 'keydown', 'input'] as const
const UNUSED_MS = 300_000
const PIN_FAULTS = /^(LEDGER_PIN|STATION_PIN_SHORT|STATION_PIN_LOCKED|INSPECT_VISIT_PIN)/
