import { type InferenceSession, Tensor } from 'onnxruntime-node'
import type { Box, RgbImage } from './recogniser.ts'
import { type Affine, type PlaneFormat, samplesFor, warp } from './warp.ts'

export interface Point {
  readonly x: number
  readonly y: number
}

export interface Detection {
  /** 0 … 1 */
  readonly score: number
  readonly box: Box
  /** The eye on the image's left, then the one on its right. */
  readonly eyes: readonly [Point, Point]
}

const SIDE = 256
const FORMAT: PlaneFormat = { width: SIDE, height: SIDE, order: 'rgb', scale: 1 / 127.5, offset: -1 }

/** Grids of the network's two output layers, with the anchors in each cell (MediaPipe BlazeFace, rear camera). */
const GRIDS = [
  { cells: 16, anchors: 2, scores: 'scores_16', boxes: 'boxes_16' },
  { cells: 8, anchors: 6, scores: 'scores_8', boxes: 'boxes_8' },
] as const
/** A box is centre, size and six key points, each x and y. */
const BOX_VALUES = 16
const SAME_FACE_OVERLAP = 0.3

/** BlazeFace (Bazarevsky et al., 2019) on one picture after the other. Not reentrant: it owns its input buffer. */
export class FaceDetector {
  readonly #session: InferenceSession
  readonly #planes = new Float32Array(3 * SIDE * SIDE)
  readonly #input = new Tensor('float32', this.#planes, [1, 3, SIDE, SIDE])

  constructor(session: InferenceSession) {
    this.#session = session
  }

  /** Faces with at least this score, most prominent (large and central) first, without double finds. */
  async detect(image: RgbImage, minimumScore: number): Promise<Detection[]> {
    const frame = letterbox(image)
    warp(image, frame.map, FORMAT, this.#planes, samplesFor(frame.map, 3))
    const output = await this.#session.run({ input: this.#input })
    const candidates: Detection[] = []
    for (const grid of GRIDS) {
      const scores = output[grid.scores]!.data as Float32Array
      const boxes = output[grid.boxes]!.data as Float32Array
      for (let i = 0; i < scores.length; i++) {
        const score = 1 / (1 + Math.exp(-scores[i]!))
        if (score >= minimumScore) candidates.push(readDetection(boxes, i, grid, score, frame))
      }
    }
    return withoutDoubles(candidates).sort((a, b) => prominence(b, image) - prominence(a, image))
  }
}

interface Letterbox {
  readonly map: Affine
  /** Side of the square around the image, image pixels, and where the square begins. */
  readonly side: number
  readonly left: number
  readonly top: number
}

/** Fits the whole image into the middle of the network's square. */
function letterbox({ width, height }: RgbImage): Letterbox {
  const side = Math.max(width, height)
  const scale = side / SIDE
  const left = (width - side) / 2
  const top = (height - side) / 2
  return { map: [scale, 0, scale / 2 - 0.5 + left, 0, scale, scale / 2 - 0.5 + top], side, left, top }
}

function readDetection(
  boxes: Float32Array,
  index: number,
  { cells, anchors }: (typeof GRIDS)[number],
  score: number,
  { side, left, top }: Letterbox,
): Detection {
  const cell = Math.floor(index / anchors)
  const anchorX = ((cell % cells) + 0.5) / cells
  const anchorY = (Math.floor(cell / cells) + 0.5) / cells
  const value = (offset: number) => boxes[index * BOX_VALUES + offset]! / SIDE
  const point = (offset: number): Point => ({
    x: (value(offset) + anchorX) * side + left,
    y: (value(offset + 1) + anchorY) * side + top,
  })
  const centre = point(0)
  const width = value(2) * side
  const height = value(3) * side
  const box = { x: centre.x - width / 2, y: centre.y - height / 2, width, height }
  return { score, box, eyes: [point(4), point(6)] }
}

function withoutDoubles(candidates: Detection[]): Detection[] {
  const kept: Detection[] = []
  for (const candidate of candidates.sort((a, b) => b.score - a.score)) {
    if (kept.every(({ box }) => overlap(box, candidate.box) < SAME_FACE_OVERLAP)) kept.push(candidate)
  }
  return kept
}

/** Intersection over union, 0 … 1. */
function overlap(a: Box, b: Box): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x)
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y)
  if (width <= 0 || height <= 0) return 0
  const common = width * height
  return common / (a.width * a.height + b.width * b.height - common)
}

/** Width, less the further from the middle: the person in front, not the one passing behind. */
function prominence({ box }: Detection, image: RgbImage): number {
  const dx = box.x + box.width / 2 - image.width / 2
  const dy = box.y + box.height / 2 - image.height / 2
  return box.width * (1 - Math.hypot(dx, dy) / Math.hypot(image.width / 2, image.height / 2))
}
