import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { open, readFile, stat } from 'node:fs/promises'
import { extname, resolve } from 'node:path'
import { Fault } from '../../../common/fault.ts'
import { unwrap } from '../../../common/result.ts'
import { decodeImage } from '../../image.ts'
import type { RgbImage } from '../../recogniser.ts'
import { splitMjpeg } from './mjpeg.ts'
import { parseY4mHeader, rgbOfY4m } from './y4m.ts'

export interface VideoFrame {
  readonly image: RgbImage
  /** Of the frame's own bytes, hex. */
  readonly sha256: string
  /** Milliseconds from the first frame, by the file's frame rate. */
  readonly at: number
}

/** At most so many frames of a file, the first ones, a tenth of a second apart: what a visit has. */
export const MOST_FRAMES = 100
const EVERY_MS = 100
/** A bare stream of JPEG pictures doesn't say how fast it is. */
const MJPEG_FRAMES_PER_SECOND = 25
const MOST_BYTES = 512 * 1024 * 1024
const CONVERSION_MS = 30_000

export const VIDEO_EXTENSIONS = ['.y4m', '.mjpeg', '.mjpg', '.mp4', '.webm', '.mov', '.mkv', '.avi', '.m4v']

/**
 * Frames of a video file: .y4m and .mjpeg by itself, anything else through the program `ffmpeg`, which must be on the PATH.
 * Throws `FACE_FILE` (can't be read) or `FACE_VIDEO` (no video, too large, no ffmpeg, or ffmpeg can't either).
 */
export async function* readVideo(path: string): AsyncGenerator<VideoFrame> {
  const extension = extname(path).toLowerCase()
  const { size } = await stat(path).catch((cause) => {
    throw new Fault('FACE_FILE', `${path} can't be read`, { cause })
  })
  if (size > MOST_BYTES) throw new Fault('FACE_VIDEO', `the video has ${size} bytes: cut it shorter`)
  if (extension === '.y4m') yield* readY4m(path)
  else if (extension === '.mjpeg' || extension === '.mjpg') {
    yield* readMjpeg(await readFile(path), MJPEG_FRAMES_PER_SECOND)
  } else yield* readMjpeg(await convert(path), 1_000 / EVERY_MS)
}

async function* readMjpeg(bytes: Uint8Array, framesPerSecond: number): AsyncGenerator<VideoFrame> {
  const pictures = splitMjpeg(bytes)
  if (pictures.length === 0) throw new Fault('FACE_VIDEO', 'the video has no picture')
  for (const [index, at] of wantedFrames(framesPerSecond)) {
    const picture = pictures[index]
    if (picture === undefined) return
    const { image } = unwrap(await decodeImage(picture))
    yield { image, sha256: createHash('sha256').update(picture).digest('hex'), at }
  }
}

async function* readY4m(path: string): AsyncGenerator<VideoFrame> {
  const file = await open(path)
  try {
    const start = Buffer.alloc(512)
    const { bytesRead } = await file.read(start, 0, start.length, 0)
    const lineEnd = start.subarray(0, bytesRead).indexOf(10)
    const header = unwrap(parseY4mHeader(start.toString('latin1', 0, Math.max(0, lineEnd))))
    let position = lineEnd + 1
    let index = 0
    const frame = Buffer.alloc(header.frameBytes)
    const line = Buffer.alloc(128)
    for (const [wanted, at] of wantedFrames(header.framesPerSecond)) {
      for (; index <= wanted; index++) {
        const { bytesRead: lineBytes } = await file.read(line, 0, line.length, position)
        const end = line.subarray(0, lineBytes).indexOf(10)
        if (end < 0 || line.toString('latin1', 0, 5) !== 'FRAME') return
        position += end + 1
        if (index === wanted && (await file.read(frame, 0, frame.length, position)).bytesRead < frame.length)
          return
        position += header.frameBytes
      }
      yield { image: rgbOfY4m(frame, header), sha256: createHash('sha256').update(frame).digest('hex'), at }
    }
  } finally {
    await file.close()
  }
}

/** Numbers of the frames to look at, with their times. */
function* wantedFrames(framesPerSecond: number): Generator<[index: number, at: number]> {
  const step = Math.max(1, Math.round((framesPerSecond * EVERY_MS) / 1_000))
  for (let i = 0; i < MOST_FRAMES; i++) yield [i * step, (1_000 * i * step) / framesPerSecond]
}

/** Any video as JPEG pictures, ten a second. The file is untrusted: no shell, no other protocol than files, a time limit. */
function convert(path: string): Promise<Uint8Array> {
  const seconds = String((MOST_FRAMES * EVERY_MS) / 1_000)
  const words = ['-v', 'error', '-nostdin', '-protocol_whitelist', 'file,pipe', '-i', `file:${resolve(path)}`]
  const asPictures = ['-an', '-sn', '-t', seconds, '-vf', `fps=${1_000 / EVERY_MS}`]
  const output = ['-f', 'image2pipe', '-c:v', 'mjpeg', '-q:v', '2', 'pipe:1']
  const options = { encoding: 'buffer', timeout: CONVERSION_MS, maxBuffer: MOST_BYTES } as const
  return new Promise((settle, reject) => {
    execFile('ffmpeg', [...words, ...asPictures, ...output], options, (error, stdout) => {
      if (error === null) settle(stdout)
      else if (error.code === 'ENOENT') reject(noProgram(error))
      else reject(new Fault('FACE_VIDEO', 'ffmpeg can’t read the video', { cause: error }))
    })
  })
}

function noProgram(cause: Error): Fault {
  const next = 'install ffmpeg, or give frames as .y4m, .mjpeg or single pictures'
  return new Fault('FACE_VIDEO', `this kind of video needs the program ffmpeg: ${next}`, { cause })
}
