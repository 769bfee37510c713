import { writeFile } from 'node:fs/promises'
import { qrModules } from '../../src/common/qr.ts'

/** Frames as a camera gives them; nobody is on them. */
export const CAMERA = { width: 640, height: 480, perSecond: 15, frames: 15 } as const

export interface CameraOptions {
  readonly mark: boolean
  /** A phone held before the camera with this text as a QR code on its screen. */
  readonly code?: string
}

/**
 * Writes a YUV4MPEG2 film that Chromium takes for a camera: a grey dummy, head and shoulders, that sways before a wall.
 * `mark` puts a black square into the upper left corner as the camera sees it, so that a mirrored frame is found out.
 */
export async function writeSyntheticCamera(path: string, options: CameraOptions): Promise<void> {
  const { width, height, perSecond, frames } = CAMERA
  const parts: Uint8Array[] = [
    Buffer.from(`YUV4MPEG2 W${width} H${height} F${perSecond}:1 Ip A1:1 C420jpeg\n`),
  ]
  for (let index = 0; index < frames; index += 1) {
    parts.push(Buffer.from('FRAME\n'), frame((2 * Math.PI * index) / frames, options))
  }
  await writeFile(path, Buffer.concat(parts))
}

/** One planar 4:2:0 picture: luma, then both chroma planes at half the size. */
function frame(phase: number, { mark, code }: CameraOptions): Buffer {
  const { width, height } = CAMERA
  const luma = Buffer.alloc(width * height)
  const half = { width: width / 2, height: height / 2 }
  const blue = Buffer.alloc(half.width * half.height)
  const red = Buffer.alloc(half.width * half.height)
  const shown = code === undefined ? () => null : phoneAt(code)
  const dummy = dummyAt(width / 2 + 12 * Math.sin(phase))
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const colour = mark && x < 64 && y < 64 ? MARK : (shown(x, y) ?? dummy(x, y))
      luma[y * width + x] = colour[0]
      if (x % 2 === 0 && y % 2 === 0) {
        blue[(y / 2) * half.width + x / 2] = colour[1]
        red[(y / 2) * half.width + x / 2] = colour[2]
      }
    }
  }
  return Buffer.concat([luma, blue, red])
}

type Colour = readonly [luma: number, blue: number, red: number]

function dummyAt(middle: number): (x: number, y: number) => Colour {
  return (x, y) => {
    const wall: Colour = [200 - y / 8 + x / 40, 132, 124]
    const shoulders = inside((x - middle) / 205, (y - 500) / 190)
    const neck = inside((x - middle) / 44, (y - 330) / 90)
    const head = inside((x - middle) / 88, (y - 215) / 122)
    const shade = 1 - 0.16 * ((x - middle) / 90)
    const skin: Colour = [150 * shade, 126, 133]
    return over(
      over(over(wall, [92 - (y - 400) / 6, 140, 120], shoulders), [126 * shade, 126, 132], neck),
      skin,
      head,
    )
  }
}

/** 1 inside of the unit ellipse, 0 outside, soft at its edge. */
function inside(x: number, y: number): number {
  return Math.min(1, Math.max(0, (1 - Math.hypot(x, y)) * 40))
}

function over(below: Colour, above: Colour, cover: number): Colour {
  const mix = (a: number, b: number) => Math.round(a + (b - a) * cover)
  return [mix(below[0], above[0]), mix(below[1], above[1]), mix(below[2], above[2])]
}

const MARK: Colour = [20, 128, 128]

/** A lit screen with a code, a third of the picture wide; null where it isn't. */
function phoneAt(code: string): (x: number, y: number) => readonly [number, number, number] | null {
  const modules = qrModules(code)
  const pixels = Math.floor(300 / modules.length)
  const [left, top] = [160, 90]
  return (x, y) => {
    const dark = modules[Math.floor((y - top) / pixels)]?.[Math.floor((x - left) / pixels)]
    return dark === undefined ? null : [dark ? 40 : 220, 128, 128]
  }
}
