import type { RgbImage } from './recogniser.ts'

/** Maps a target pixel (x, y) to the source: (a·x + b·y + c, d·x + e·y + f). Pixel centres have whole coordinates. */
export type Affine = readonly [a: number, b: number, c: number, d: number, e: number, f: number]

/** How a network wants its picture: channels first, value = channel × scale + offset. */
export interface PlaneFormat {
  readonly width: number
  readonly height: number
  readonly order: 'rgb' | 'bgr'
  readonly scale: number
  readonly offset: number
}

/** At most so many samples a side: see `samplesFor`. */
const MOST_SAMPLES = 4
/** Where the samples of a pixel lie in the source, relative to its first; one warp runs at a time. */
const offsetX = new Float64Array(MOST_SAMPLES * MOST_SAMPLES)
const offsetY = new Float64Array(MOST_SAMPLES * MOST_SAMPLES)

/**
 * Samples `image` bilinearly into three planes (`3 · width · height` numbers of `out`), black outside the image.
 * `samples`² points are averaged for a pixel, against aliasing when the map shrinks; see `samplesFor`.
 * Nothing is allocated: this runs several times for each camera frame.
 */
export function warp(
  image: RgbImage,
  map: Affine,
  { width, height, order, scale, offset }: PlaneFormat,
  out: Float32Array,
  samples = 1,
): void {
  const [a, b, c, d, e, f] = map
  const { data } = image
  const rightmost = image.width - 1
  const lowest = image.height - 1
  const row = image.width * 3
  const plane = width * height
  const redPlane = order === 'rgb' ? 0 : 2 * plane
  const bluePlane = order === 'rgb' ? 2 * plane : 0
  const count = samples * samples
  const weight = scale / count
  for (let sample = 0; sample < count; sample++) {
    const x = ((sample % samples) + 0.5) / samples - 0.5
    const y = (Math.floor(sample / samples) + 0.5) / samples - 0.5
    offsetX[sample] = a * x + b * y + c
    offsetY[sample] = d * x + e * y + f
  }

  for (let y = 0, target = 0; y < height; y++) {
    for (let x = 0; x < width; x++, target++) {
      const pixelX = a * x + b * y
      const pixelY = d * x + e * y
      let red = 0
      let green = 0
      let blue = 0
      for (let sample = 0; sample < count; sample++) {
        const sourceX = pixelX + offsetX[sample]!
        const sourceY = pixelY + offsetY[sample]!
        if (sourceX >= 0 && sourceY >= 0 && sourceX < rightmost && sourceY < lowest) {
          // Not negative here, so this is Math.floor, and faster.
          const left = sourceX | 0
          const top = sourceY | 0
          const right = sourceX - left
          const down = sourceY - top
          const lowerRight = right * down
          const upperRight = right - lowerRight
          const lowerLeft = down - lowerRight
          const upperLeft = 1 - right - lowerLeft
          const i = top * row + left * 3
          const j = i + row
          red +=
            upperLeft * data[i]! +
            upperRight * data[i + 3]! +
            lowerLeft * data[j]! +
            lowerRight * data[j + 3]!
          green +=
            upperLeft * data[i + 1]! +
            upperRight * data[i + 4]! +
            lowerLeft * data[j + 1]! +
            lowerRight * data[j + 4]!
          blue +=
            upperLeft * data[i + 2]! +
            upperRight * data[i + 5]! +
            lowerLeft * data[j + 2]! +
            lowerRight * data[j + 5]!
        } else if (sourceX > -1 && sourceY > -1 && sourceX < rightmost + 1 && sourceY < lowest + 1) {
          // On the rim, where some of the four neighbours are black.
          const left = Math.floor(sourceX)
          const top = Math.floor(sourceY)
          for (let corner = 0; corner < 4; corner++) {
            const px = left + (corner & 1)
            const py = top + (corner >> 1)
            if (px < 0 || py < 0 || px > rightmost || py > lowest) continue
            const right = sourceX - left
            const down = sourceY - top
            const share = (corner & 1 ? right : 1 - right) * (corner >> 1 ? down : 1 - down)
            const i = py * row + px * 3
            red += share * data[i]!
            green += share * data[i + 1]!
            blue += share * data[i + 2]!
          }
        }
      }
      out[redPlane + target] = red * weight + offset
      out[plane + target] = green * weight + offset
      out[bluePlane + target] = blue * weight + offset
    }
  }
}

/** Samples a side that keep a map from skipping source pixels: 1 up to a shrink of `from`, at most 4. */
export function samplesFor([a, , , d]: Affine, from: number): number {
  const shrink = Math.hypot(a, d)
  return shrink <= from ? 1 : Math.min(MOST_SAMPLES, Math.ceil(shrink / 1.5))
}
