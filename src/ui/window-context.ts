import { createContext, useContext } from 'react'
import type { Command, DeskWork, Refused, Snapshot } from '../station/protocol.ts'
import type { Language, Texts } from './i18n/texts.ts'
import type { OfficeAnswer } from './kiosk.ts'

/** What every screen and part of the window draws from. */
export interface WindowState {
  readonly snapshot: Snapshot
  readonly refused: Refused | null
  readonly stream: MediaStream | null
  readonly texts: Texts
  readonly language: Language
  readonly chooseLanguage: (language: Language) => void
  readonly send: (command: Command) => void
  readonly office: (work: DeskWork) => Promise<OfficeAnswer>
  /** Opens the office area; null where there is no way to it. */
  readonly openOffice: (() => void) | null
  /** Opens the inspector's area; null where there is no way to it. */
  readonly openVisit: (() => void) | null
  /** What a scanner types goes to this listener instead of the station; returns the call that ends it. */
  readonly takeScans: (listener: (code: string) => void) => () => void
}

export const WindowContext = createContext<WindowState | null>(null)

/** The window's state; only below `WindowContext`. */
export function useWindow(): WindowState {
  const state = useContext(WindowContext)
  if (state === null) throw new Error('drawn outside of WindowContext')
  return state
}
