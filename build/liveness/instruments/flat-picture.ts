import type { RgbImage } from '../../../src/face/recogniser.ts'
import { FRAME, type Scene, sampleInto, smoothStep } from './picture.ts'

/** How a flat thing is held before the camera. Radians; where its middle is seen and how large, frame pixels. */
export interface PlanePose {
  readonly yaw: number
  readonly pitch: number
  readonly roll: number
  readonly x: number
  readonly y: number
  /** Frame pixels for one pixel of the picture, seen straight on. */
  readonly scale: number
}

/** What a medium makes of a picture. Coordinates are the picture's own pixels, from its middle. */
export interface Medium {
  /** Half the width and height of what is shown, picture pixels; outside is the rim. */
  readonly halfWidth: number
  readonly halfHeight: number
  /** Width of the bezel or the paper's white rim, picture pixels. */
  readonly rim: number
  readonly rimColour: readonly [number, number, number]
  /** Radius of a cylinder that the paper is bent to, picture pixels; infinite when flat. */
  readonly bend: number
  /** Changes `colour`, light as the picture has it, to what leaves the medium there. x, y: frame pixel. */
  shade(colour: Float64Array, u: number, v: number, x: number, y: number): void
}

/** Focal length of the camera, pixels: about 50° across. */
const FOCAL = 700

/** Draws a flat (or bent) medium that shows `picture`, middle at `centre`, before the room. */
export function drawFlat(
  picture: Scene | RgbImage,
  centre: { readonly x: number; readonly y: number },
  medium: Medium,
  pose: PlanePose,
  room: Scene,
): Scene {
  const { width, height } = FRAME
  const data = new Float32Array(room.data)
  const toPlane = invert(planeToFrame(pose))
  const colour = new Float64Array(3)
  const { halfWidth, halfHeight, rim, rimColour, bend } = medium
  for (let y = 0, target = 0; y < height; y++) {
    for (let x = 0; x < width; x++, target += 3) {
      const w = toPlane[6]! * x + toPlane[7]! * y + toPlane[8]!
      const flatU = (toPlane[0]! * x + toPlane[1]! * y + toPlane[2]!) / w
      const v = (toPlane[3]! * x + toPlane[4]! * y + toPlane[5]!) / w
      const slope = flatU / bend
      if (Math.abs(slope) >= 1) continue
      const u = slope === 0 ? flatU : bend * Math.asin(slope)
      const outside = Math.max(Math.abs(u) - halfWidth, Math.abs(v) - halfHeight)
      if (outside > rim + 1) continue
      if (outside > 0) {
        colour[0] = rimColour[0]
        colour[1] = rimColour[1]
        colour[2] = rimColour[2]
      } else {
        sampleInto(picture, centre.x + u, centre.y + v, colour)
        medium.shade(colour, u, v, x, y)
      }
      const light = bend === Number.POSITIVE_INFINITY ? 1 : 0.55 + 0.45 * Math.sqrt(1 - slope * slope)
      const share = 1 - smoothStep(rim - 1, rim + 1, outside)
      for (let channel = 0; channel < 3; channel++) {
        const behind = data[target + channel]!
        data[target + channel] = behind + share * (light * colour[channel]! - behind)
      }
    }
  }
  return { width, height, data }
}

/** 3 × 3, rows first: (u, v, 1) on the plane to the frame's pixel. */
function planeToFrame({ yaw, pitch, roll, x, y, scale }: PlanePose): number[] {
  const [sinYaw, cosYaw] = [Math.sin(yaw), Math.cos(yaw)]
  const [sinPitch, cosPitch] = [Math.sin(pitch), Math.cos(pitch)]
  const [sinRoll, cosRoll] = [Math.sin(roll), Math.cos(roll)]
  // Columns of yaw · pitch · roll, in units where the plane's middle is FOCAL away.
  const across = [
    cosYaw * cosRoll + sinYaw * sinPitch * sinRoll,
    cosPitch * sinRoll,
    -sinYaw * cosRoll + cosYaw * sinPitch * sinRoll,
  ]
  const down = [
    -cosYaw * sinRoll + sinYaw * sinPitch * cosRoll,
    cosPitch * cosRoll,
    sinYaw * sinRoll + cosYaw * sinPitch * cosRoll,
  ]
  const depth = [(scale * across[2]!) / FOCAL, (scale * down[2]!) / FOCAL, 1]
  return [
    scale * across[0]! + x * depth[0]!,
    scale * down[0]! + x * depth[1]!,
    x,
    scale * across[1]! + y * depth[0]!,
    scale * down[1]! + y * depth[1]!,
    y,
    depth[0]!,
    depth[1]!,
    1,
  ]
}

function invert(m: readonly number[]): number[] {
  const [a, b, c, d, e, f, g, h, i] = m as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  const A = e * i - f * h
  const B = f * g - d * i
  const C = d * h - e * g
  const determinant = a * A + b * B + c * C
  return [
    A,
    c * h - b * i,
    b * f - c * e,
    B,
    a * i - c * g,
    c * d - a * f,
    C,
    b * g - a * h,
    a * e - b * d,
  ].map((value) => value / determinant)
}

/** What stands on a table: straight before the camera and still. */
export function standing(scale: number): (index: number) => PlanePose {
  const pose = { yaw: 0, pitch: 0, roll: 0, x: FRAME.width / 2, y: 0.45 * FRAME.height, scale }
  return () => pose
}

/** A hand that holds something: trembles, sways, tilts by at most `tilt` radians. */
export function someHandMotion(
  random: () => number,
  { tilt, sway, scale }: { readonly tilt: number; readonly sway: number; readonly scale: number },
): (index: number) => PlanePose {
  const swing = (most: number, period: number) => {
    const phase = 2 * Math.PI * random()
    const size = most * (0.4 + 0.6 * random())
    const length = period * (0.7 + 0.6 * random())
    return (index: number) => size * Math.sin(phase + (2 * Math.PI * index) / length)
  }
  const [yaw, pitch, roll] = [swing(tilt, 23), swing(0.6 * tilt, 29), swing(0.06, 31)]
  const [x, y, nearer] = [swing(sway, 27), swing(0.6 * sway, 33), swing(0.05, 39)]
  return (index) => ({
    yaw: yaw(index),
    pitch: pitch(index),
    roll: roll(index),
    x: FRAME.width / 2 + x(index),
    y: 0.45 * FRAME.height + y(index),
    scale: scale * (1 + nearer(index)),
  })
}
