import sharp from 'sharp'
import { pseudoRandom } from '../common/pseudo-random.ts'
import { type Affine, samplesFor, warp } from '../face/warp.ts'
import { cutOut, type DemoFace, type FaceCutout } from './faces.ts'

const WIDTH = 640
const HEIGHT = 480

export interface CameraOptions {
  /** Frames until the camera stops. */
  readonly count: number
  /** Same seed, same frames. */
  readonly seed: number
}

/**
 * A simulated camera: 640 × 480 JPEG frames of one person who sways, nods, comes nearer, in light that changes, with
 * the blur and noise of a cheap sensor. All frames of a face come from one photograph, and so does its portrait:
 * they show that the parts work together and prove nothing about accuracy.
 */
export async function* cameraFrames(
  face: DemoFace,
  { count, seed }: CameraOptions,
): AsyncIterable<Uint8Array> {
  const cutout = await cutOut(face)
  const random = pseudoRandom(seed)
  const phase = Array.from({ length: 6 }, () => random() * 2 * Math.PI)
  for (let i = 0; i < count; i++) {
    const sway = (which: number, period: number) => Math.sin(phase[which]! + (2 * Math.PI * i) / period)
    const pose: Pose = {
      x: WIDTH / 2 + 50 * sway(0, 40),
      y: HEIGHT * 0.42 + 20 * sway(1, 31),
      eyeDistance: 85 + 20 * sway(2, 57),
      roll: 0.1 * sway(3, 37),
      squeeze: 0.96 + 0.04 * sway(4, 29),
    }
    const sensor = { light: 0.95 + 0.2 * sway(5, 45), noise: 3 + 4 * random(), blur: 0.3 + 0.5 * random() }
    yield await expose(drawPerson(cutout, pose), sensor, random)
  }
}

/** The same room with nobody in front of the camera. */
export async function* emptyFrames(
  { count, seed }: CameraOptions = { count: 150, seed: 1 },
): AsyncIterable<Uint8Array> {
  const random = pseudoRandom(seed)
  for (let i = 0; i < count; i++) {
    yield await expose(drawRoom(), { light: 1, noise: 3 + 4 * random(), blur: 0.5 }, random)
  }
}

interface Pose {
  /** Where the middle between the eyes comes to lie, and how far apart they are, frame pixels. */
  readonly x: number
  readonly y: number
  readonly eyeDistance: number
  /** Radians. */
  readonly roll: number
  /** Width as a share of what it was: a head turned a little is narrower. */
  readonly squeeze: number
}

/** Interleaved RGB, 0 … 255. */
type Scene = Float32Array

/** A wall that gets darker towards the floor. */
function drawRoom(): Scene {
  const scene = new Float32Array(3 * WIDTH * HEIGHT)
  for (let i = 0; i < WIDTH * HEIGHT; i++) {
    const shade = 185 - 70 * (Math.floor(i / WIDTH) / HEIGHT)
    scene[3 * i] = shade
    scene[3 * i + 1] = shade
    scene[3 * i + 2] = shade * 0.95
  }
  return scene
}

function drawPerson({ image, eyes }: FaceCutout, pose: Pose): Scene {
  const scene = drawRoom()
  const map = frameToCutout(eyes, pose)
  const plane = WIDTH * HEIGHT
  const planes = new Float32Array(3 * plane)
  warp(
    image,
    map,
    { width: WIDTH, height: HEIGHT, order: 'rgb', scale: 1, offset: 0 },
    planes,
    samplesFor(map, 1.5),
  )
  const [a, b, c, d, e, f] = map
  for (let y = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++) {
      const share = presence(a * x + b * y + c, d * x + e * y + f, image)
      if (share === 0) continue
      const i = y * WIDTH + x
      for (let channel = 0; channel < 3; channel++) {
        const wall = scene[3 * i + channel]!
        scene[3 * i + channel] = wall + share * (planes[channel * plane + i]! - wall)
      }
    }
  }
  return scene
}

/** Frame pixel → cut-out pixel. */
function frameToCutout(
  [left, right]: FaceCutout['eyes'],
  { x, y, eyeDistance, roll, squeeze }: Pose,
): Affine {
  const scale = Math.hypot(right.x - left.x, right.y - left.y) / eyeDistance
  const cos = Math.cos(roll) * scale
  const sin = Math.sin(roll) * scale
  const a = cos / squeeze
  const d = sin / squeeze
  const middleX = (left.x + right.x) / 2
  const middleY = (left.y + right.y) / 2
  return [a, -sin, middleX - a * x + sin * y, d, cos, middleY - d * x - cos * y]
}

/** 1 inside the ellipse that fills the cut-out, falling to 0 at its rim, so that no neighbour's shoulder shows. */
function presence(x: number, y: number, { width, height }: FaceCutout['image']): number {
  const radius = Math.hypot((x - width / 2) / (width / 2), (y - height / 2) / (height / 2))
  return Math.max(0, Math.min(1, (1 - radius) / 0.15))
}

export interface Sensor {
  /** Gain. */
  readonly light: number
  /** Standard deviation, grey levels. */
  readonly noise: number
  /** Standard deviation of the point spread, pixels; sharp wants at least 0.3. */
  readonly blur: number
}

export async function expose(
  scene: Scene,
  { light, noise, blur }: Sensor,
  random: () => number,
): Promise<Uint8Array> {
  const pixels = new Uint8ClampedArray(scene.length)
  let grain = Math.floor(random() * GRAIN.length)
  for (let i = 0; i < scene.length; i++) {
    pixels[i] = scene[i]! * light + noise * GRAIN[grain]!
    grain = grain + 1 === GRAIN.length ? 0 : grain + 1
  }
  return sharp(pixels, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } })
    .blur(blur)
    .jpeg({ quality: 85 })
    .toBuffer()
}

/** Noise of variance 1, drawn once; a prime length keeps it from lining up with the rows. */
const GRAIN = (() => {
  const random = pseudoRandom(7)
  // Twelve uniform numbers have variance 1 (Irwin–Hall).
  const draw = () => Array.from({ length: 12 }, random).reduce((sum, value) => sum + value, -6)
  return Float32Array.from({ length: 65_537 }, draw)
})()
