import { ALIGNED_SIDE } from './align.ts'
import { ALIGNED_FORMAT } from './embed.ts'

/*
 * Is something over the face: a mask, a scarf, a hand, sunglasses? Three things change then, and they are read from the
 * aligned face: the landmark network is less sure that there is a face; the mouth loses its light and dark; what is
 * there has another colour than the bridge of the nose. Two log-odds of those, fitted on drawn coverings by logistic
 * regression; `docs/face-decision.md` has the figures and what they are worth.
 */

/** Pixels of the aligned face: left, top, right, bottom; the last two lie outside. */
type Region = readonly [number, number, number, number]

const BRIDGE: Region = [44, 56, 68, 66]
const MOUTH: Region = [38, 84, 74, 104]
const EYES: readonly [Region, Region] = [
  [29, 45, 47, 58],
  [65, 45, 83, 58],
]

/** Logit of a presence that single precision can't tell from 1 any more. */
const SUREST = 9

/**
 * How likely it is that the face is covered, as log-odds less the chosen operating point: above 0 it is. `planes` is
 * the aligned face in `ALIGNED_FORMAT`, `presence` the landmark network's, 0 … 1. Finite for every finite picture.
 */
export function measureCovering(planes: Float32Array, presence: number): number {
  const at = (region: Region) => statistics(planes, region)
  const bridge = at(BRIDGE)
  const mouth = at(MOUTH)
  const colour = Math.hypot(mouth.cb - bridge.cb, mouth.cr - bridge.cr)
  const mouthRelief = Math.log(mouth.deviation / (mouth.luma + 10) + 0.01)
  const eyeDeviation = (at(EYES[0]).deviation + at(EYES[1]).deviation) / 2
  const eyeRelief = Math.log(eyeDeviation / (bridge.luma + 10) + 0.01)
  const lower = -0.682 * logit(presence) - 3.03 * mouthRelief + 0.0713 * colour - 0.982
  const eyes = -4.82 * eyeRelief + 0.189 * colour - 12.29
  return Math.max(lower - OPERATING_POINT.lower, eyes - OPERATING_POINT.eyes)
}

/** Chosen so that together they call 0.7 % of bare faces covered. */
const OPERATING_POINT = { lower: 0.65, eyes: 1 }

function logit(presence: number): number {
  const inside = Math.min(1 - 1e-7, Math.max(1e-6, presence))
  return Math.min(SUREST, Math.log(inside / (1 - inside)))
}

/** Means of luma and chroma (ITU-R BT.601, 0 … 255 and around 0) and the luma's standard deviation. */
function statistics(
  planes: Float32Array,
  [left, top, right, bottom]: Region,
): { luma: number; deviation: number; cb: number; cr: number } {
  const plane = ALIGNED_SIDE * ALIGNED_SIDE
  const { scale, offset } = ALIGNED_FORMAT
  let luma = 0
  let squares = 0
  let blue = 0
  let red = 0
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++) {
      const i = y * ALIGNED_SIDE + x
      const b = (planes[i]! - offset) / scale
      const g = (planes[plane + i]! - offset) / scale
      const r = (planes[2 * plane + i]! - offset) / scale
      const value = 0.114 * b + 0.587 * g + 0.299 * r
      luma += value
      squares += value * value
      blue += b
      red += r
    }
  }
  const count = (right - left) * (bottom - top)
  luma /= count
  const deviation = Math.sqrt(Math.max(0, squares / count - luma * luma))
  return { luma, deviation, cb: 0.564 * (blue / count - luma), cr: 0.713 * (red / count - luma) }
}
