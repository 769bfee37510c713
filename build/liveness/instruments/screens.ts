import type { Medium } from './flat-picture.ts'
import { smoothStep } from './picture.ts'

export interface ScreenKind {
  /** Half the shown size, pixels of the played picture. */
  readonly halfWidth: number
  readonly halfHeight: number
  readonly rim: number
  /** The display's own pixels for one pixel of the played picture: near a whole or half number the moiré is coarse. */
  readonly pitch: readonly [least: number, most: number]
  readonly glare: readonly [least: number, most: number]
  /** Depth of the bands of a backlight that is dimmed by switching it; zero when it is dimmed by current. */
  readonly bands: readonly [least: number, most: number]
}

const SWITCHED = [0.01, 0.04] as const

export const PHONE: ScreenKind = {
  halfWidth: 150,
  halfHeight: 260,
  rim: 12,
  // 720 to 1440 pixels across, 300 of the camera's.
  pitch: [2.4, 4.8],
  glare: [10, 60],
  bands: SWITCHED,
}
export const TABLET: ScreenKind = {
  halfWidth: 300,
  halfHeight: 225,
  rim: 30,
  // 800 to 2048 across, 600 of the camera's.
  pitch: [1.3, 3.4],
  glare: [10, 50],
  bands: SWITCHED,
}
/** So near that no bezel is seen. */
export const MONITOR: ScreenKind = {
  halfWidth: 900,
  halfHeight: 600,
  rim: 40,
  // 1366 to 3840 across, 1800 of the camera's (a third of the display is seen).
  pitch: [0.75, 2.2],
  glare: [0, 20],
  bands: SWITCHED,
}
export const STEADY_MONITOR: ScreenKind = { ...MONITOR, bands: [0, 0] }

/**
 * A backlit display: bluish, contrasty, black that isn't black, a lattice of red, green and blue stripes that beats
 * with the sensor's pixels (moiré), bands that crawl down as display and shutter drift, and the room's lamp in the glass.
 */
export function screen(kind: ScreenKind, random: () => number): () => Medium {
  const between = ([least, most]: readonly [number, number]) => least + (most - least) * random()
  const pitch = between(kind.pitch)
  const optics = someOptics(random)
  const columns = Math.min(0.6, STRIPES * passedBy(optics, pitch))
  const lines = LINES * passedBy(optics, pitch)
  const glare = between(kind.glare)
  const glareAt = { u: (2 * random() - 1) * kind.halfWidth, v: -random() * kind.halfHeight }
  const glareSize = (0.3 + 0.4 * random()) * kind.halfHeight
  const blackLevel = 6 + 14 * random()
  const blue = 1.02 + 0.1 * random()
  const depth = between(kind.bands)
  const contrast = 1.05 + 0.15 * random()
  const bands = wanderingBands(depth, random)
  let frame = 0
  return () => {
    const bandAt = bands(frame++)
    return {
      halfWidth: kind.halfWidth,
      halfHeight: kind.halfHeight,
      rim: kind.rim,
      rimColour: [14, 14, 16],
      bend: Number.POSITIVE_INFINITY,
      shade(colour, u, v, _x, y) {
        const across = 2 * Math.PI * u * pitch
        const rows = 1 + lines * Math.cos(2 * Math.PI * v * pitch)
        const band = bandAt(y)
        const spot = glare * (1 - smoothStep(0, glareSize, Math.hypot(u - glareAt.u, v - glareAt.v)))
        for (let channel = 0; channel < 3; channel++) {
          const stripe = 1 + columns * Math.cos(across + (2 * Math.PI * channel) / 3)
          const light = 128 + contrast * (colour[channel]! - 128)
          const tint = channel === 2 ? blue : channel === 0 ? 2 - blue : 1
          colour[channel] = blackLevel + 0.94 * Math.max(0, light) * tint * stripe * rows * band + spot
        }
      },
    }
  }
}

/**
 * Light that is switched faster than the eye sees and filmed line by line: the factor at row `y` of frame `index`. One band to four
 * in the height of the picture, a third of one to two of which pass a second.
 */
export function wanderingBands(
  depth: number,
  random: () => number,
): (index: number) => (y: number) => number {
  const length = 20 + 56 * random()
  const speed = (0.2 + 1.1 * random()) * (random() < 0.5 ? -1 : 1)
  return (index) => (y) => 1 + depth * Math.sin(speed * index + y / length)
}

/** Contrast of the first harmonic of stripes a third of a pixel wide, of one colour … */
const STRIPES = 1.65
/** … and of lines that are lit on four fifths of their height. */
const LINES = 0.47

/** Between the display's light and one pixel of the frame. */
interface Optics {
  /** The sensor's pixels for one of the frame, of which only one is read: cheap cameras skip, good ones average (1). */
  readonly skipped: number
  /** Standard deviation of the lens's blur, the sensor's pixels. */
  readonly blur: number
}

function someOptics(random: () => number): Optics {
  return { skipped: 1 + Math.floor(3 * random()), blur: 0.3 + 0.2 * random() }
}

/** Share of the contrast of a grid of `frequency` cycles a frame pixel that lens (Gauss) and aperture (box) let through. */
function passedBy({ skipped, blur }: Optics, frequency: number): number {
  const onSensor = frequency / skipped
  const aperture = Math.abs(Math.sin(Math.PI * onSensor) / (Math.PI * onSensor))
  return aperture * Math.exp(-2 * (Math.PI * blur * onSensor) ** 2)
}
