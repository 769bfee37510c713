import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import sharp from 'sharp'
import type { Point } from '../face/detect.ts'
import type { RgbImage } from '../face/recogniser.ts'

/**
 * A person in one of the photographs that @vladmandic/face-api ships for its own demonstration.
 * The demonstration uses them as they lie in node_modules; they are never copied into the product or its documents.
 */
export interface DemoFace {
  readonly photograph: string
  /** Middle of the eyes on the photograph's left and right, its pixels. */
  readonly eyes: readonly [Point, Point]
}

function face(photograph: string, leftX: number, leftY: number, rightX: number, rightY: number): DemoFace {
  return {
    photograph,
    eyes: [
      { x: leftX, y: leftY },
      { x: rightX, y: rightY },
    ],
  }
}

/** People who look into the camera and whose scores against each other are low. */
export const demoFaces: readonly DemoFace[] = [
  face('sample6.jpg', 322, 611, 422, 601),
  face('sample6.jpg', 703, 456, 794, 450),
  face('sample6.jpg', 1535, 376, 1629, 397),
  face('sample3.jpg', 631, 434, 724, 435),
  face('sample3.jpg', 1555, 412, 1650, 407),
  face('sample4.jpg', 1010, 280, 1081, 288),
  face('sample1.jpg', 443, 458, 519, 459),
  face('sample5.jpg', 422, 995, 524, 981),
]

/** A face cut out of its photograph. */
export interface FaceCutout {
  readonly image: RgbImage
  /** In the cut-out's pixels. */
  readonly eyes: readonly [Point, Point]
}

/** How far the cut-out reaches from between the eyes, in eye distances: hair and chin, but not the neighbours. */
const REACH = { left: 2, right: 2, up: 1.9, down: 2.6 }

/** Cuts a face out of its photograph; smaller than asked where the photograph ends. */
export async function cutOut({ photograph, eyes: [left, right] }: DemoFace): Promise<FaceCutout> {
  const distance = Math.hypot(right.x - left.x, right.y - left.y)
  const middle = { x: (left.x + right.x) / 2, y: (left.y + right.y) / 2 }
  const file = join(photographFolder(), photograph)
  const { width, height } = await sharp(file).metadata()
  const x = Math.max(0, Math.round(middle.x - REACH.left * distance))
  const y = Math.max(0, Math.round(middle.y - REACH.up * distance))
  const cut = {
    left: x,
    top: y,
    width: Math.min(width, Math.round(middle.x + REACH.right * distance)) - x,
    height: Math.min(height, Math.round(middle.y + REACH.down * distance)) - y,
  }
  const data = await sharp(file).extract(cut).toColourspace('srgb').removeAlpha().raw().toBuffer()
  const moved = (eye: Point): Point => ({ x: eye.x - x, y: eye.y - y })
  return { image: { width: cut.width, height: cut.height, data }, eyes: [moved(left), moved(right)] }
}

export function photographFolder(): string {
  return join(dirname(createRequire(import.meta.url).resolve('@vladmandic/face-api/package.json')), 'demo')
}
