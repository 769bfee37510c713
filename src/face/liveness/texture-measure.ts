import type { Landmarks } from '../landmarks.ts'
import type { RgbImage } from '../recogniser.ts'
import { SPECTRUM_SIDE, spectraOf } from './spectrum.ts'

/** What the finest detail of a face's patch tells about the thing that was filmed. */
export interface FaceTexture {
  /** Strongest periodic pattern in brightness: its power over that of patterns as fine, decibels. */
  readonly luma: number
  /** The same in the difference of red and blue: a display's stripes beat with the sensor in colours. */
  readonly colour: number
  /** Of the stronger of the two, cycles a pixel. */
  readonly frequency: number
}

const SIDE = SPECTRUM_SIDE
const HALF = SIDE / 2
/** Coarser than this is the face itself, bins. */
const COARSEST = 12
/** JPEG’s blocks write at multiples of an eighth of a cycle on both axes, bins. */
const BLOCK = SIDE / 8
/** Width of the rings that a bin is compared within, bins. */
const RING = 4
/** Face Mesh point on the tip of the nose. */
const MIDDLE = 1
/** Overwritten by every call: a frame's patch is never needed again. */
const luma = new Float64Array(SIDE * SIDE)
const colour = new Float64Array(SIDE * SIDE)

/** Null when the picture is smaller than a patch. Patch: 128 × 128 pixels around the tip of the nose, as the camera gave them. */
export function textureOf({ width, height, data }: RgbImage, { points }: Landmarks): FaceTexture | null {
  if (width < SIDE || height < SIDE) return null
  const left = within(Math.round(points[3 * MIDDLE]! - HALF), width - SIDE)
  const top = within(Math.round(points[3 * MIDDLE + 1]! - HALF), height - SIDE)
  for (let y = 0, i = 0; y < SIDE; y++) {
    let pixel = 3 * ((top + y) * width + left)
    for (let x = 0; x < SIDE; x++, i++, pixel += 3) {
      const [red, green, blue] = [data[pixel]!, data[pixel + 1]!, data[pixel + 2]!]
      luma[i] = 0.299 * red + 0.587 * green + 0.114 * blue
      colour[i] = red - blue
    }
  }
  const spectra = spectraOf(luma, colour)
  const inLuma = strongestPeak(spectra.luma)
  const inColour = strongestPeak(spectra.colour)
  return {
    luma: inLuma.decibels,
    colour: inColour.decibels,
    frequency: (inLuma.decibels >= inColour.decibels ? inLuma : inColour).frequency,
  }
}

function within(value: number, most: number): number {
  // NaN too.
  return value > 0 ? Math.min(value, most) : 0
}

const RADIUS = Uint8Array.from({ length: (HALF + 1) * SIDE }, (_, i) =>
  Math.min(255, Math.round(Math.hypot(i >> 7, signed(i & (SIDE - 1))))),
)

function signed(column: number): number {
  return column < HALF ? column : column - SIDE
}

/** Bins of each ring that are asked: without JPEG’s harmonics. */
const RINGS: readonly Uint16Array[] = ringsOf()

function ringsOf(): Uint16Array[] {
  const rings: number[][] = []
  for (let row = 1; row < HALF - 1; row++) {
    for (let column = 0; column < SIDE; column++) {
      const i = row * SIDE + column
      const radius = RADIUS[i]!
      if (radius < COARSEST || radius >= HALF - 1) continue
      if (isBlockHarmonic(row, Math.abs(signed(column)))) continue
      const ring = Math.floor((radius - COARSEST) / RING)
      rings[ring] ??= []
      rings[ring].push(i)
    }
  }
  return rings.map((ring) => Uint16Array.from(ring))
}

function isBlockHarmonic(row: number, column: number): boolean {
  const off = (bin: number) => Math.min(bin % BLOCK, BLOCK - (bin % BLOCK))
  return (row <= 2 && off(column) <= 2) || (column <= 2 && off(row) <= 2)
}

interface Peak {
  readonly decibels: number
  readonly frequency: number
}

/** The bin, with its eight neighbours, that stands out most from the median of its ring. */
function strongestPeak(power: Float32Array): Peak {
  let best = 1
  let at = 0
  for (const ring of RINGS) {
    const smooth = new Float32Array(ring.length)
    for (let k = 0; k < ring.length; k++) smooth[k] = neighbourhood(power, ring[k]!)
    const median = sampledMedian(smooth)
    for (let k = 0; k < ring.length; k++) {
      const ratio = smooth[k]! / (median + 1e-9)
      if (ratio <= best) continue
      best = ratio
      at = ring[k]!
    }
  }
  return { decibels: 10 * Math.log10(best), frequency: RADIUS[at]! / SIDE }
}

/** Of every third value: as good, and sorting is what costs. */
function sampledMedian(values: Float32Array): number {
  const sample = new Float32Array(Math.ceil(values.length / 3))
  for (let k = 0; k < sample.length; k++) sample[k] = values[3 * k]!
  return sample.sort()[sample.length >> 1]!
}

function neighbourhood(power: Float32Array, i: number): number {
  const before = (i & (SIDE - 1)) === 0 ? i + SIDE - 1 : i - 1
  const after = (i & (SIDE - 1)) === SIDE - 1 ? i - SIDE + 1 : i + 1
  return (
    power[i]! +
    power[before]! +
    power[after]! +
    power[i - SIDE]! +
    power[before - SIDE]! +
    power[after - SIDE]! +
    power[i + SIDE]! +
    power[before + SIDE]! +
    power[after + SIDE]!
  )
}
