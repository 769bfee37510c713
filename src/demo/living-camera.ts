import { join } from 'node:path'
import sharp from 'sharp'
import { pseudoRandom } from '../common/pseudo-random.ts'
import type { PromptKind } from '../station/protocol.ts'
import { type CameraOptions, expose } from './camera.ts'
import { type DemoFace, photographFolder } from './faces.ts'

const WIDTH = 640
const HEIGHT = 480
/** Distance between the eyes, frame pixels; of a grown-up's head it is 6.3 cm. */
const EYES_APART = 84
const PIXELS_PER_CM = EYES_APART / 6.3

/** Where a head goes; everything is 0 (growth 1) for one that looks into the camera at rest. */
export interface HeadAct {
  /** Radians; positive turns to the image's right, which is the person's own left. */
  readonly yaw?: number
  /** Radians; positive looks down. */
  readonly pitch?: number
  /** Centimetres between the lips. */
  readonly mouth?: number
  readonly growth?: number
}

/**
 * A simulated camera before a simulated head: 640 × 480 JPEG frames of a photograph whose person sways, turns and nods a
 * little all the time, as people do, over a head's depth, so that the nose moves before the ears while the room stays.
 * `act` adds a movement that somebody asked for, frame by frame. It shows that the parts work together: the depth is a
 * drawn one, and what the liveness layers make of it is no evidence of what they make of people.
 */
export async function* livingFrames(
  face: DemoFace,
  { count, seed, act = () => ({}) }: CameraOptions & { readonly act?: (frame: number) => HeadAct },
): AsyncIterable<Uint8Array> {
  const photograph = await sceneOf(face)
  const random = pseudoRandom(seed)
  const phase = Array.from({ length: 6 }, () => random() * 2 * Math.PI)
  for (let i = 0; i < count; i++) {
    const sway = (which: number, period: number) => Math.sin(phase[which]! + (2 * Math.PI * i) / period)
    const { yaw = 0, pitch = 0, mouth = 0, growth = 1 } = act(i)
    const pose: Pose = {
      yaw: yaw + 0.08 * sway(0, 31),
      pitch: pitch + 0.04 * sway(1, 47),
      mouth,
      growth: growth + 0.02 * sway(2, 57),
      x: 5 * sway(3, 71),
      y: 3 * sway(4, 53),
    }
    const sensor = { light: 1 + 0.03 * sway(5, 90), noise: 2 + random(), blur: 0.3 }
    yield await expose(draw(photograph, pose), sensor, random)
  }
}

/** A person who does what is asked after half a second, as far as people do, and then looks ahead again. */
export function obeying(kind: PromptKind): (frame: number) => HeadAct {
  const farthest = MOVEMENTS[kind]
  return (frame) => {
    const share = within(Math.min((frame - 6) / 8, (40 - frame) / 8), 1)
    return {
      yaw: (farthest.yaw ?? 0) * share,
      pitch: (farthest.pitch ?? 0) * share,
      mouth: (farthest.mouth ?? 0) * share,
      growth: 1 + ((farthest.growth ?? 1) - 1) * share,
    }
  }
}

const MOVEMENTS: Readonly<Record<PromptKind, HeadAct>> = {
  'turn-left': { yaw: 0.6 },
  'turn-right': { yaw: -0.6 },
  'look-up': { pitch: -0.5 },
  'look-down': { pitch: 0.45 },
  'open-mouth': { mouth: 3.4 },
  'come-closer': { growth: 1.4 },
}

interface Pose extends Required<HeadAct> {
  /** Of the whole head, frame pixels. */
  readonly x: number
  readonly y: number
}

/** The photograph at the frame's size, the middle of the eyes where they are looked for. */
interface Photograph {
  readonly data: Uint8Array
  readonly middle: { readonly x: number; readonly y: number }
  /** Depth of each pixel before the ears, centimetres. */
  readonly depth: Float32Array
}

/** A 4:3 piece of the photograph; what is far from the person is out of focus, so that no second face is in it. */
async function sceneOf({ photograph, eyes: [left, right] }: DemoFace): Promise<Photograph> {
  const file = join(photographFolder(), photograph)
  const scale = EYES_APART / Math.hypot(right.x - left.x, right.y - left.y)
  const { width = 0, height = 0 } = await sharp(file).metadata()
  const wide = Math.min(width, Math.round(WIDTH / scale), Math.floor((height * WIDTH) / HEIGHT))
  const high = Math.round((wide * HEIGHT) / WIDTH)
  const eyes = { x: (left.x + right.x) / 2, y: (left.y + right.y) / 2 }
  const cut = {
    left: Math.round(within(eyes.x - wide / 2, width - wide)),
    top: Math.round(within(eyes.y - 0.42 * high, height - high)),
    width: wide,
    height: high,
  }
  const piece = () => sharp(file).extract(cut).resize(WIDTH, HEIGHT, { fit: 'fill' }).removeAlpha()
  const sharpened = await piece().toColourspace('srgb').raw().toBuffer()
  const blurred = await piece().blur(14).toColourspace('srgb').raw().toBuffer()
  const middle = { x: ((eyes.x - cut.left) * WIDTH) / wide, y: ((eyes.y - cut.top) * HEIGHT) / high }
  const data = new Uint8Array(sharpened.length)
  const depth = new Float32Array(WIDTH * HEIGHT)
  for (let i = 0; i < depth.length; i++) {
    const x = ((i % WIDTH) - middle.x) / PIXELS_PER_CM
    const y = (Math.floor(i / WIDTH) - middle.y) / PIXELS_PER_CM
    depth[i] = depthAt(x, y)
    const focus = focusAt(x, y)
    for (let c = 0; c < 3; c++) {
      data[3 * i + c] = blurred[3 * i + c]! + focus * (sharpened[3 * i + c]! - blurred[3 * i + c]!)
    }
  }
  return { data, middle, depth }
}

function within(value: number, most: number): number {
  return Math.min(most, Math.max(0, value))
}

/** Half an ellipsoid with a nose; centimetres from between the eyes (after the canonical face model of MediaPipe). */
function depthAt(x: number, y: number): number {
  const rest = 1 - (x / 8.4) ** 2 - ((y - 2.3) / 12) ** 2
  if (rest <= 0) return 0
  return 7 * Math.sqrt(rest) + 2.9 * Math.exp(-((x / 1.6) ** 2) - ((y - 3.9) / 2) ** 2)
}

/** 1 over head and shoulders, 0 where neighbours stand. */
function focusAt(x: number, y: number): number {
  const wide = y > 12 ? 16 : 11.5
  return within((wide + 2.5 - Math.abs(x)) / 2.5, 1)
}

/** How far a point goes along with the head: wholly near it, not at all at the picture's edge. */
function share(x: number, y: number): number {
  const far = Math.hypot(x / 11, (y - 3) / 15)
  return within((1.75 - far) / 0.75, 1)
}

/** Interleaved RGB, 0 … 255. */
function draw({ data, middle, depth }: Photograph, pose: Pose): Float32Array {
  const scene = new Float32Array(3 * WIDTH * HEIGHT)
  const sideways = Math.sin(pose.yaw) * PIXELS_PER_CM
  const down = Math.sin(pose.pitch) * PIXELS_PER_CM
  for (let py = 0; py < HEIGHT; py++) {
    for (let px = 0; px < WIDTH; px++) {
      const along = share((px - middle.x) / PIXELS_PER_CM, (py - middle.y) / PIXELS_PER_CM)
      const restX = px - along * (px - middle.x - (px - middle.x - pose.x) / pose.growth)
      const restY = py - along * (py - middle.y - (py - middle.y - pose.y) / pose.growth)
      let x = restX
      let y = restY
      // Where a point comes from depends on its depth there: two rounds are within half a pixel.
      for (let round = 0; round < 3 && isNearHead(px - middle.x, py - middle.y); round++) {
        const z = depth[nearest(y, HEIGHT) * WIDTH + nearest(x, WIDTH)]!
        x = restX - z * sideways
        y = restY - z * down
      }
      const opened = openMouth((x - middle.x) / PIXELS_PER_CM, (y - middle.y) / PIXELS_PER_CM, pose.mouth)
      const i = 3 * (py * WIDTH + px)
      if (opened === null) {
        scene.set(INSIDE_OF_MOUTH, i)
        continue
      }
      sample(data, x, y - opened * PIXELS_PER_CM, scene, i)
    }
  }
  return scene
}

/** Beyond that no turn brings anything of the face. */
function isNearHead(x: number, y: number): boolean {
  return Math.abs(x) < 14 * PIXELS_PER_CM && y > -16 * PIXELS_PER_CM && y < 20 * PIXELS_PER_CM
}

const INSIDE_OF_MOUTH = [52, 22, 24]
/** Where the lips meet below the eyes, and half their width, centimetres. */
const LIPS = 6.6
const LIPS_WIDE = 2.6

/** How far the lower part of the face has gone down here, centimetres; null between the lips. */
function openMouth(x: number, y: number, mouth: number): number | null {
  if (mouth <= 0 || y < LIPS) return 0
  const gap = mouth * Math.max(0, 1 - (x / LIPS_WIDE) ** 2) ** 0.5
  if (y < LIPS + gap) return null
  return mouth * Math.exp(-((x / 6) ** 2)) * within((14 - y) / 5, 1) * (gap > 0 ? 1 : 0.8)
}

function nearest(value: number, size: number): number {
  return Math.min(size - 1, Math.max(0, Math.round(value)))
}

/** Bilinear. */
function sample(data: Uint8Array, x: number, y: number, into: Float32Array, at: number): void {
  const left = Math.min(WIDTH - 2, Math.max(0, Math.floor(x)))
  const top = Math.min(HEIGHT - 2, Math.max(0, Math.floor(y)))
  const right = Math.min(1, Math.max(0, x - left))
  const below = Math.min(1, Math.max(0, y - top))
  const i = 3 * (top * WIDTH + left)
  for (let c = 0; c < 3; c++) {
    const upper = data[i + c]! * (1 - right) + data[i + 3 + c]! * right
    const lower = data[i + 3 * WIDTH + c]! * (1 - right) + data[i + 3 * WIDTH + 3 + c]! * right
    into[at + c] = upper * (1 - below) + lower * below
  }
}
