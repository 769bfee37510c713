import { fingerprintOf } from './fingerprint.ts'
import { type FrameObservation, THUMBNAIL } from './observation.ts'

/** Frames of earlier visits, kept to recognise them when they are shown again. */
export interface SeenFrames {
  /** The very bytes were there before. */
  hasBytes(sha256: string): boolean
  /** The frame of an earlier visit that shows the same moment, as it was or mirrored; null when there is none. */
  sameMoment(observation: FrameObservation): SameMoment | null
}

export interface SameMoment {
  /** Grey levels, see `thumbnailDifference`. */
  readonly difference: number
  readonly isMirrored: boolean
}

/**
 * Two pictures of one moment differ by compression and tone alone. Once the tones of one are matched to the other's, 98
 * of 100 cells of the thumbnail agree within `levels` grey levels, or within `contrast` of the picture's own spread of
 * tones where that is less: a dark room must not look like every other dark room. Measured on one film of one person
 * and a hand-held camera: pairs a second or more apart differ by 7 at least (561 pairs). That is little data.
 */
export const SAME_MOMENT = { cells: 0.98, levels: 5, contrast: 0.1, fingerprintBits: 24 } as const

/**
 * Remembers the frames of this run. Bytes are remembered by their hash;
 * thumbnails, which show a person, stay in memory and end with the process. The oldest are forgotten first.
 */
export class FrameMemory implements SeenFrames {
  readonly #hashes = new Set<string>()
  readonly #moments: Moment[] = []
  readonly #capacity: number

  /** `capacity`: thumbnails kept, 3 kB each. */
  constructor(capacity = 2_000) {
    this.#capacity = capacity
  }

  /** A visit is over: from now on its frames are earlier ones. */
  addVisit(observations: readonly FrameObservation[]): void {
    for (const { sha256, thumbnail, fingerprint } of observations) {
      this.#hashes.add(sha256)
      if (this.#moments.push({ thumbnail, bits: bitsOf(fingerprint) }) > this.#capacity) this.#moments.shift()
    }
  }

  hasBytes(sha256: string): boolean {
    return this.#hashes.has(sha256)
  }

  sameMoment({ thumbnail, fingerprint }: FrameObservation): SameMoment | null {
    const asItIs = this.#find({ thumbnail, bits: bitsOf(fingerprint) })
    if (asItIs !== null) return { difference: asItIs, isMirrored: false }
    const turned = mirrored(thumbnail)
    const asMirrored = this.#find({ thumbnail: turned, bits: bitsOf(fingerprintOf(turned)) })
    return asMirrored === null ? null : { difference: asMirrored, isMirrored: true }
  }

  #find({ thumbnail, bits }: Moment): number | null {
    const allowed = Math.min(SAME_MOMENT.levels, SAME_MOMENT.contrast * spreadOf(thumbnail))
    for (const earlier of this.#moments) {
      // A change of tones leaves the fingerprint nearly as it was, and comparing it costs next to nothing.
      if (bitsApart(earlier.bits, bits) > SAME_MOMENT.fingerprintBits) continue
      const difference = thumbnailDifference(withTonesOf(earlier.thumbnail, thumbnail), thumbnail)
      if (difference <= allowed) return difference
    }
    return null
  }
}

interface Moment {
  readonly thumbnail: Uint8Array
  readonly bits: Uint32Array
}

/** Left and right changed. A thumbnail of another size comes back as some other picture, which fits nothing. */
export function mirrored(thumbnail: Uint8Array): Uint8Array {
  const { width } = THUMBNAIL
  return thumbnail.map((_, cell) => {
    const column = cell % width
    return thumbnail[cell - column + (width - 1 - column)] ?? 0
  })
}

/** A fingerprint's hex as words: a memory is gone through for every frame. */
function bitsOf(fingerprint: string): Uint32Array {
  const bytes = Buffer.from(fingerprint, 'hex')
  return Uint32Array.from({ length: bytes.length >> 2 }, (_, word) => bytes.readUInt32LE(4 * word))
}

/** Bits that differ; all of them for fingerprints of other lengths. */
function bitsApart(a: Uint32Array, b: Uint32Array): number {
  if (a.length !== b.length) return 32 * Math.max(a.length, b.length)
  let count = 0
  for (let word = 0; word < a.length; word++) {
    // Hacker's Delight, 5-1.
    let bits = a[word]! ^ b[word]!
    bits -= (bits >>> 1) & 0x55555555
    bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333)
    count += Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
  }
  return count
}

/**
 * `picture` with its tones changed so that they are as frequent as those of `model` (histogram matching): whatever a
 * driver, an exposure or a screen did to brightness and contrast is undone, as long as brighter stayed brighter.
 */
export function withTonesOf(picture: Uint8Array, model: Uint8Array): Uint8Array {
  const own = histogram(picture)
  const wanted = histogram(model)
  const tone = new Uint8Array(256)
  let below = 0
  let level = 0
  let covered = wanted[0]!
  for (let value = 0; value < 256; value++) {
    const middle = ((below + own[value]! / 2) * model.length) / picture.length
    below += own[value]!
    while (level < 255 && covered < middle) covered += wanted[++level]!
    tone[value] = level
  }
  return picture.map((value) => tone[value]!)
}

function histogram(levels: Uint8Array): Uint32Array {
  const counts = new Uint32Array(256)
  for (const level of levels) counts[level]! += 1
  return counts
}

/** Standard deviation, grey levels. */
function spreadOf(levels: Uint8Array): number {
  const mean = levels.reduce((sum, level) => sum + level, 0) / levels.length
  return Math.sqrt(levels.reduce((sum, level) => sum + (level - mean) ** 2, 0) / levels.length)
}

/** Grey levels that all but the most different 2 % of cells stay within; 255 for thumbnails of other sizes. */
export function thumbnailDifference(a: Uint8Array, b: Uint8Array): number {
  if (a.length !== b.length || a.length === 0) return 255
  const allowed = Math.floor(a.length * (1 - SAME_MOMENT.cells))
  const counts = new Uint32Array(256)
  for (let i = 0; i < a.length; i++) counts[Math.abs(a[i]! - b[i]!)]! += 1
  let above = 0
  for (let level = 255; level >= 0; level--) {
    above += counts[level]!
    if (above > allowed) return level
  }
  return 0
}
