import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Fault } from '../common/fault.ts'
import type { ArcfaceRecogniser } from './arcface-recogniser.ts'
import { cardPortrait } from './card-portrait.ts'
import { decodeImage } from './image.ts'
import { isNear } from './match.ts'
import { median, percentile } from './percentile.ts'
import type { PairScores } from './rates.ts'
import type { FaceFound, Recogniser, RgbImage, Template } from './recogniser.ts'

/** The reference side of a pair: as it is, or as a card's photograph in one of two encodings. */
export type PortraitCondition = 'orig' | 'id75' | 'id1k'

export interface BenchInput {
  /** File names; the person is the part before the last `_`. */
  readonly images: readonly string[]
  /** Same-person pairs, the second one being the portrait. Pairs with a picture outside `images` are left out. */
  readonly genuine: readonly (readonly [string, string])[]
  readonly root: string
  readonly portrait: PortraitCondition
  /** Scores near this are looked at twice (`isNear`); the engine's `accept` when left out, null for none. */
  readonly near?: number | null
}

export interface BenchScores extends PairScores {
  /** Pictures in which no face was found, on either side. */
  readonly failures: { readonly probe: number; readonly portrait: number }
  /** One analysis of a frame, ms. */
  readonly ms: { readonly p50: number; readonly p95: number }
}

/**
 * Scores every same-person pair of the list given and every cross-person pair i < j of the images, the later one being
 * the portrait. A portrait is found again from scratch; a failed picture scores −1 in both kinds.
 * `portraitist` draws card portraits, so that every engine is measured on the same ones.
 * Throws `FACE_BENCH_INPUT` when a file can't be read or nothing is left to compare.
 */
export async function scorePairs(
  recogniser: Recogniser,
  portraitist: ArcfaceRecogniser,
  input: BenchInput,
  progress: (done: number, of: number) => void,
): Promise<BenchScores> {
  const { images, root, portrait, near = recogniser.thresholds.accept } = input
  const probes: (Probe | null)[] = []
  const portraits: (Template | null)[] = []
  const times: number[] = []
  for (const [i, name] of images.entries()) {
    const image = await readImage(join(root, name))
    const start = performance.now()
    let [probe] = await recogniser.analyse(image, 'frame')
    times.push(performance.now() - start)
    if (probe === undefined) [probe] = await recogniser.analyse(image, 'portrait')
    probes.push(probe === undefined ? null : await probeOf(recogniser, image, probe))
    const reference = portrait === 'orig' ? image : await drawPortrait(portraitist, image, portrait)
    const [found] = reference === null ? [] : await recogniser.analyse(reference, 'portrait')
    portraits.push(found?.template ?? null)
    progress(i + 1, images.length)
  }
  const score = (i: number, j: number) => {
    const [probe, reference] = [probes[i]!, portraits[j]!]
    if (probe === null || reference === null) return -1
    const plain = recogniser.compare(probe.plain, reference)
    if (!plain.ok) return -1
    if (near === null || probe.careful === null || !isNear(plain.value, near)) return plain.value
    const careful = recogniser.compare(probe.careful, reference)
    return careful.ok ? careful.value : -1
  }
  return {
    ...pairScores(input, score),
    failures: { probe: count(probes), portrait: count(portraits) },
    ms: { p50: median(times), p95: percentile(times, 0.95) },
  }
}

/** Both templates that `matchFace` may use, made once for all pairs. */
interface Probe {
  readonly plain: Template
  readonly careful: Template | null
}

async function probeOf(recogniser: Recogniser, image: RgbImage, face: FaceFound): Promise<Probe> {
  return { plain: face.template, careful: (await recogniser.refine?.(image, face)) ?? null }
}

function pairScores(
  { images, genuine }: BenchInput,
  score: (probe: number, portrait: number) => number,
): PairScores {
  const names = [...new Set(images.map(personOf))]
  const personIndex = new Map(names.map((name, i) => [name, i]))
  const person = images.map((image) => personIndex.get(personOf(image))!)
  const index = new Map(images.map((image, i) => [image, i]))
  const listed = genuine.filter(([a, b]) => index.has(a) && index.has(b))
  const crossPairs = countCrossPairs(person, names.length)
  if (listed.length === 0 || crossPairs === 0) {
    throw new Fault(
      'FACE_BENCH_INPUT',
      'no pair of both kinds is left: does the list hold the pairs’ pictures?',
    )
  }
  const impostor = {
    scores: new Float32Array(crossPairs),
    personA: new Uint32Array(crossPairs),
    personB: new Uint32Array(crossPairs),
  }
  let next = 0
  for (let i = 0; i < images.length; i++) {
    for (let j = i + 1; j < images.length; j++) {
      if (person[i] === person[j]) continue
      impostor.scores[next] = score(i, j)
      impostor.personA[next] = person[i]!
      impostor.personB[next] = person[j]!
      next++
    }
  }
  return {
    people: names.length,
    genuine: {
      scores: Float32Array.from(listed, ([a, b]) => score(index.get(a)!, index.get(b)!)),
      person: Uint32Array.from(listed, ([a]) => personIndex.get(personOf(a))!),
    },
    impostor,
  }
}

/** `Firstname_Lastname_0001.jpg` → `Firstname_Lastname`. */
export function personOf(image: string): string {
  const end = image.lastIndexOf('_')
  return end === -1 ? image : image.slice(0, end)
}

async function drawPortrait(
  portraitist: ArcfaceRecogniser,
  image: RgbImage,
  condition: 'id75' | 'id1k',
): Promise<RgbImage | null> {
  const face = await portraitist.locate(image, 'portrait')
  if (face === null) return null
  const [left, right] = face.points
  const drawn = cardPortrait(image, [left, right])
  const encoded = condition === 'id75' ? drawn.jpeg({ quality: 75 }) : drawn.webp({ quality: 22, effort: 4 })
  const decoded = await decodeImage(await encoded.toBuffer())
  return decoded.ok ? decoded.value.image : null
}

async function readImage(path: string): Promise<RgbImage> {
  const bytes = await readFile(path).catch((cause) => {
    throw new Fault('FACE_BENCH_INPUT', `${path} can't be read`, { cause })
  })
  const decoded = await decodeImage(bytes)
  // A damaged file counts as a picture without a face, not as the end of a long run.
  return decoded.ok ? decoded.value.image : { width: 1, height: 1, data: new Uint8Array(3) }
}

function countCrossPairs(person: readonly number[], people: number): number {
  const pictures = new Array<number>(people).fill(0)
  for (const index of person) pictures[index]! += 1
  const samePerson = pictures.reduce((sum, n) => sum + (n * (n - 1)) / 2, 0)
  return (person.length * (person.length - 1)) / 2 - samePerson
}

function count(templates: readonly unknown[]): number {
  return templates.filter((template) => template === null).length
}
