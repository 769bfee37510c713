import { decide, type FrameEvidence } from '../face/decide.ts'
import type { FaceEngine } from '../face/engine.ts'
import type { QualityIssue, Template } from '../face/recogniser.ts'
import type { Display } from './display.ts'
import type { DoorPolicy } from './door-policy.ts'
import type { Mailbox } from './mailbox.ts'

export interface LookedFrame extends FrameEvidence {
  /** Of the JPEG as it came, hex. */
  readonly sha256: string
}

/** What the camera showed until a decision was possible or time was up. */
export interface Look {
  /** `nobody`: no frame showed a face. `cancelled`: somebody ended it; nothing is said about the person. */
  readonly verdict: 'verified' | 'doubtful' | 'refused' | 'nobody' | 'cancelled'
  readonly score: number | null
  /** The frames that the decision rests on, in their order. */
  readonly frames: readonly LookedFrame[]
}

/** The record holds at most this many frames: the newest ones that were looked at. */
const MOST_FRAMES = 64

/**
 * Compares frame after frame with the reference until the decision is certain or time is up. A frame that the
 * engine cannot take (an engine that was restarted, a torn JPEG) is passed over: the next one is 66 ms away.
 */
export async function lookAtCamera(
  parts: {
    readonly engine: FaceEngine
    readonly policy: DoorPolicy
    readonly display: Display
    readonly frames: Mailbox<Uint8Array>
    readonly reference: Template
  },
  signal: AbortSignal,
): Promise<Look> {
  const { engine, policy, display, frames, reference } = parts
  const { thresholds } = engine.info
  const started = performance.now()
  const seen: LookedFrame[] = []
  let lastFace = started
  frames.clear()
  display.show({ screen: 'looking', hint: null, until: Date.now() + policy.lookMs })
  while (!signal.aborted) {
    const now = performance.now()
    const patience = Math.min(policy.lookMs - (now - started), policy.nobodyMs - (now - lastFace))
    const frame = patience <= 0 ? null : await frames.take(patience, signal)
    if (frame === null) break
    const compared = await engine.compare(frame, reference)
    if (!compared.ok) continue
    const { sha256, score, issue } = compared.value
    if (seen.length === MOST_FRAMES) seen.shift()
    seen.push({ sha256, score, issue })
    if (issue !== 'no-face') lastFace = performance.now()
    showHint(display, issue)
    const decision = decide(seen, thresholds, false)
    if (decision.verdict !== 'more') return { verdict: decision.verdict, score: decision.score, frames: seen }
  }
  if (signal.aborted) return { verdict: 'cancelled', score: null, frames: seen }
  return lastWord(seen, thresholds)
}

function lastWord(seen: readonly LookedFrame[], thresholds: FaceEngine['info']['thresholds']): Look {
  const decision = decide(seen, thresholds, true)
  if (decision.compared > 0 && decision.verdict !== 'more') {
    return { verdict: decision.verdict, score: decision.score, frames: seen }
  }
  // A face that never passed a gate (mask, dark, turned) is somebody: staff decide, nobody is turned away for it.
  const anybody = seen.some(({ issue }) => issue !== null && issue !== 'no-face')
  return { verdict: anybody ? 'doubtful' : 'nobody', score: null, frames: seen }
}

function showHint(display: Display, issue: QualityIssue | null): void {
  if (display.snapshot.hint !== issue) display.show({ hint: issue })
}
