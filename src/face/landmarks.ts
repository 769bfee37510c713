import { type InferenceSession, Tensor } from 'onnxruntime-node'
import type { RgbImage } from './recogniser.ts'
import type { FaceRegion } from './track.ts'
import { type Affine, type PlaneFormat, samplesFor, warp } from './warp.ts'

export const LANDMARK_COUNT = 468

/** Face Mesh: point i is at `points[3 · i]`: x and y in image pixels, depth in the same unit, smaller is nearer. */
export interface Landmarks {
  readonly points: Float32Array
  /** Probability that the crop held a face at all, 0 … 1. */
  readonly presence: number
}

const SIDE = 192
const FORMAT: PlaneFormat = { width: SIDE, height: SIDE, order: 'rgb', scale: 1 / 255, offset: 0 }
/** The network was trained on crops this much larger than the detector's box. */
const CROP = 1.6

/** MediaPipe Face Mesh (Kartynnik et al., 2019), 468 points. Not reentrant: it owns its input buffer. */
export class FaceLandmarker {
  readonly #session: InferenceSession
  readonly #planes = new Float32Array(3 * SIDE * SIDE)
  readonly #input = new Tensor('float32', this.#planes, [1, 3, SIDE, SIDE])

  constructor(session: InferenceSession) {
    this.#session = session
  }

  async locate(image: RgbImage, region: FaceRegion): Promise<Landmarks> {
    const map = uprightCrop(region)
    warp(image, map, FORMAT, this.#planes, samplesFor(map, 2))
    const output = await this.#session.run({ input: this.#input })
    const mesh = output.mesh!.data as Float32Array
    const presence = (output.presence!.data as Float32Array)[0]!
    return { points: intoImage(mesh, map), presence }
  }
}

/** The square around the face, turned so that the eyes are level. */
function uprightCrop({ box, eyes: [left, right] }: FaceRegion): Affine {
  const angle = Math.atan2(right.y - left.y, right.x - left.x)
  const scale = (Math.max(box.width, box.height) * CROP) / SIDE
  const cos = Math.cos(angle) * scale
  const sin = Math.sin(angle) * scale
  const middle = (SIDE - 1) / 2
  const x = box.x + box.width / 2
  const y = box.y + box.height / 2
  return [cos, -sin, x - (cos - sin) * middle, sin, cos, y - (sin + cos) * middle]
}

function intoImage(mesh: Float32Array, [a, b, c, d, e, f]: Affine): Float32Array {
  const points = new Float32Array(LANDMARK_COUNT * 3)
  const scale = Math.hypot(a, d)
  for (let i = 0; i < points.length; i += 3) {
    const x = mesh[i]!
    const y = mesh[i + 1]!
    points[i] = a * x + b * y + c
    points[i + 1] = d * x + e * y + f
    points[i + 2] = mesh[i + 2]! * scale
  }
  return points
}
