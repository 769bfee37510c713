import { createContext, useContext } from 'react'
import type { VisitAnswers, VisitWork } from '../../station/protocol.ts'

/* An inspector's seat at this window: the line to the station, and the visit's PIN while somebody is here. */

type WithoutPin<W> = W extends { readonly class: string; readonly pin: string | null }
  ? Omit<W, 'class' | 'pin'>
  : never

/** A piece of a visit that needs the visit's PIN; class and PIN are put in by the seat. */
export type Mark = WithoutPin<Exclude<VisitWork, { readonly act: 'visit.admit' }>>

export interface VisitSeat {
  /** Asks for work that needs no PIN, or brings its own. Rejects with an `OfficeRefusal`. */
  readonly ask: <W extends VisitWork>(work: W) => Promise<VisitAnswers[W['act']]>
  /**
   * Asks for work with the visit's PIN. Where the PIN was forgotten or is wrong, it is asked for first and the work
   * waits; an inspector who goes back from that question gets an `OfficeRefusal` with `VISIT_PIN_LEFT`.
   */
  readonly mark: <M extends Mark>(classId: string, mark: M) => Promise<VisitAnswers[M['act']]>
  /** Keeps a PIN that was just chosen, in memory only. */
  readonly hold: (pin: string) => void
}

export const VisitSeatContext = createContext<VisitSeat | null>(null)

/** The seat; only below `VisitSeatContext`. */
export function useSeat(): VisitSeat {
  const seat = useContext(VisitSeatContext)
  if (seat === null) throw new Error('drawn outside of an inspection')
  return seat
}

/** Somebody went back from the question for the PIN: nothing to complain about. */
export const PIN_LEFT = 'VISIT_PIN_LEFT'
