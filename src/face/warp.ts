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

/**
 * Samples `image` bilinearly into three planes (`3 · width · height` numbers of `out`), black outside the image.
 * `samples`² points are averaged for a pixel, against aliasing when the map shrinks; see `samplesFor`.
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
  const sourceWidth = image.width
  const sourceHeight = image.height
  const row = sourceWidth * 3
  const plane = width * height
  const redPlane = order === 'rgb' ? 0 : 2 * plane
  const bluePlane = order === 'rgb' ? 2 * plane : 0
  const weight = scale / (samples * samples)

  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let red = 0
      let green = 0
      let blue = 0
      for (let sample = 0; sample < samples * samples; sample++) {
        const targetX = x + ((sample % samples) + 0.5) / samples - 0.5
        const targetY = y + (Math.floor(sample / samples) + 0.5) / samples - 0.5
        const sourceX = a * targetX + b * targetY + c
        const sourceY = d * targetX + e * targetY + f
        const left = Math.floor(sourceX)
        const top = Math.floor(sourceY)
        const right = sourceX - left
        const down = sourceY - top
        if (left >= 0 && top >= 0 && left < sourceWidth - 1 && top < sourceHeight - 1) {
          const upperLeft = (1 - right) * (1 - down)
          const upperRight = right * (1 - down)
          const lowerLeft = (1 - right) * down
          const lowerRight = right * down
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
        } else if (left >= -1 && top >= -1 && left < sourceWidth && top < sourceHeight) {
          for (let corner = 0; corner < 4; corner++) {
            const px = left + (corner & 1)
            const py = top + (corner >> 1)
            if (px < 0 || py < 0 || px >= sourceWidth || py >= sourceHeight) continue
            const share = (corner & 1 ? right : 1 - right) * (corner >> 1 ? down : 1 - down)
            const i = py * row + px * 3
            red += share * data[i]!
            green += share * data[i + 1]!
            blue += share * data[i + 2]!
          }
        }
      }
      const i = y * width + x
      out[redPlane + i] = red * weight + offset
      out[plane + i] = green * weight + offset
      out[bluePlane + i] = blue * weight + offset
    }
  }
}

/** Samples a side that keep a map from skipping source pixels: 1 up to a shrink of `from`, at most 4. */
export function samplesFor([a, , , d]: Affine, from: number): number {
  const shrink = Math.hypot(a, d)
  return shrink <= from ? 1 : Math.min(4, Math.ceil(shrink / 1.5))
}
