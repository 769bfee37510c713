import type { FaceEngine } from '../face/engine.ts'
import type { FrameObservation } from '../face/liveness/observation.ts'
import type { Template } from '../face/recogniser.ts'
import type { Mailbox } from './mailbox.ts'

/** `enough`: who watches said so. `left`: no face for a while. `somebody-else`: another face than before. */
export type WatchEnd = 'enough' | 'timed-out' | 'left' | 'somebody-else' | 'aborted'

/** A head that is turned far is not found for a moment. */
const LEFT_AFTER_MS = 2_000
/** A record holds those of three watches; 10 s at 30 frames a second. */
const MOST_WATCHED = 300
/** Frames below the engine's `reject`: one in motion may look like somebody else. */
const FRAMES_OF_ANOTHER = 3

/**
 * Watches the person who was just compared do what is asked. Every frame is compared again, so that nobody takes over
 * from a picture; frames with a head that is turned have no score and say nothing of that. Time in which the engine fails
 * is lost: it comes back within the next prompt or not at all.
 */
export async function watchFace(
  parts: {
    readonly engine: FaceEngine
    readonly frames: Mailbox<Uint8Array>
    readonly reference: Template
    readonly ms: number
    /** Called with all observations so far; true ends the watch. */
    readonly onFrame: (observations: readonly FrameObservation[]) => boolean
  },
  signal: AbortSignal,
): Promise<{ readonly end: WatchEnd; readonly observations: readonly FrameObservation[] }> {
  const { engine, frames, reference, ms, onFrame } = parts
  const observations: FrameObservation[] = []
  const ended = (end: WatchEnd) => ({ end, observations })
  const started = performance.now()
  let lastFace = started
  let another = 0
  let fresh = true
  frames.clear()
  for (;;) {
    const now = performance.now()
    if (now - lastFace >= LEFT_AFTER_MS) return ended('left')
    const patience = Math.min(ms - (now - started), LEFT_AFTER_MS - (now - lastFace))
    const jpeg = patience <= 0 ? null : await frames.take(patience, signal)
    if (signal.aborted) return ended('aborted')
    if (jpeg === null) {
      if (performance.now() - started >= ms) return ended('timed-out')
      continue
    }
    const at = frames.arrivedAt
    const compared = await engine.compare(jpeg, reference, { fresh })
    fresh = !compared.ok || compared.value.issue === 'no-face'
    if (!compared.ok || compared.value.issue === 'no-face') continue
    lastFace = performance.now()
    const { score } = compared.value
    if (score !== null && score < engine.info.thresholds.reject) another++
    if (another >= FRAMES_OF_ANOTHER) return ended('somebody-else')
    const observed = await engine.observe({ at, passive: false })
    if (!observed.ok) continue
    observations.push(observed.value)
    if (onFrame(observations)) return ended('enough')
    if (observations.length === MOST_WATCHED) return ended('timed-out')
  }
}
