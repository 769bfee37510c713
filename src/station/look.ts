import type { Fault } from '../common/fault.ts'
import { conclude, decide, type FrameEvidence } from '../face/decide.ts'
import type { FaceEngine } from '../face/engine.ts'
import type { FrameObservation } from '../face/liveness/observation.ts'
import type { FaceQuality, QualityIssue, Template } from '../face/recogniser.ts'
import type { Display } from './display.ts'
import type { DoorPolicy } from './door-policy.ts'
import type { FusedLiveness, LivenessGuard } from './liveness-guard.ts'
import { LookObserver } from './look-observer.ts'
import type { Mailbox } from './mailbox.ts'

export interface LookedFrame extends FrameEvidence {
  /** Of the JPEG as it came, hex. */
  readonly sha256: string
  readonly tracked: boolean
  readonly quality: FaceQuality | null
  /** The JPEG itself, for whoever may keep it. */
  readonly jpeg: Uint8Array
}

/** What the camera showed until a decision was possible or time was up. */
export interface Look {
  /**
   * `nobody`: no frame showed a face. `cancelled`: somebody ended it; nothing is said about the person. `unavailable`:
   * the engine answered no frame and failed on some; nothing is said about the person either.
   */
  readonly verdict: 'verified' | 'doubtful' | 'refused' | 'nobody' | 'cancelled' | 'unavailable'
  readonly score: number | null
  /** Every frame that showed a face, in order: the decision rests on these and on no other. */
  readonly frames: readonly LookedFrame[]
  /** Frames that showed none. */
  readonly noFace: number
  /** What the liveness layers say of the same frames; null where the site has none or no frame could be observed. */
  readonly liveness: FusedLiveness | null
  readonly observations: readonly FrameObservation[]
}

/** What a record can hold; a look ends there. 8.5 s at 30 frames a second. */
export const MOST_FRAMES = 256

/** So often in one look may the engine be lost without costing the person their time before the camera. */
const LOSSES_FORGIVEN = 2

/**
 * Compares frame after frame with the reference until the decision is certain or time is up. A frame that the
 * engine cannot take (a torn JPEG) is passed over: the next one is 66 ms away. While a lost engine is replaced the look
 * waits and says so. With a guard, frames go on to be looked at for a moment after the decision while the liveness layers
 * are unsure: they change the decision's score no more (`decide`).
 */
export async function lookAtCamera(
  parts: {
    readonly engine: FaceEngine
    readonly policy: DoorPolicy
    readonly display: Display
    readonly frames: Mailbox<Uint8Array>
    readonly reference: Template
    /** Null or absent where the site judges no liveness. */
    readonly guard?: LivenessGuard | null
    /** Told of an engine that was lost, for the log. */
    readonly onFault?: (fault: Fault) => void
  },
  signal: AbortSignal,
): Promise<Look> {
  const { engine, policy, display, frames, reference, guard = null, onFault } = parts
  const { thresholds } = engine.info
  let started = performance.now()
  const seen: LookedFrame[] = []
  const observer = guard && new LookObserver(engine)
  let noFace = 0
  let losses = 0
  let isRestarting = false
  let lastFace = started
  // The first frame of a look owes nothing to the person before.
  let fresh = true
  frames.clear()
  display.show({ screen: 'looking', hint: null, until: Date.now() + policy.lookMs })
  let decidedAt: number | null = null
  let isOver = false
  while (!isOver && !signal.aborted && seen.length < MOST_FRAMES) {
    const now = performance.now()
    const patience =
      decidedAt === null
        ? Math.min(policy.lookMs - (now - started), policy.nobodyMs - (now - lastFace))
        : policy.livenessMs - (now - decidedAt)
    const jpeg = patience <= 0 ? null : await frames.take(patience, signal)
    if (jpeg === null) break
    const arrived = frames.arrivedAt
    const asked = performance.now()
    const compared = await engine.compare(jpeg, reference, { fresh })
    // A frame that left no record must not be what the next one was found by.
    fresh = !compared.ok || compared.value.issue === 'no-face'
    const isLoss = !compared.ok && /^FACE_(ENGINE|MODEL|SELF)_/.test(compared.fault.code)
    if (isLoss) losses++
    // The answer after a loss took the new engine's start.
    if ((isLoss || isRestarting) && losses <= LOSSES_FORGIVEN) {
      const lost = performance.now() - asked
      started += lost
      lastFace += lost
    }
    isRestarting = isLoss
    if (!compared.ok) {
      if (!isLoss) continue
      if (decidedAt !== null) break
      onFault?.(compared.fault)
      showHint(display, 'restarting')
      continue
    }
    const { issue } = compared.value
    showHint(display, issue)
    if (issue === 'no-face') {
      noFace++
      continue
    }
    lastFace = performance.now()
    const { sha256, score, tracked, quality } = compared.value
    seen.push({ sha256, score, issue, tracked, quality, jpeg })
    observer?.ask(arrived)
    const { verdict } = decide(seen, thresholds, false)
    if (verdict === 'more') continue
    decidedAt ??= performance.now()
    isOver = guard === null || verdict === 'refused' || (await isSure(guard, observer))
  }
  const observations = (await observer?.observations()) ?? []
  const liveness = guard === null || observations.length === 0 ? null : guard.judge(observations)
  const rest = { frames: seen, noFace, liveness, observations }
  if (decidedAt === null && signal.aborted) return { verdict: 'cancelled', score: null, ...rest }
  if (losses > 0 && seen.length === 0 && noFace === 0) return { verdict: 'unavailable', score: null, ...rest }
  return { ...conclude(seen, thresholds), ...rest }
}

async function isSure(guard: LivenessGuard, observer: LookObserver | null): Promise<boolean> {
  const observations = (await observer?.observations()) ?? []
  return guard.judge(observations).verdict !== 'unsure'
}

function showHint(display: Display, issue: QualityIssue | 'restarting' | null): void {
  if (display.snapshot.hint !== issue) display.show({ hint: issue })
}
