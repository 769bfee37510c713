import type { Sitter } from '../people.ts'
import { FRAME, type Scene, smoothStep } from './picture.ts'

/** How somebody holds their head at one moment. Radians; pixels of the frame; a factor. */
export interface HeadPose {
  readonly yaw: number
  readonly pitch: number
  readonly x: number
  readonly y: number
  /** 1.05: five per cent nearer. */
  readonly scale: number
}

const CELL = 8
const COLUMNS = FRAME.width / CELL + 1
const ROWS = FRAME.height / CELL + 1

/**
 * Draws a photograph as if the head in it moved in depth: every point of the head turns around the neck by its own
 * depth (that of the face's mesh, and an ellipsoid around it), shoulders follow a little, the room stays.
 */
export class MovingHead {
  readonly #sitter: Sitter
  /** Upper left corner of the frame in the sitter's image. */
  readonly #left: number
  readonly #top: number
  readonly #depth = new Float32Array(COLUMNS * ROWS)
  readonly #headShare = new Float32Array(COLUMNS * ROWS)
  readonly #bodyShare = new Float32Array(COLUMNS * ROWS)
  readonly #middle: { readonly x: number; readonly y: number }

  constructor(sitter: Sitter) {
    this.#sitter = sitter
    const { eyes, eyeDistance, image } = sitter
    const x = (eyes[0].x + eyes[1].x) / 2
    const y = (eyes[0].y + eyes[1].y) / 2
    this.#left = Math.min(image.width - FRAME.width, Math.max(0, Math.round(x - FRAME.width / 2)))
    this.#top = Math.min(image.height - FRAME.height, Math.max(0, Math.round(y - 0.42 * FRAME.height)))
    this.#middle = { x: x - this.#left, y: y - this.#top + 0.5 * eyeDistance }
    this.#measureDepth()
  }

  /** The eyes at rest, frame pixels. */
  get eyes(): readonly [{ x: number; y: number }, { x: number; y: number }] {
    const moved = ({ x, y }: { x: number; y: number }) => ({ x: x - this.#left, y: y - this.#top })
    return [moved(this.#sitter.eyes[0]), moved(this.#sitter.eyes[1])]
  }

  draw(pose: HeadPose): Scene {
    const shiftX = new Float32Array(COLUMNS * ROWS)
    const shiftY = new Float32Array(COLUMNS * ROWS)
    for (let cell = 0; cell < shiftX.length; cell++) {
      // Where a point of the frame comes from: one step of a fixed point is near enough for such small moves.
      const x = (cell % COLUMNS) * CELL
      const y = Math.floor(cell / COLUMNS) * CELL
      const [firstX, firstY] = this.#shiftAt(x, y, pose)
      const [secondX, secondY] = this.#shiftAt(x - firstX, y - firstY, pose)
      shiftX[cell] = secondX
      shiftY[cell] = secondY
    }
    return this.#resample(shiftX, shiftY)
  }

  /** Where a point of the photograph's frame is after the move, less where it was. */
  #shiftAt(x: number, y: number, { yaw, pitch, x: moveX, y: moveY, scale }: HeadPose): [number, number] {
    const head = grid(this.#headShare, x, y)
    const body = grid(this.#bodyShare, x, y)
    if (head === 0 && body === 0) return [0, 0]
    const depth = grid(this.#depth, x, y)
    const right = x - this.#middle.x
    const down = y - this.#middle.y
    const turnedX = scale * (Math.cos(yaw) * right + Math.sin(yaw) * -depth) - right
    const turnedY = scale * (Math.cos(pitch) * down + Math.sin(pitch) * -depth) - down
    return [
      head * (turnedX + moveX) + (1 - head) * body * 0.5 * moveX,
      head * (turnedY + moveY) + (1 - head) * body * 0.3 * moveY,
    ]
  }

  /** Depth, nearer is smaller, zero at the neck's axis. */
  #measureDepth(): void {
    const { mesh, eyeDistance } = this.#sitter
    const { x: middleX, y: middleY } = this.#middle
    let meanDepth = 0
    for (let i = 2; i < mesh.length; i += 3) meanDepth += (3 * mesh[i]!) / mesh.length
    const spread = (0.12 * eyeDistance) ** 2
    for (let cell = 0; cell < this.#depth.length; cell++) {
      const x = (cell % COLUMNS) * CELL
      const y = Math.floor(cell / COLUMNS) * CELL
      let weight = 1e-9
      let sum = 0
      for (let i = 0; i < mesh.length; i += 3) {
        const distance = (mesh[i]! - this.#left - x) ** 2 + (mesh[i + 1]! - this.#top - y) ** 2
        if (distance > 12 * spread) continue
        const share = Math.exp(-distance / (2 * spread))
        weight += share
        sum += share * (mesh[i + 2]! - meanDepth)
      }
      const across = (x - middleX) / (1.25 * eyeDistance)
      const down = (y - middleY) / (1.75 * eyeDistance)
      const radius = Math.hypot(across, down)
      const ellipsoid = eyeDistance * (0.9 * Math.min(1.5, radius * radius) - 0.45)
      const trusted = Math.min(1, weight)
      this.#depth[cell] = trusted * (sum / weight) + (1 - trusted) * ellipsoid - 0.6 * eyeDistance
      this.#headShare[cell] = 1 - smoothStep(1.05, 1.5, radius)
      const low = smoothStep(middleY + 1.3 * eyeDistance, middleY + 2.2 * eyeDistance, y)
      this.#bodyShare[cell] =
        low * (1 - smoothStep(2.4 * eyeDistance, 3.4 * eyeDistance, Math.abs(x - middleX)))
    }
  }

  #resample(shiftX: Float32Array, shiftY: Float32Array): Scene {
    const { width, height } = FRAME
    const { image } = this.#sitter
    const data = new Float32Array(3 * width * height)
    const rightmost = image.width - 1.001
    const lowest = image.height - 1.001
    for (let y = 0, target = 0; y < height; y++) {
      for (let x = 0; x < width; x++, target += 3) {
        const sourceX = Math.min(rightmost, Math.max(0, this.#left + x - grid(shiftX, x, y)))
        const sourceY = Math.min(lowest, Math.max(0, this.#top + y - grid(shiftY, x, y)))
        const left = sourceX | 0
        const top = sourceY | 0
        const right = sourceX - left
        const down = sourceY - top
        const i = 3 * (top * image.width + left)
        const j = i + 3 * image.width
        for (let channel = 0; channel < 3; channel++) {
          const upper = image.data[i + channel]! * (1 - right) + image.data[i + 3 + channel]! * right
          const lower = image.data[j + channel]! * (1 - right) + image.data[j + 3 + channel]! * right
          data[target + channel] = upper * (1 - down) + lower * down
        }
      }
    }
    return { width, height, data }
  }
}

/** Bilinear between the cells' corners; outside like at the rim. */
function grid(values: Float32Array, x: number, y: number): number {
  const column = Math.min(COLUMNS - 1.001, Math.max(0, x / CELL))
  const row = Math.min(ROWS - 1.001, Math.max(0, y / CELL))
  const left = column | 0
  const top = row | 0
  const right = column - left
  const down = row - top
  const i = top * COLUMNS + left
  const upper = values[i]! * (1 - right) + values[i + 1]! * right
  const lower = values[i + COLUMNS]! * (1 - right) + values[i + COLUMNS + 1]! * right
  return upper * (1 - down) + lower * down
}

/** A quiet or lively person: one sine each way, turned up slowly from rest; `liveliness` 0 … 1 makes all of it smaller. `at` gives the pose of frame `index`. */
export function someHeadMotion(random: () => number, liveliness = 1): (index: number) => HeadPose {
  const swing = (most: number, period: number) => {
    const phase = 2 * Math.PI * random()
    const size = liveliness * most * (0.25 + 0.75 * random())
    const length = period * (0.7 + 0.6 * random())
    return (index: number) => size * Math.sin(phase + (2 * Math.PI * index) / length)
  }
  const [yaw, pitch] = [swing(0.3, 26), swing(0.12, 31)]
  const [x, y, nearer] = [swing(22, 37), swing(9, 29), swing(0.04, 41)]
  return (index) => ({
    yaw: yaw(index),
    pitch: pitch(index),
    x: x(index),
    y: y(index),
    scale: 1 + nearer(index),
  })
}
