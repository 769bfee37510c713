import type { FrameFacts } from '../protocol.ts'

/** The window's word on a frame, and when it reached the station. */
export interface ArrivedFacts extends FrameFacts {
  /** Milliseconds of the station's monotonic clock. */
  readonly at: number
}

/**
 * `stopped`: the same frame again and again. `backwards`: a frame before its predecessor, as when a film begins again.
 * `jump`: more frames than any camera gives in that time. `drift`: frames, window and station disagree on how long it was.
 */
export type ClockFinding = 'stopped' | 'backwards' | 'jump' | 'drift'

export interface FoundClock {
  readonly finding: ClockFinding
  /** Frames that were looked at, and how far each clock went over them. */
  readonly frames: number
  readonly mediaMs: number
  readonly windowMs: number
  readonly stationMs: number
  readonly presented: number
}

export interface ClockLimits {
  /** A frame may be the newest for so long, ms. */
  readonly stoppedMs: number
  /** No camera that a kiosk uses gives more, frames a second; and so many may come at once after a pause. */
  readonly mostPerSecond: number
  readonly burst: number
  /** Two clocks may go apart by this share of the time and so much more, ms. */
  readonly driftShare: number
  readonly driftMs: number
}

/** Our choice, wide, and never measured on cameras: that is why a finding alone makes nobody an attacker. */
export const CLOCK_LIMITS: ClockLimits = {
  stoppedMs: 1_000,
  mostPerSecond: 120,
  burst: 30,
  driftShare: 0.2,
  driftMs: 1_000,
}

/**
 * Contradictions in the clock of one run of frames (one opening of the stream), each kind at most once. Fewer than two
 * frames say nothing. All but `at` is the window's word: a window that lies consistently is not found here, nor is a
 * film that is played to a loopback device, whose frames are stamped when they are played.
 */
export function clockFindings(
  frames: readonly ArrivedFacts[],
  limits: ClockLimits = CLOCK_LIMITS,
): readonly FoundClock[] {
  const first = frames[0]
  const last = frames.at(-1)
  if (first === undefined || last === undefined || frames.length < 2) return []
  const span = {
    frames: frames.length,
    mediaMs: Math.round((last.mediaTime - first.mediaTime) * 1000),
    windowMs: Math.round(last.sent - first.sent),
    stationMs: Math.round(last.at - first.at),
    presented: last.presentedFrames - first.presentedFrames,
  }
  const isStopped = longestStop(frames) >= limits.stoppedMs
  const apart = (a: number, b: number) =>
    Math.abs(a - b) > limits.driftShare * Math.max(a, b) + limits.driftMs
  const found: readonly (readonly [ClockFinding, boolean])[] = [
    ['stopped', isStopped],
    ['backwards', pairs(frames).some(([a, b]) => isBackwards(a, b))],
    ['jump', pairs(frames).some(([a, b]) => isJump(a, b, limits))],
    // A stopped stream drifts too; one word for one fault.
    ['drift', apart(span.windowMs, span.stationMs) || (!isStopped && apart(span.mediaMs, span.windowMs))],
  ]
  return found.filter(([, isFound]) => isFound).map(([finding]) => ({ finding, ...span }))
}

/** Window's milliseconds for which no new frame was shown. */
function longestStop(frames: readonly ArrivedFacts[]): number {
  let longest = 0
  let since = frames[0]
  for (const frame of frames) {
    if (since === undefined || frame.presentedFrames !== since.presentedFrames) since = frame
    longest = Math.max(longest, frame.sent - since.sent)
  }
  return longest
}

function isBackwards(before: ArrivedFacts, after: ArrivedFacts): boolean {
  if (after.presentedFrames < before.presentedFrames || after.sent < before.sent) return true
  if (after.mediaTime < before.mediaTime) return true
  const [a, b] = [before.captureTime, after.captureTime]
  return a !== null && b !== null && b < a
}

function isJump(before: ArrivedFacts, after: ArrivedFacts, { mostPerSecond, burst }: ClockLimits): boolean {
  const seconds = Math.max(0, after.sent - before.sent) / 1000
  return after.presentedFrames - before.presentedFrames > seconds * mostPerSecond + burst
}

function pairs<T>(list: readonly T[]): readonly (readonly [T, T])[] {
  return list.slice(1).map((after, i) => [list[i]!, after])
}
