import type { Landmarks } from '../landmarks.ts'
import type { RgbImage } from '../recogniser.ts'
import type { FaceColours, Rgb } from './observation.ts'

/** Face Mesh points in the middle of forehead, left cheek and right cheek: skin, rarely covered. */
const SKIN = [151, 50, 280] as const
/** Points at the outer corners of the eyes: their distance is the unit of size. */
const EYES = [33, 263] as const
const PATCH = 0.12

/** Mean colour of three skin patches, and of the picture's left and right edge, outside the head. */
export function faceColours(image: RgbImage, { points }: Landmarks): FaceColours {
  const [left, right] = EYES
  const size = Math.hypot(
    points[3 * right]! - points[3 * left]!,
    points[3 * right + 1]! - points[3 * left + 1]!,
  )
  const radius = Math.max(1, size * PATCH)
  const patches = SKIN.map((i) => meanColour(image, square(points[3 * i]!, points[3 * i + 1]!, radius)))
  const edge = Math.max(1, image.width / 12)
  const edges = [0, image.width - edge].map((x) =>
    meanColour(image, { left: x, right: x + edge, top: 0, bottom: image.height }),
  )
  return { face: mean(patches), surround: mean(edges) }
}

interface Region {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

function square(x: number, y: number, radius: number): Region {
  return { left: x - radius, right: x + radius, top: y - radius, bottom: y + radius }
}

/** Black where the region lies outside the image. */
function meanColour({ width, height, data }: RgbImage, region: Region): Rgb {
  const sum: [number, number, number] = [0, 0, 0]
  let count = 0
  for (let y = Math.max(0, Math.floor(region.top)); y < Math.min(height, region.bottom); y++) {
    for (let x = Math.max(0, Math.floor(region.left)); x < Math.min(width, region.right); x++) {
      const i = 3 * (y * width + x)
      for (const channel of [0, 1, 2] as const) sum[channel] += data[i + channel]!
      count++
    }
  }
  const divisor = Math.max(1, count)
  return [sum[0] / divisor, sum[1] / divisor, sum[2] / divisor]
}

function mean(colours: readonly Rgb[]): Rgb {
  const channel = (i: 0 | 1 | 2) => colours.reduce((sum, colour) => sum + colour[i], 0) / colours.length
  return [channel(0), channel(1), channel(2)]
}
