import type { ComponentType } from 'react'
import type { Screen } from '../../station/protocol.ts'
import { ConsentScreen } from './consent.tsx'
import { EnrolScreen } from './enrol.tsx'
import { ErrorScreen } from './error.tsx'
import { IdleScreen } from './idle.tsx'
import { LightScreen } from './light.tsx'
import { LookingScreen } from './looking.tsx'
import { PromptScreen } from './prompt.tsx'
import { ReadingScreen } from './reading.tsx'
import { StartingScreenOfStation } from './starting.tsx'
import { TakeCardScreen } from './take-card.tsx'
import { VerdictScreen } from './verdict.tsx'
import { WitnessScreen } from './witness.tsx'

/** One screen for each state of the station: a missing one doesn't compile. */
export const screens: Readonly<Record<Screen, ComponentType>> = {
  starting: StartingScreenOfStation,
  idle: IdleScreen,
  reading: ReadingScreen,
  consent: ConsentScreen,
  looking: LookingScreen,
  light: LightScreen,
  prompt: PromptScreen,
  enrol: EnrolScreen,
  witness: WitnessScreen,
  verdict: VerdictScreen,
  'take-card': TakeCardScreen,
  error: ErrorScreen,
}
