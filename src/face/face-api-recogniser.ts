import { createHash } from 'node:crypto'
import { Fault } from '../common/fault.ts'
import { failed, ok, type Result } from '../common/result.ts'
import { ALIGNED_SIDE, ARCFACE_TEMPLATE, mirrored, similarity } from './align.ts'
import { calibratedThresholds } from './calibrated-thresholds.ts'
import type { Point } from './detect.ts'
import { ALIGNED_FORMAT, similarityOf } from './embed.ts'
import {
  checkWeights,
  FACE_API_WEIGHTS,
  type FaceApi,
  type FaceApiDetection,
  faceApiLicence,
  loadFaceApi,
  type NetName,
} from './face-api-runtime.ts'
import { runFaceApiSelfTest } from './face-api-self-test.ts'
import {
  arcfacePoints,
  boxOf68,
  DLIB_SIDE,
  DLIB_TEMPLATE,
  dlibPoints,
  headTurn68,
  type Landmarks68,
} from './landmarks68.ts'
import { MODEL_FOLDER, readLocked } from './models.ts'
import { firstIssue, GATES, measureAligned, shareOutside } from './quality.ts'
import type {
  Box,
  FaceFound,
  ModelIdentity,
  Recogniser,
  RgbImage,
  Template,
  Thresholds,
  WeightsLicence,
} from './recogniser.ts'
import { type Affine, type PlaneFormat, samplesFor, warp } from './warp.ts'

export interface FaceApiOptions {
  /** Where the compiled kernels lie; the product's own folder by default. */
  readonly modelFolder?: string
  /** Where the weights lie; the package's own folder by default. */
  readonly weightFolder?: string
  /** Instead of the calibrated ones: to measure weights that have none yet. */
  readonly thresholds?: Thresholds
}

const NETS: readonly NetName[] = ['tinyFaceDetector', 'faceLandmark68Net', 'faceRecognitionNet']

/**
 * Sides of the detector's input and least scores, tried in this order until one finds a face. It overlooks faces that
 * fill its input: at its usual 416 it missed half of 201 card portraits, at 128, 224 and 320 five of 650 made from 1 KB,
 * and none of 801 at all of these. Camera frames begin with more pixels for people further away. A portrait gets a second, lenient
 * round: an odd find is better than none.
 */
const SEARCHES = {
  frame: [
    { inputSize: 320, scoreThreshold: 0.4 },
    { inputSize: 192, scoreThreshold: 0.4 },
    { inputSize: 128, scoreThreshold: 0.4 },
  ],
  portrait: [0.4, 0.15].flatMap((scoreThreshold) =>
    [128, 224, 320, 160, 96].map((inputSize) => ({ inputSize, scoreThreshold })),
  ),
} as const

const CHIP: PlaneFormat = { width: DLIB_SIDE, height: DLIB_SIDE, order: 'rgb', scale: 1, offset: 0 }

/**
 * The second engine: detector, 68 landmarks and descriptor of @vladmandic/face-api through its own interface, on the
 * WebAssembly backend of the TensorFlow.js in its bundle. What differs from its defaults measured better: the face is
 * turned upright and scaled by dlib's five points before the descriptor, as dlib trained it, where the package only cuts
 * it out; it is described twice, as it is and mirrored; and the detector gets more than one size.
 *
 * Score: 1 − Euclidean distance of two descriptors, never below −1. The package's default threshold of 0.6 is 0.4 here.
 */
export class FaceApiRecogniser implements Recogniser {
  readonly engine = 'face-api'
  readonly model: ModelIdentity
  readonly models: readonly ModelIdentity[]
  readonly thresholds: Thresholds
  /** How long the self-test took, ms. */
  readonly selfTestMs: number
  readonly licence: WeightsLicence = faceApiLicence()
  readonly #faceApi: FaceApi
  readonly #detectors: Readonly<Record<'frame' | 'portrait', readonly object[]>>
  readonly #chip = new Float32Array(3 * DLIB_SIDE * DLIB_SIDE)
  readonly #aligned = new Float32Array(3 * ALIGNED_SIDE * ALIGNED_SIDE)

  /**
   * Checks weights and kernels, loads them and runs the self-test, which also warms the networks up.
   * Throws `FACE_MODEL_MISSING`, `FACE_MODEL_ALTERED`, `FACE_NOT_CALIBRATED` or `FACE_SELF_TEST`.
   */
  static async open({
    modelFolder = MODEL_FOLDER,
    weightFolder = FACE_API_WEIGHTS,
    thresholds,
  }: FaceApiOptions = {}): Promise<FaceApiRecogniser> {
    await readLocked(modelFolder, 'tfjs-wasm')
    const models = await checkWeights(weightFolder, NETS)
    const faceApi = await loadFaceApi({ withKernels: true })
    const start = performance.now()
    await runFaceApiSelfTest(faceApi)
    const selfTestMs = performance.now() - start
    return new FaceApiRecogniser(
      faceApi,
      models,
      thresholds ?? calibratedThresholds(wholeOf(models)),
      selfTestMs,
    )
  }

  private constructor(
    faceApi: FaceApi,
    models: readonly ModelIdentity[],
    thresholds: Thresholds,
    selfTestMs: number,
  ) {
    this.#faceApi = faceApi
    this.model = wholeOf(models)
    this.models = [...models, this.model]
    this.thresholds = thresholds
    this.selfTestMs = selfTestMs
    const detector = (search: (typeof SEARCHES)['portrait'][number]) =>
      new faceApi.TinyFaceDetectorOptions(search)
    this.#detectors = { frame: SEARCHES.frame.map(detector), portrait: SEARCHES.portrait.map(detector) }
  }

  /** Only the most prominent face, as of every engine here. */
  async analyse(image: RgbImage, purpose: 'frame' | 'portrait'): Promise<readonly FaceFound[]> {
    const face = await this.#locate(image, purpose)
    if (face === null) return []
    const { points, otherFaceWidth } = face
    const five = arcfacePoints(points)
    const [left, right] = five
    const eyeDistance = Math.hypot(right.x - left.x, right.y - left.y)
    // Points that coincide are no face, and no map can be drawn by them.
    if (!(eyeDistance > 1)) return []
    const aligned = similarity(five, ARCFACE_TEMPLATE)
    warp(image, aligned, ALIGNED_FORMAT, this.#aligned, samplesFor(aligned, 1.5))
    const measures = { eyeDistance, ...headTurn68(points), ...measureAligned(this.#aligned) }
    const box = boxOf68(points)
    const surroundings = { outside: shareOutside(box, image), otherFaceWidth }
    const issue = firstIssue(measures, surroundings, GATES[purpose])
    const embedding = await this.#describe(image, points)
    return [
      { box, quality: { issue, ...measures }, template: { model: this.model, embedding }, tracked: false },
    ]
  }

  /** `FACE_MODEL_MISMATCH` when either template comes from other weights. */
  compare(a: Template, b: Template): Result<number> {
    if (a.model.sha256 !== this.model.sha256 || b.model.sha256 !== this.model.sha256) {
      return failed(new Fault('FACE_MODEL_MISMATCH', 'template was made by another model; enrol again'))
    }
    return ok(similarityOf('euclidean-raw', a.embedding, b.embedding))
  }

  /** The networks stay with the process: TensorFlow.js has one engine in it. */
  async close(): Promise<void> {}

  async #locate(
    image: RgbImage,
    purpose: 'frame' | 'portrait',
  ): Promise<{ points: Landmarks68; otherFaceWidth: number } | null> {
    const { tf } = this.#faceApi
    const pixels = tf.tensor3d(Int32Array.from(image.data), [image.height, image.width, 3], 'int32')
    try {
      for (const detector of this.#detectors[purpose]) {
        const found = await this.#faceApi.detectAllFaces(pixels, detector).run()
        const [first, ...others] = found.toSorted((a, b) => prominence(b, image) - prominence(a, image))
        if (first === undefined) continue
        const points = await this.#landmarks(pixels, image, first)
        if (points === null) continue
        const widths = others.map(({ box }) => box.width / first.box.width)
        return { points, otherFaceWidth: Math.max(0, ...widths) }
      }
      return null
    } finally {
      pixels.dispose()
    }
  }

  /** Null for a box with no pixel of the picture in it. */
  async #landmarks(
    // biome-ignore lint/suspicious/noExplicitAny: TensorFlow.js of the bundle has no types
    pixels: any,
    image: RgbImage,
    { box }: FaceApiDetection,
  ): Promise<Landmarks68 | null> {
    const x = Math.max(0, Math.floor(box.x))
    const y = Math.max(0, Math.floor(box.y))
    const width = Math.min(image.width, Math.ceil(box.x + box.width)) - x
    const height = Math.min(image.height, Math.ceil(box.y + box.height)) - y
    if (width < 1 || height < 1) return null
    const cut = this.#faceApi.tf.slice3d(pixels, [y, x, 0], [height, width, 3])
    try {
      const { positions } = await this.#faceApi.detectFaceLandmarks(cut)
      return positions.map((point): Point => ({ x: point.x + x, y: point.y + y }))
    } finally {
      cut.dispose()
    }
  }

  /** 128 numbers, the mean of the face and its mirror image: measured better. Throws `FACE_NOT_FINITE`. */
  async #describe(image: RgbImage, points: Landmarks68): Promise<Float32Array> {
    const map = similarity(dlibPoints(points), DLIB_TEMPLATE)
    const descriptor = await this.#describeChip(image, map)
    const mirror = await this.#describeChip(image, mirrored(map, DLIB_SIDE))
    const mean = descriptor.map((value, i) => (value + mirror[i]!) / 2)
    if (mean.every(Number.isFinite)) return mean
    throw new Fault('FACE_NOT_FINITE', 'the network gave no finite descriptor')
  }

  async #describeChip(image: RgbImage, map: Affine): Promise<Float32Array> {
    const { tf } = this.#faceApi
    warp(image, map, CHIP, this.#chip, samplesFor(map, 1.5))
    const chip = tf.tidy(() => tf.transpose(tf.tensor3d(this.#chip, [3, DLIB_SIDE, DLIB_SIDE]), [1, 2, 0]))
    try {
      return Float32Array.from(await this.#faceApi.computeFaceDescriptor(chip))
    } finally {
      chip.dispose()
    }
  }
}

/** One identity for three networks: other detectors or landmarks make other descriptors of the same picture. */
function wholeOf(models: readonly ModelIdentity[]): ModelIdentity {
  const list = models.map(({ name, sha256 }) => `${sha256}  ${name}\n`).join('')
  return { name: 'face-api', sha256: createHash('sha256').update(list).digest('hex') }
}

/** Width, less the further from the middle: the person in front, not the one passing behind. */
function prominence({ box }: { readonly box: Box }, image: RgbImage): number {
  const dx = box.x + box.width / 2 - image.width / 2
  const dy = box.y + box.height / 2 - image.height / 2
  return box.width * (1 - Math.hypot(dx, dy) / Math.hypot(image.width / 2, image.height / 2))
}
