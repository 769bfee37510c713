import type { RgbImage } from '../../../src/face/recogniser.ts'

/** Interleaved RGB, 0 … 255 but not clipped: what light falls on the sensor. */
export interface Scene {
  readonly width: number
  readonly height: number
  readonly data: Float32Array
}

/** Frames of a kiosk's camera. */
export const FRAME = { width: 640, height: 480 } as const

export function emptyScene(): Scene {
  return { ...FRAME, data: new Float32Array(3 * FRAME.width * FRAME.height) }
}

export function sceneOf({ width, height, data }: RgbImage): Scene {
  return { width, height, data: Float32Array.from(data) }
}

/** Bilinear; the rim goes on for ever outside. Writes three numbers into `out`. */
export function sampleInto(
  { width, height, data }: Scene | RgbImage,
  x: number,
  y: number,
  out: Float64Array,
): void {
  const column = Math.min(width - 1.001, Math.max(0, x))
  const row = Math.min(height - 1.001, Math.max(0, y))
  const left = column | 0
  const top = row | 0
  const right = column - left
  const down = row - top
  const i = 3 * (top * width + left)
  const j = i + 3 * width
  for (let channel = 0; channel < 3; channel++) {
    const upper = data[i + channel]! + right * (data[i + 3 + channel]! - data[i + channel]!)
    const lower = data[j + channel]! + right * (data[j + 3 + channel]! - data[j + channel]!)
    out[channel] = upper + down * (lower - upper)
  }
}

/** 0 at or below `from`, 1 at or above `to`, smooth between. */
export function smoothStep(from: number, to: number, value: number): number {
  const t = Math.min(1, Math.max(0, (value - from) / (to - from)))
  return t * t * (3 - 2 * t)
}
