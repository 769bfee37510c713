import sharp from 'sharp'
import { unwrap } from '../common/result.ts'
import { ARCFACE_TEMPLATE, similarity } from './align.ts'
import type { ArcfaceRecogniser } from './arcface-recogniser.ts'
import { type FaceApi, loadFaceApi } from './face-api-runtime.ts'
import { decodeImage } from './image.ts'
import { median, percentile } from './percentile.ts'
import { measureFace } from './quality.ts'
import type { RgbImage } from './recogniser.ts'

/** Milliseconds. */
export interface Timing {
  readonly p50: number
  readonly p95: number
}

export interface SpeedReport {
  /** Frame in, score out: pixels to score, without decoding. */
  readonly chain: Timing
  readonly stages: Readonly<Record<string, Timing>>
  readonly faceApi: { readonly tiny: Timing; readonly ssd: Timing; readonly backend: string }
  readonly ratio: { readonly tiny: number; readonly ssd: number }
}

const WARM_UP = 3

/**
 * Times every stage on one encoded picture with a face, and the two chains of @vladmandic/face-api (detector, 68
 * landmarks, descriptor) on the same pixels in the same run. Returns null when a chain finds no face there.
 */
export async function measureSpeed(
  recogniser: ArcfaceRecogniser,
  encoded: Uint8Array,
  runs: number,
): Promise<SpeedReport | null> {
  const { image } = unwrap(await decodeImage(encoded))
  const { detector, landmarker, embedder } = recogniser
  const face = await recogniser.locate(image, 'frame')
  const [reference] = await recogniser.analyse(image, 'portrait')
  if (face === null || reference === undefined) return null
  const map = similarity(face.points, ARCFACE_TEMPLATE)

  const stages = {
    decode: await time(runs, () => decodeImage(encoded)),
    detect: await time(runs, () => detector.detect(image, 0.5)),
    landmarks: await time(runs, () => landmarker.locate(image, face.detection)),
    align: await time(runs, async () => embedder.align(image, map)),
    quality: await time(runs, async () => measureFace(face.points, face.landmarks, embedder.planes)),
    embed: await time(runs, () => embedder.embed()),
    compare: await time(runs, async () => recogniser.compare(reference.template, reference.template)),
  }
  const chain = await time(runs, async () => {
    const [found] = await recogniser.analyse(image, 'frame')
    return recogniser.compare(found!.template, reference.template)
  })
  const faceApi = await measureFaceApi(image, Math.max(3, Math.ceil(runs / 4)))
  if (faceApi === null) return null
  const ratio = { tiny: faceApi.tiny.p50 / chain.p50, ssd: faceApi.ssd.p50 / chain.p50 }
  return { chain, stages, faceApi, ratio }
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

async function measureFaceApi(image: RgbImage, runs: number): Promise<SpeedReport['faceApi'] | null> {
  const faceApi = await loadFaceApi({ withKernels: true })
  const { tf } = faceApi
  const pixels = tf.tensor3d(Int32Array.from(image.data), [image.height, image.width, 3], 'int32')
  const tiny = new faceApi.TinyFaceDetectorOptions({ inputSize: 416, scoreThreshold: 0.3 })
  const ssd = new faceApi.SsdMobilenetv1Options({ minConfidence: 0.3 })
  const chain = (options: object) => describeFace(faceApi, pixels, options)
  try {
    if ((await chain(tiny)) === undefined || (await chain(ssd)) === undefined) return null
    return {
      tiny: await time(runs, () => chain(tiny)),
      ssd: await time(runs, () => chain(ssd)),
      backend: tf.getBackend(),
    }
  } finally {
    pixels.dispose()
  }
}

function describeFace(faceApi: FaceApi, pixels: unknown, options: object) {
  return faceApi.detectSingleFace(pixels, options).withFaceLandmarks().withFaceDescriptor().run()
}

async function time(runs: number, action: () => Promise<unknown>): Promise<Timing> {
  for (let i = 0; i < WARM_UP; i++) await action()
  const times: number[] = []
  for (let i = 0; i < runs; i++) {
    const start = performance.now()
    await action()
    times.push(performance.now() - start)
  }
  return { p50: median(times), p95: percentile(times, 0.95) }
}
