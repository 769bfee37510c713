import type { Landmarks } from '../landmarks.ts'
import type { RgbImage } from '../recogniser.ts'
import { faceColours } from './face-colour.ts'
import { type FacePatch, facePatchOf } from './face-patch.ts'
import { fingerprintOf, noiseOf } from './fingerprint.ts'
import { type FaceTexture, textureOf } from './texture-measure.ts'

/**
 * What the liveness layers know of one camera frame: plain data, made once beside the face comparison and small enough
 * to cross a process border. No layer sees pixels.
 */
export interface FrameObservation {
  /** When the frame reached the station: milliseconds of a monotonic clock. */
  readonly at: number
  /** Of the encoded frame, hex. */
  readonly sha256: string
  readonly width: number
  readonly height: number
  /** 0 attack … 1 bona fide, by the passive network; null without a face. */
  readonly passive: number | null
  /** 468 × (x, y, depth), frame pixels; null without a face. */
  readonly mesh: Float32Array | null
  /** 64 × 48 luma of the whole frame, area-averaged. */
  readonly thumbnail: Uint8Array
  /** Mean colours, 0 … 255; null without a face. */
  readonly colour: FaceColours | null
  /** 256-bit perceptual fingerprint of the frame, hex. */
  readonly fingerprint: string
  /** Standard deviation of the frame's finest detail, grey levels: sensor noise and texture. */
  readonly noise: number
  /** Periodic patterns in the face; null without a face or in a small picture. */
  readonly texture?: FaceTexture | null
  /** The face by itself, upright and small, to follow its surface; null without a face. Never stored. */
  readonly patch?: FacePatch | null
}

export type Rgb = readonly [red: number, green: number, blue: number]

export interface FaceColours {
  /** Cheeks and forehead. */
  readonly face: Rgb
  /** The picture's edge regions beside the head, which a screen's light hardly reaches. */
  readonly surround: Rgb
}

export const THUMBNAIL = { width: 64, height: 48 } as const

/** Looks at a decoded frame. `passive` is the network's word on it, asked elsewhere. */
export function observe(
  frame: { readonly image: RgbImage; readonly sha256: string; readonly at: number },
  landmarks: Landmarks | null,
  passive: number | null,
): FrameObservation {
  const { image, sha256, at } = frame
  const thumbnail = thumbnailOf(image)
  return {
    at,
    sha256,
    width: image.width,
    height: image.height,
    passive,
    mesh: landmarks === null ? null : landmarks.points,
    thumbnail,
    colour: landmarks === null ? null : faceColours(image, landmarks),
    fingerprint: fingerprintOf(thumbnail),
    noise: noiseOf(image),
    texture: landmarks === null ? null : textureOf(image, landmarks),
    patch: landmarks === null ? null : facePatchOf(image, landmarks),
  }
}

/** Mean luma (BT.601) over each cell of a 64 × 48 grid, whatever the frame's shape. */
export function thumbnailOf({ width, height, data }: RgbImage): Uint8Array {
  const { width: columns, height: rows } = THUMBNAIL
  const sums = new Float64Array(columns * rows)
  const counts = new Uint32Array(columns * rows)
  for (let y = 0; y < height; y++) {
    const row = Math.floor((y * rows) / height) * columns
    for (let x = 0; x < width; x++) {
      const cell = row + Math.floor((x * columns) / width)
      const i = 3 * (y * width + x)
      sums[cell]! += 0.299 * data[i]! + 0.587 * data[i + 1]! + 0.114 * data[i + 2]!
      counts[cell]! += 1
    }
  }
  return Uint8Array.from(sums, (sum, cell) => (counts[cell] === 0 ? 0 : Math.round(sum / counts[cell]!)))
}
