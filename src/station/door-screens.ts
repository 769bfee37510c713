import type { Display } from './display.ts'
import { doorFacts } from './door-facts.ts'
import type { DoorParts } from './door-parts.ts'
import type { CheckOutcome } from './outcome.ts'
import type { Screen, Snapshot } from './protocol.ts'

/* What the door's screens say; `Door` decides when. */

/** Nobody is being checked: a reader that fails may take the screen. */
export const WAITING: readonly Screen[] = ['starting', 'idle', 'error']
/** The camera is looked at, and whoever stands there may end that. */
export const WATCHING: readonly Screen[] = ['looking', 'light', 'prompt']

type Shown = Parameters<Display['show']>[0]
type Forced = 'in' | 'out' | null

/** Before anything else: the camera is as `camera` says, and nothing has been read. */
export function startingScreen(
  parts: DoorParts,
  camera: Pick<Snapshot, 'camera' | 'cameraDetail'>,
): ConstructorParameters<typeof Display>[0] {
  return {
    screen: 'starting',
    simulated: parts.data.key.simulated,
    ...camera,
    ...{ verdict: null, message: null, messageValues: {}, hint: null, prompt: null, light: null },
    ...{ person: null, until: null, noticeVersion: parts.noticeVersion },
    ...doorFacts(parts, null),
  }
}

/**
 * Asks for a card, or says what keeps one from being taken: a ledger that takes no more is seen by everybody, not only by
 * the next person whose record fails.
 */
export function waitingScreen(parts: DoorParts, forcedDirection: Forced): Shown {
  const fault = parts.data.ledger.stopped ?? parts.readers.fault
  return {
    screen: fault === null ? 'idle' : 'error',
    ...{
      person: null,
      verdict: null,
      message: fault?.code ?? null,
      messageValues: {},
      hint: null,
      until: null,
    },
    ...doorFacts(parts, forcedDirection),
  }
}

export function verdictScreen(
  parts: DoorParts,
  { verdict, reason }: CheckOutcome,
  forcedDirection: Forced,
): Shown {
  return {
    ...{ screen: 'verdict', verdict, message: reason, hint: null },
    until: Date.now() + parts.policy.verdictMs,
    ...doorFacts(parts, forcedDirection),
  }
}
