import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import sharp from 'sharp'
import { type DemoFace, demoFaces } from '../../src/demo/faces.ts'
import type { ArcfaceRecogniser } from '../../src/face/arcface-recogniser.ts'
import type { Point } from '../../src/face/detect.ts'
import type { RgbImage } from '../../src/face/recogniser.ts'

/** Somebody to make clips of: a piece of a photograph, 4:3, the person in its middle, with what surrounded them. */
export interface Sitter {
  /** `photograph#number`, stable. */
  readonly name: string
  /** Which half of the people, to report them apart. No photograph is in both. */
  readonly half: 'chosen-on' | 'reported-on'
  readonly image: RgbImage
  readonly eyes: readonly [Point, Point]
  readonly eyeDistance: number
  /** Face Mesh of the person: x, y in the image's pixels, depth in the same unit. */
  readonly mesh: Float32Array
}

const CHOSEN_ON = ['sample6.jpg', 'sample4.jpg']
/** Eye distance after scaling, pixels: that of somebody before a kiosk. */
const EYES_APART = 92
const SIZE = { width: 800, height: 600 }

/** The eight people of src/demo/faces.ts. Throws when a face isn't found again. */
export async function loadSitters(recogniser: ArcfaceRecogniser): Promise<readonly Sitter[]> {
  const sitters: Sitter[] = []
  for (const [i, face] of demoFaces.entries()) sitters.push(await loadSitter(recogniser, face, i))
  return sitters
}

async function loadSitter(recogniser: ArcfaceRecogniser, face: DemoFace, number: number): Promise<Sitter> {
  const file = join(photographs, face.photograph)
  const { width, height } = await sharp(file).metadata()
  const [left, right] = face.eyes
  const scale = EYES_APART / Math.hypot(right.x - left.x, right.y - left.y)
  const wide = Math.min(width, Math.round(SIZE.width / scale))
  const high = Math.min(height, Math.round(SIZE.height / scale))
  const fromLeft = (left.x + right.x) / 2 - wide / 2
  const fromTop = (left.y + right.y) / 2 - 0.42 * high
  const cut = {
    left: Math.round(Math.min(width - wide, Math.max(0, fromLeft))),
    top: Math.round(Math.min(height - high, Math.max(0, fromTop))),
    width: wide,
    height: high,
  }
  const data = await sharp(file)
    .extract(cut)
    .resize({ ...SIZE, fit: 'fill' })
    .toColourspace('srgb')
    .removeAlpha()
    .raw()
    .toBuffer()
  const image = { ...SIZE, data }
  const moved = (eye: Point): Point => ({
    x: ((eye.x - cut.left) * SIZE.width) / wide,
    y: ((eye.y - cut.top) * SIZE.height) / high,
  })
  const eyes = [moved(left), moved(right)] as const
  const eyeDistance = Math.hypot(eyes[1].x - eyes[0].x, eyes[1].y - eyes[0].y)
  const { points, presence } = await recogniser.landmarker.locate(image, {
    box: faceBoxBy(eyes, eyeDistance),
    eyes,
  })
  if (presence < 0.5) throw new Error(`no face in ${face.photograph}`)
  const half = CHOSEN_ON.includes(face.photograph) ? 'chosen-on' : 'reported-on'
  return { name: `${face.photograph}#${number}`, half, image, eyes, eyeDistance, mesh: points }
}

/** Where the detector's box lies around eyes of that distance. */
function faceBoxBy([left, right]: readonly [Point, Point], distance: number) {
  const side = 2.3 * distance
  return {
    x: (left.x + right.x) / 2 - side / 2,
    y: (left.y + right.y) / 2 - 0.38 * side,
    width: side,
    height: side,
  }
}

const photographs = join(
  dirname(createRequire(import.meta.url).resolve('@vladmandic/face-api/package.json')),
  'demo',
)

/** What stands behind a phone or a sheet of paper: a photograph of a room, out of focus. */
export async function loadRoom(): Promise<{ width: number; height: number; data: Float32Array }> {
  const size = { width: 640, height: 480 }
  const data = await sharp(join(photographs, 'sample2.jpg'))
    .resize(size)
    .blur(9)
    .toColourspace('srgb')
    .removeAlpha()
    .raw()
    .toBuffer()
  return { ...size, data: Float32Array.from(data) }
}
