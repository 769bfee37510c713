import { LIVENESS_CALIBRATION, type LivenessThresholds, verdictAt } from './calibration.ts'
import { type LayerReading, nothingSeen } from './layer.ts'
import { logOdds, probabilityOf } from './log-odds.ts'
import type { FrameObservation } from './observation.ts'

/**
 * The passive network's word on a visit: the mean of the log-odds of all frames that it was asked about. So a blurred
 * frame in which a screen looks like a face doesn't decide, and neither does one in which a face looks like a print.
 */
export function passiveReading(
  observations: readonly FrameObservation[],
  thresholds: LivenessThresholds = LIVENESS_CALIBRATION.passive,
): LayerReading {
  const scores = observations.map(({ passive }) => passive).filter((score) => score !== null)
  if (scores.length === 0) return nothingSeen('passive', 'no-face')
  const mean = scores.reduce((sum, score) => sum + logOdds(score), 0) / scores.length
  const score = probabilityOf(mean)
  return {
    layer: 'passive',
    verdict: verdictAt(score, thresholds),
    score,
    detail: { frames: scores.length, lowest: Math.min(...scores), highest: Math.max(...scores) },
  }
}
