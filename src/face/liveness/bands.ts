import { type FrameObservation, THUMBNAIL } from './observation.ts'

/** A bright band that wanders up or down the picture. */
export interface BrightnessBand {
  /** Of all changes of brightness between rows beside the head, the share that one wave explains, 0 … 1. */
  readonly share: number
  /** Of that wave, as a share of the brightness. */
  readonly amplitude: number
  /** Bands in the height of the picture, and how many pass a second; negative: upwards. */
  readonly inHeight: number
  readonly perSecond: number
}

/** Points of the mesh at the ears, and how far beside them head and hair end, eye distances. */
const EARS = [234, 454] as const
const EYES = [33, 263] as const
const HAIR = 0.35
const LEAST_COLUMNS = 8
const LEAST_ROWS = 24
const LEAST_FRAMES = 6
/** Black and overexposed cells have no brightness to change. */
const LEVELS = { least: 12, most: 245 } as const
const IN_HEIGHT = { least: 0.5, most: 8, step: 0.25 } as const
/** Slower than `least` somebody's shoulders sway; faster ones look like slower ones at ten frames a second. */
const PER_SECOND = { least: 0.5, most: 5, step: 0.1 } as const

/**
 * A display whose backlight is dimmed by switching it, filmed line by line, has bands that wander because neither clock waits for
 * the other. Lamps that flicker do the same to a room: a band says that something flickers and no more. Null when too little
 * is seen beside the head, or of fewer than six frames.
 */
export function brightnessBand(observations: readonly FrameObservation[]): BrightnessBand | null {
  if (observations.length < LEAST_FRAMES) return null
  const columns = columnsBesideHead(observations)
  if (columns.length < LEAST_COLUMNS) return null
  const rows = rowChanges(observations, columns)
  if (rows.length < LEAST_ROWS) return null
  const total = rows.reduce((sum, { changes }) => sum + changes.reduce((part, c) => part + c * c, 0), 0)
  const wave = strongestWave(
    rows,
    observations.map(({ at }) => (at - observations[0]!.at) / 1_000),
  )
  const samples = rows.length * observations.length
  return {
    share: total > 0 ? (2 * wave.power) / samples / total : 0,
    amplitude: (2 * Math.sqrt(wave.power)) / samples,
    inHeight: wave.inHeight,
    perSecond: wave.perSecond,
  }
}

/** Columns of the thumbnail that the head is in no frame's. */
function columnsBesideHead(observations: readonly FrameObservation[]): readonly number[] {
  let left: number = THUMBNAIL.width
  let right = 0
  for (const { mesh, width } of observations) {
    if (mesh === null) continue
    const [ears, eyes] = [EARS, EYES].map((pair) => pair.map((i) => mesh[3 * i]!))
    const hair = HAIR * Math.abs(eyes![0]! - eyes![1]!)
    left = Math.min(left, ((Math.min(...ears!) - hair) * THUMBNAIL.width) / width)
    right = Math.max(right, ((Math.max(...ears!) + hair) * THUMBNAIL.width) / width)
  }
  return Array.from({ length: THUMBNAIL.width }, (_, x) => x).filter((x) => x + 1 < left || x > right)
}

interface RowChanges {
  /** Of the row, in heights of the picture. */
  readonly y: number
  /** In each frame: how much brighter than in the others, as a share, less what the whole picture is. */
  readonly changes: Float64Array
}

function rowChanges(observations: readonly FrameObservation[], columns: readonly number[]): RowChanges[] {
  const { width, height } = THUMBNAIL
  const means = new Float64Array(width * height)
  for (const { thumbnail } of observations) {
    for (let i = 0; i < means.length; i++) means[i]! += thumbnail[i]! / observations.length
  }
  const rows: RowChanges[] = []
  for (let row = 0; row < height; row++) {
    const cells = columns
      .map((column) => row * width + column)
      .filter((i) => means[i]! > LEVELS.least && means[i]! < LEVELS.most)
    if (cells.length < LEAST_COLUMNS / 2) continue
    const changes = Float64Array.from(observations, ({ thumbnail }) =>
      middleMean(cells.map((i) => thumbnail[i]! / means[i]! - 1)),
    )
    rows.push({ y: row / height, changes })
  }
  // Exposure and lamps that are slow change the whole picture.
  for (let frame = 0; frame < observations.length; frame++) {
    const mean = rows.reduce((sum, { changes }) => sum + changes[frame]! / rows.length, 0)
    for (const { changes } of rows) changes[frame]! -= mean
  }
  return rows
}

/** Mean of the middle half: a passer-by in a few columns doesn't count. */
function middleMean(values: number[]): number {
  values.sort((a, b) => a - b)
  const middle = values.slice(Math.floor(values.length / 4), Math.ceil((3 * values.length) / 4))
  return middle.reduce((sum, value) => sum + value, 0) / middle.length
}

/** `power`: squared length of the sum of all changes, each turned by its phase in the wave. */
function strongestWave(rows: readonly RowChanges[], seconds: readonly number[]) {
  let best = { power: 0, inHeight: 0, perSecond: 0 }
  for (let inHeight = IN_HEIGHT.least; inHeight <= IN_HEIGHT.most; inHeight += IN_HEIGHT.step) {
    const frames = seconds.map((_, frame) => {
      let [real, imaginary] = [0, 0]
      for (const { y, changes } of rows) {
        real += changes[frame]! * Math.cos(2 * Math.PI * inHeight * y)
        imaginary += changes[frame]! * Math.sin(2 * Math.PI * inHeight * y)
      }
      return { real, imaginary }
    })
    for (let speed = PER_SECOND.least; speed <= PER_SECOND.most; speed += PER_SECOND.step) {
      for (const perSecond of [speed, -speed]) {
        let [real, imaginary] = [0, 0]
        for (const [i, frame] of frames.entries()) {
          const [cos, sin] = [
            Math.cos(2 * Math.PI * perSecond * seconds[i]!),
            Math.sin(2 * Math.PI * perSecond * seconds[i]!),
          ]
          real += frame.real * cos + frame.imaginary * sin
          imaginary += frame.imaginary * cos - frame.real * sin
        }
        const power = real ** 2 + imaginary ** 2
        if (power > best.power) best = { power, inHeight, perSecond }
      }
    }
  }
  return best
}
