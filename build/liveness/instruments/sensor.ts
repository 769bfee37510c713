import sharp from 'sharp'
import { pseudoRandom } from '../../../src/common/pseudo-random.ts'
import { FRAME, type Scene } from './picture.ts'

/** A webcam's habits during one clip. */
export interface Sensor {
  /** Standard deviation, grey levels. */
  readonly noise: number
  /** Standard deviation of the lens's blur, pixels. */
  readonly blur: number
  /** Share by which the exposure goes up and down, and over how many frames. */
  readonly flicker: number
  readonly flickerPeriod: number
  /** JPEG quality, 1 … 100. */
  readonly quality: number
}

export function someSensor(random: () => number): Sensor {
  return {
    noise: 1.5 + 3 * random(),
    blur: 0.4 + 0.4 * random(),
    flicker: 0.01 + 0.04 * random(),
    flickerPeriod: 5 + 20 * random(),
    quality: Math.round(82 + 12 * random()),
  }
}

/** Of standard deviation one, bell-shaped (a sum of three even ones is near enough). */
const NOISE = noiseTable(1 << 20)

function noiseTable(length: number): Float32Array {
  const random = pseudoRandom(1)
  return Float32Array.from({ length }, () => 2 * (random() + random() + random() - 1.5))
}

/** The scene as the sensor gives it at frame `index`: blurred, exposed, noisy, clipped, JPEG. */
export async function expose(
  scene: Scene,
  sensor: Sensor,
  index: number,
  random: () => number,
): Promise<Uint8Array> {
  const light = 1 + sensor.flicker * Math.sin((2 * Math.PI * index) / sensor.flickerPeriod)
  const blurred = blur(scene, sensor.blur)
  const bytes = new Uint8ClampedArray(blurred.length)
  // Drawing three million numbers for each frame would take longer than everything else.
  let place = Math.floor(random() * NOISE.length)
  const stride = 1 + 2 * Math.floor(random() * 5_000)
  for (let i = 0; i < bytes.length; i++) {
    place = (place + stride) & (NOISE.length - 1)
    bytes[i] = light * blurred[i]! + sensor.noise * NOISE[place]!
  }
  const raw = { width: FRAME.width, height: FRAME.height, channels: 3 as const }
  return sharp(new Uint8Array(bytes.buffer), { raw }).jpeg({ quality: sensor.quality }).toBuffer()
}

/** Gauss by three taps each way: enough below one pixel. */
function blur({ width, height, data }: Scene, deviation: number): Float32Array {
  const side = Math.exp(-1 / (2 * deviation * deviation))
  const centre = 1 / (1 + 2 * side)
  const edge = side * centre
  const across = new Float32Array(data.length)
  const row = 3 * width
  for (let i = 0; i < data.length; i++) {
    const x = i % row
    const before = x < 3 ? i : i - 3
    const after = x >= row - 3 ? i : i + 3
    across[i] = centre * data[i]! + edge * (data[before]! + data[after]!)
  }
  const out = new Float32Array(data.length)
  for (let i = 0; i < data.length; i++) {
    const before = i < row ? i : i - row
    const after = i >= row * (height - 1) ? i : i + row
    out[i] = centre * across[i]! + edge * (across[before]! + across[after]!)
  }
  return out
}
