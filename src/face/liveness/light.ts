import { pseudoRandom } from '../../common/pseudo-random.ts'
import { type LayerReading, nothingSeen } from './layer.ts'
import type { FrameObservation, Rgb } from './observation.ts'

/*
 * Coloured light: the kiosk's own screen shows colours in an order that nobody can foresee, and a face before it
 * reflects them. A film of another moment shows no change or another order; a phone shines by itself, so that what falls
 * on it hardly shows. Judged is the face's colour against that of the picture's edges, so that the camera's own white
 * balance and exposure, which change both alike, fall out.
 */

/** One colour of the sequence; `from` and `until` on the clock of `FrameObservation.at`, milliseconds. */
export interface LitColour {
  readonly colour: Rgb
  readonly from: number
  readonly until: number
}
export type LightSchedule = readonly LitColour[]

/**
 * Of about equal luminance and no saturated red, so that a change is one of hue (WCAG 2.2, "general flash and red flash
 * thresholds").
 */
export const LIGHT_COLOURS: readonly Rgb[] = [
  [255, 120, 120],
  [70, 205, 90],
  [110, 150, 255],
  [225, 185, 30],
  [225, 110, 235],
  [30, 195, 215],
]

/** Of one colour: 1.7 changes a second, far below the three flashes a second of WCAG 2.3.1. */
export const LIGHT_MS = 600

/** 4 … 6 colours, none twice in a row; `randomBelow` as in `drawPrompts`. */
export function drawLight(from: number, randomBelow: (limit: number) => number): LightSchedule {
  const count = 4 + randomBelow(3)
  const schedule: LitColour[] = []
  while (schedule.length < count) {
    const others = LIGHT_COLOURS.filter((colour) => colour !== schedule.at(-1)?.colour)
    const start = from + schedule.length * LIGHT_MS
    schedule.push({ colour: others[randomBelow(others.length)]!, from: start, until: start + LIGHT_MS })
  }
  return schedule
}

export interface LightLimits {
  /** Camera, encoding and channel: colours may reach a frame this much later, milliseconds, tried in these steps. */
  readonly longestDelay: number
  readonly delayStep: number
  readonly leastFrames: number
  /** Correlation with the sequence from which on it is the screen's light that is seen. */
  readonly correlation: number
  /** Share of other sequences that may fit as well. */
  readonly chance: number
  /** Change of the face's colour (natural logarithm) from one screen colour to its opposite. */
  readonly leastGain: number
  /** Colours that change this much but not in the sequence's order belong to another light, standard deviation. */
  readonly foreignChange: number
  readonly foreignCorrelation: number
}

export const LIGHT_LIMITS: LightLimits = {
  longestDelay: 480,
  delayStep: 40,
  leastFrames: 12,
  correlation: 0.6,
  chance: 0.02,
  leastGain: 0.01,
  foreignChange: 0.04,
  foreignCorrelation: 0.2,
}

/**
 * `bonaFide` when the face follows the sequence and other sequences fit worse; `attack` when its colour changes plainly
 * but otherwise; else `unsure`: in daylight the screen's light drowns, and that says nothing about the person. The
 * delay is unknown and the best one counts, for the decoys as well.
 */
export function lightReading(
  observations: readonly FrameObservation[],
  schedule: LightSchedule,
  limits: LightLimits = LIGHT_LIMITS,
): LayerReading {
  const first = schedule[0]?.from ?? 0
  const last = (schedule.at(-1)?.until ?? 0) + limits.longestDelay
  const seen = observations.filter(({ at, colour }) => colour !== null && at >= first && at < last)
  if (seen.length < limits.leastFrames || schedule.length < 2) return nothingSeen('light', 'too-few-frames')
  const samples = withoutTrend(seen.map(({ at, colour }) => ({ at, change: faceAgainstSurround(colour!) })))
  const own = bestFit(samples, schedule, limits)
  const decoys = decoysOf(schedule)
  const fitting = decoys.filter((decoy) => bestFit(samples, decoy, limits).correlation >= own.correlation)
  const chance = (fitting.length + 1) / (decoys.length + 1)
  const change = Math.sqrt(mean(samples.flatMap(({ change }) => change.map((value) => value * value))))
  const detail = { correlation: own.correlation, chance, gain: own.gain, delay: own.delay, change }
  const isReflected =
    own.correlation >= limits.correlation && chance <= limits.chance && own.gain >= limits.leastGain
  if (isReflected) return { layer: 'light', verdict: 'bonaFide', score: own.correlation, detail }
  const isForeign = change >= limits.foreignChange && own.correlation < limits.foreignCorrelation
  if (isForeign) return { layer: 'light', verdict: 'attack', score: 0, detail: { ...detail, why: 'foreign' } }
  return { layer: 'light', verdict: 'unsure', score: Math.max(0, own.correlation), detail }
}

type Change = readonly [red: number, green: number, blue: number]

interface Sample {
  readonly at: number
  readonly change: Change
}

/** Hue of the face's reflectance as far as light falls on the face alone: logarithms whose mean over channels is 0. */
function faceAgainstSurround({ face, surround }: { readonly face: Rgb; readonly surround: Rgb }): Change {
  const ratio = (channel: 0 | 1 | 2) => Math.log(linear(face[channel]) / linear(surround[channel]))
  return aroundMean([ratio(0), ratio(1), ratio(2)])
}

/** Light of an sRGB level, by the exponent 2.2; never 0. */
function linear(level: number): number {
  return Math.max(level, 1) ** 2.2
}

/** People move and clouds pass: what changes steadily over the whole sequence is not the screen. */
function withoutTrend(samples: readonly Sample[]): readonly Sample[] {
  const middle = mean(samples.map(({ at }) => at))
  const spread = mean(samples.map(({ at }) => (at - middle) ** 2))
  const channel = (i: 0 | 1 | 2) => {
    const level = mean(samples.map(({ change }) => change[i]))
    const slope = spread === 0 ? 0 : mean(samples.map(({ at, change }) => (at - middle) * change[i])) / spread
    return (at: number, value: number) => value - level - slope * (at - middle)
  }
  const rest = [channel(0), channel(1), channel(2)] as const
  return samples.map(({ at, change }) => ({
    at,
    change: [rest[0](at, change[0]), rest[1](at, change[1]), rest[2](at, change[2])],
  }))
}

interface Fit {
  readonly correlation: number
  readonly gain: number
  readonly delay: number
}

function bestFit(samples: readonly Sample[], schedule: LightSchedule, limits: LightLimits): Fit {
  let best: Fit = { correlation: -1, gain: 0, delay: 0 }
  for (let delay = 0; delay <= limits.longestDelay; delay += limits.delayStep) {
    const fit = fitAt(samples, schedule, delay)
    if (fit.correlation > best.correlation) best = fit
  }
  return best
}

function fitAt(samples: readonly Sample[], schedule: LightSchedule, delay: number): Fit {
  const pairs: { shown: Change; seen: Change }[] = []
  for (const { at, change } of samples) {
    const lit = schedule.find(({ from, until }) => at - delay >= from && at - delay < until)
    if (lit !== undefined) pairs.push({ shown: hue(lit.colour), seen: change })
  }
  if (pairs.length < 2) return { correlation: -1, gain: 0, delay }
  let product = 0
  let shownSquares = 0
  let seenSquares = 0
  for (const channel of [0, 1, 2] as const) {
    const shownMean = mean(pairs.map(({ shown }) => shown[channel]))
    const seenMean = mean(pairs.map(({ seen }) => seen[channel]))
    for (const { shown, seen } of pairs) {
      const a = shown[channel] - shownMean
      const b = seen[channel] - seenMean
      product += a * b
      shownSquares += a * a
      seenSquares += b * b
    }
  }
  if (shownSquares === 0 || seenSquares === 0) return { correlation: 0, gain: 0, delay }
  return { correlation: product / Math.sqrt(shownSquares * seenSquares), gain: product / shownSquares, delay }
}

/** What a colour adds to each channel, 0 … 1, around its mean. */
function hue([red, green, blue]: Rgb): Change {
  return aroundMean([linear(red) / linear(255), linear(green) / linear(255), linear(blue) / linear(255)])
}

const DECOYS = 199

/** Sequences that could have been drawn with the same times; always the same ones, so that a reading can be repeated. */
function decoysOf(schedule: LightSchedule): readonly LightSchedule[] {
  const random = pseudoRandom(1)
  const below = (limit: number) => Math.floor(random() * limit)
  return Array.from({ length: DECOYS }, () => {
    let before: Rgb | null = null
    return schedule.map(({ from, until }) => {
      const others = LIGHT_COLOURS.filter((colour) => colour !== before)
      const colour = others[below(others.length)]!
      before = colour
      return { colour, from, until }
    })
  })
}

function aroundMean([red, green, blue]: Change): Change {
  const middle = (red + green + blue) / 3
  return [red - middle, green - middle, blue - middle]
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length)
}
