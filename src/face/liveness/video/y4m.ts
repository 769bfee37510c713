import { Fault } from '../../../common/fault.ts'
import { failed, ok, type Result } from '../../../common/result.ts'
import type { RgbImage } from '../../recogniser.ts'

/** What a YUV4MPEG2 file says of its frames (mjpegtools: yuv4mpeg(5)). */
export interface Y4mHeader {
  readonly width: number
  readonly height: number
  readonly framesPerSecond: number
  /** Chroma samples are this many times fewer across and down; 0 when there are none. */
  readonly chroma: readonly [across: number, down: number]
  readonly fullRange: boolean
  /** Of one frame, without its `FRAME` line. */
  readonly frameBytes: number
}

const MOST_SIDE = 4_096
const CHROMA: Readonly<Record<string, readonly [number, number]>> = {
  '420': [2, 2],
  '422': [2, 1],
  '444': [1, 1],
  mono: [0, 0],
}

/** The first line, without its line feed. `FACE_VIDEO` for what isn't 8-bit YUV4MPEG2 of a size that is looked at. */
export function parseY4mHeader(line: string): Result<Y4mHeader> {
  const [magic, ...words] = line.split(' ')
  if (magic !== 'YUV4MPEG2') return failed(new Fault('FACE_VIDEO', 'not a YUV4MPEG2 file'))
  const field = (letter: string) => words.find((word) => word.startsWith(letter))?.slice(1)
  const width = Number(field('W'))
  const height = Number(field('H'))
  const inRange = (side: number) => Number.isInteger(side) && side >= 16 && side <= MOST_SIDE
  if (!inRange(width) || !inRange(height)) {
    return failed(new Fault('FACE_VIDEO', `frames of ${field('W')}x${field('H')} are not looked at`))
  }
  const sampling = field('C') ?? '420'
  const name = /^(420|422|444|mono)(jpeg|mpeg2|paldv)?$/.exec(sampling)?.[1]
  const chroma = name === undefined ? undefined : CHROMA[name]
  if (chroma === undefined) return failed(new Fault('FACE_VIDEO', `colour sampling ${sampling} is not read`))
  const [count, seconds] = (field('F') ?? '25:1').split(':').map(Number)
  const rate = count! / seconds!
  const framesPerSecond = rate > 0 && rate <= 1_000 ? rate : 25
  const [across, down] = chroma
  const planes = across === 0 ? 0 : 2 * Math.ceil(width / across) * Math.ceil(height / down)
  const fullRange = words.includes('XCOLORRANGE=FULL') || sampling === '420jpeg'
  return ok({ width, height, framesPerSecond, chroma, fullRange, frameBytes: width * height + planes })
}

/** One frame's planes as RGB (ITU-R BT.601). `planes` has the header's `frameBytes`. */
export function rgbOfY4m(planes: Uint8Array, header: Y4mHeader): RgbImage {
  const { width, height, chroma, fullRange } = header
  const [across, down] = chroma
  const columns = across === 0 ? 0 : Math.ceil(width / across)
  const rows = across === 0 ? 0 : Math.ceil(height / down)
  const blue = width * height
  const red = blue + columns * rows
  const [black, gain, chromaGain] = fullRange ? [0, 1, 1] : [16, 255 / 219, 255 / 224]
  const data = new Uint8ClampedArray(3 * width * height)
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      const luma = gain * (planes[i]! - black)
      const at = across === 0 ? -1 : Math.floor(y / down) * columns + Math.floor(x / across)
      const b = at < 0 ? 0 : chromaGain * (planes[blue + at]! - 128)
      const r = at < 0 ? 0 : chromaGain * (planes[red + at]! - 128)
      data[3 * i] = luma + 1.402 * r
      data[3 * i + 1] = luma - 0.344136 * b - 0.714136 * r
      data[3 * i + 2] = luma + 1.772 * b
    }
  }
  return { width, height, data: new Uint8Array(data.buffer) }
}
