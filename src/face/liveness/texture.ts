import { brightnessBand } from './bands.ts'
import { LIVENESS_CALIBRATION } from './calibration.ts'
import { type LayerReading, nothingSeen } from './layer.ts'
import type { FrameObservation } from './observation.ts'
import type { FaceTexture } from './texture-measure.ts'

/** From which strength on, decibels, a pattern is a reason to ask, and from which on it is a picture's own. */
export interface PatternLimits {
  readonly doubt: number
  readonly attack: number
}

export interface TextureLimits {
  readonly luma: PatternLimits
  readonly colour: PatternLimits
  /** From which share and amplitude on a band that wanders over the picture is a reason to ask. */
  readonly bands: { readonly share: number; readonly amplitude: number }
}

/**
 * Patterns that skin doesn't have: a display's pixels that beat with the sensor's (moiré), a printer's dots. The median over
 * frames, so that a striped moment of compression decides nothing. And bands of a display's backlight that wander over the
 * picture, which flickering lamps make too: they only lead to a question. Finding none says nothing: a fine display, a camera
 * that averages and photographic paper show none, and then the layer has no score.
 */
export function textureReading(
  observations: readonly FrameObservation[],
  limits: TextureLimits = LIVENESS_CALIBRATION.texture,
): LayerReading {
  const textures = observations.map(({ texture }) => texture ?? null).filter((texture) => texture !== null)
  if (textures.length === 0) return nothingSeen('texture', 'no-face')
  const luma = median(textures.map((texture) => texture.luma))
  const colour = median(textures.map((texture) => texture.colour))
  const band = brightnessBand(observations)
  const detail = {
    frames: textures.length,
    luma,
    colour,
    frequency: frequencyOf(textures),
    ...(band === null ? {} : { band: band.share, bandAmplitude: band.amplitude }),
  }
  // Decibels above each limit; the farther decides.
  const beyond = (kind: keyof PatternLimits) =>
    Math.max(luma - limits.luma[kind], colour - limits.colour[kind])
  if (beyond('attack') >= 0) {
    return { layer: 'texture', verdict: 'attack', score: 0.05, detail: { ...detail, why: 'pattern' } }
  }
  if (beyond('doubt') >= 0) {
    return { layer: 'texture', verdict: 'unsure', score: 0.3, detail: { ...detail, why: 'faint-pattern' } }
  }
  if (band !== null && band.share >= limits.bands.share && band.amplitude >= limits.bands.amplitude) {
    return { layer: 'texture', verdict: 'unsure', score: 0.3, detail: { ...detail, why: 'bands' } }
  }
  return { layer: 'texture', verdict: 'unsure', score: null, detail: { ...detail, why: 'no-pattern' } }
}

function frequencyOf(textures: readonly FaceTexture[]): number {
  return median(textures.map(({ frequency }) => frequency))
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!
}
