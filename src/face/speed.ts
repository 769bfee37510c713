import sharp from 'sharp'
import { unwrap } from '../common/result.ts'
import { similarity } from './align.ts'
import type { ArcfaceRecogniser } from './arcface-recogniser.ts'
import { type FaceApi, loadFaceApi } from './face-api-runtime.ts'
import { decodeImage } from './image.ts'
import { observe } from './liveness/observation.ts'
import type { LivenessNetwork } from './liveness/passive.ts'
import { median, percentile } from './percentile.ts'
import { measureFace } from './quality.ts'
import type { RgbImage } from './recogniser.ts'

/** Milliseconds. */
export interface Timing {
  readonly p50: number
  readonly p95: number
}

export interface StageReport {
  /** Frame in, score out: pixels to score, without decoding. */
  readonly chain: Timing
  /** The same for a face that is followed from the frame before. */
  readonly trackedChain: Timing
  /** The chain and then what liveness adds to a frame: the passive network and all that the other layers go by. */
  readonly withLiveness: Timing
  readonly stages: Readonly<Record<Stage, Timing>>
}

export type Stage =
  | 'decode'
  | 'detect'
  | 'landmarks'
  | 'align'
  | 'quality'
  | 'embed'
  | 'compare'
  | 'passive'
  | 'observe'

export interface SpeedReport extends StageReport {
  readonly faceApi: { readonly tiny: Timing; readonly ssd: Timing; readonly backend: string }
  /** How many times as long the chains of face-api take as this one, medians of one run. */
  readonly ratio: { readonly tiny: number; readonly ssd: number }
}

/**
 * Times every stage on one encoded picture with a face, and the two chains of @vladmandic/face-api (detector, 68
 * landmarks, descriptor) on the same pixels in the same run. Returns null when a chain finds no face there.
 */
export async function measureSpeed(
  recogniser: ArcfaceRecogniser,
  network: LivenessNetwork,
  encoded: Uint8Array,
  runs: number,
): Promise<SpeedReport | null> {
  const { image } = unwrap(await decodeImage(encoded))
  const actions = await actionsOn(recogniser, network, image, encoded)
  const faceApi = await faceApiChains(image)
  if (actions === null || faceApi === null) return null
  try {
    const { backend, tiny, ssd } = faceApi
    const times = await timeTogether(runs, { ...actions, tiny, ssd }, new Set(['tiny', 'ssd']))
    return {
      ...stageReport(times),
      faceApi: { tiny: times.tiny, ssd: times.ssd, backend },
      ratio: { tiny: times.tiny.p50 / times.chain.p50, ssd: times.ssd.p50 / times.chain.p50 },
    }
  } finally {
    faceApi.dispose()
  }
}

/** The stages and the chain alone; null when the picture has no face. */
export async function measureStages(
  recogniser: ArcfaceRecogniser,
  network: LivenessNetwork,
  encoded: Uint8Array,
  runs: number,
): Promise<StageReport | null> {
  const { image } = unwrap(await decodeImage(encoded))
  const actions = await actionsOn(recogniser, network, image, encoded)
  return actions === null ? null : stageReport(await timeTogether(runs, actions))
}

/** Any picture as a kiosk's camera would give it: JPEG of at most 640 × 480. Throws what `decodeImage` gives. */
export async function asKioskFrame(encoded: Uint8Array): Promise<Uint8Array> {
  const { image } = unwrap(await decodeImage(encoded))
  const { width, height, data } = image
  return sharp(data, { raw: { width, height, channels: 3 } })
    .resize({ width: 640, height: 480, fit: 'inside', withoutEnlargement: true })
    .jpeg({ quality: 90 })
    .toBuffer()
}

type Action = () => Promise<unknown>
type Chain = 'chain' | 'trackedChain' | 'withLiveness'

async function actionsOn(
  recogniser: ArcfaceRecogniser,
  network: LivenessNetwork,
  image: RgbImage,
  encoded: Uint8Array,
): Promise<Record<Stage | Chain, Action> | null> {
  const { detector, landmarker, embedder } = recogniser
  const face = await recogniser.locate(image, 'frame')
  const [reference] = await recogniser.analyse(image, 'portrait')
  const { track } = await recogniser.track(image, null)
  if (face === null || reference === undefined || track === null) return null
  const map = similarity(face.points, embedder.format.template)
  const chain = async () => {
    const [found] = await recogniser.analyse(image, 'frame')
    recogniser.compare(found!.template, reference.template)
    return found!
  }
  const seen = { image, sha256: '', at: 0 }
  return {
    decode: () => decodeImage(encoded),
    detect: () => detector.detect(image, 0.5),
    landmarks: () => landmarker.locate(image, face.region),
    align: async () => embedder.align(image, map),
    quality: async () => measureFace(face.points, face.landmarks, embedder.planes),
    embed: () => embedder.embed(),
    compare: async () => recogniser.compare(reference.template, reference.template),
    passive: () => network.score(image, face.landmarks),
    observe: async () => observe(seen, face.landmarks, null),
    chain,
    withLiveness: async () => {
      const landmarks = (await chain()).landmarks ?? face.landmarks
      return observe(seen, landmarks, await network.score(image, landmarks))
    },
    trackedChain: async () => {
      const { faces } = await recogniser.track(image, track)
      return recogniser.compare(faces[0]!.template, reference.template)
    },
  }
}

function stageReport(times: Record<Stage | Chain, Timing>): StageReport {
  const { chain, trackedChain, withLiveness } = times
  const { decode, detect, landmarks, align, quality, embed, compare, passive, observe } = times
  const stages = { decode, detect, landmarks, align, quality, embed, compare, passive, observe }
  return { chain, trackedChain, withLiveness, stages }
}

/** Both chains of face-api on these pixels; null when one of them finds no face. */
async function faceApiChains(image: RgbImage) {
  const faceApi = await loadFaceApi({ withKernels: true })
  const { tf } = faceApi
  const pixels = tf.tensor3d(Int32Array.from(image.data), [image.height, image.width, 3], 'int32')
  const tinyOptions = new faceApi.TinyFaceDetectorOptions({ inputSize: 416, scoreThreshold: 0.3 })
  const ssdOptions = new faceApi.SsdMobilenetv1Options({ minConfidence: 0.3 })
  const tiny = () => describeFace(faceApi, pixels, tinyOptions)
  const ssd = () => describeFace(faceApi, pixels, ssdOptions)
  if ((await tiny()) !== undefined && (await ssd()) !== undefined) {
    return { tiny, ssd, backend: String(tf.getBackend()), dispose: () => pixels.dispose() }
  }
  pixels.dispose()
  return null
}

function describeFace(faceApi: FaceApi, pixels: unknown, options: object): Promise<unknown> {
  return faceApi.detectSingleFace(pixels, options).withFaceLandmarks().withFaceDescriptor().run()
}

const ROUNDS = 10
/** The slow ones need fewer runs. */
const SLOW_SHARE = 1 / 4

/**
 * Each action `runs` times, the slow ones fewer, in rounds of a few times each with one unmeasured before: when the machine is busier for a
 * while, all of them are slower for that while and their ratios hold.
 */
async function timeTogether<Name extends string>(
  runs: number,
  actions: Readonly<Record<Name, Action>>,
  slow: ReadonlySet<NoInfer<Name>> = new Set(),
): Promise<Record<Name, Timing>> {
  const names = Object.keys(actions) as Name[]
  const measured = new Map(names.map((name) => [name, [] as number[]]))
  const rounds = Math.min(runs, ROUNDS)
  for (let round = 0; round < rounds; round++) {
    for (const name of names) {
      await actions[name]()
      const times = Math.ceil((runs / rounds) * (slow.has(name) ? SLOW_SHARE : 1))
      for (let i = 0; i < times; i++) {
        const start = performance.now()
        await actions[name]()
        measured.get(name)!.push(performance.now() - start)
      }
    }
  }
  return Object.fromEntries(
    [...measured].map(([name, values]) => [name, { p50: median(values), p95: percentile(values, 0.95) }]),
  ) as Record<Name, Timing>
}
