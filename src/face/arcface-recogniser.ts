import { Fault } from '../common/fault.ts'
import { failed, ok, type Result } from '../common/result.ts'
import { ALIGNED_SIDE, ARCFACE_TEMPLATE, type FivePoints, fivePoints, mirrored, similarity } from './align.ts'
import calibration from './calibration.json' with { type: 'json' }
import { type Detection, FaceDetector } from './detect.ts'
import { cosine, FaceEmbedder, normalised } from './embed.ts'
import { FaceLandmarker, type Landmarks } from './landmarks.ts'
import { type LoadedModel, loadModel, MODEL_FOLDER, type ModelName } from './models.ts'
import { faceBox, firstIssue, GATES, measureFace, shareOutside } from './quality.ts'
import type { FaceFound, ModelIdentity, Recogniser, RgbImage, Template, Thresholds } from './recogniser.ts'
import { runSelfTest } from './self-test.ts'

/** A face's place in a picture, before it is drawn and embedded. */
export interface LocatedFace {
  readonly detection: Detection
  readonly landmarks: Landmarks
  readonly points: FivePoints
  /** Width of the second face in the picture as a share of this one's; 0 when alone. */
  readonly otherFaceWidth: number
}

export interface ArcfaceOptions {
  /** Where the weights lie; the product's own by default. */
  readonly modelFolder?: string
  readonly threads?: number
}

/**
 * What the detector and then the landmark network must say (0 … 1) for a find to be a face. The latter says 1.00 on
 * nearly every face and 0.04 on a full profile. A portrait gets a second, lenient search: an odd one is better than none.
 */
const SEARCHES = {
  frame: [{ score: 0.5, presence: 0.5 }],
  portrait: [
    { score: 0.5, presence: 0.5 },
    { score: 0.15, presence: 0.1 },
  ],
} as const

/**
 * BlazeFace → Face Mesh → 5-point similarity → ArcFace-family embedding, on onnxruntime.
 * One picture at a time: the networks own their buffers.
 */
export class ArcfaceRecogniser implements Recogniser {
  readonly engine = 'arcface'
  readonly model: ModelIdentity
  readonly models: readonly ModelIdentity[]
  readonly thresholds: Thresholds
  /** How long the self-test took, ms. */
  readonly selfTestMs: number
  readonly detector: FaceDetector
  readonly landmarker: FaceLandmarker
  readonly embedder: FaceEmbedder
  readonly #loaded: readonly LoadedModel[]

  /**
   * Loads the weights, checks them and runs the self-test, which also warms the networks up.
   * Throws `FACE_MODEL_MISSING`, `FACE_MODEL_ALTERED`, `FACE_NOT_CALIBRATED` or `FACE_SELF_TEST`: then no face may be compared here.
   */
  static async open({
    modelFolder = MODEL_FOLDER,
    threads = 1,
  }: ArcfaceOptions = {}): Promise<ArcfaceRecogniser> {
    const names: readonly ModelName[] = ['blazeface', 'facemesh', 'fr_feature']
    const loaded = await Promise.all(names.map((name) => loadModel(modelFolder, name, threads)))
    const start = performance.now()
    await runSelfTest(loaded)
    return new ArcfaceRecogniser(loaded, performance.now() - start)
  }

  private constructor(loaded: readonly LoadedModel[], selfTestMs: number) {
    const [detector, landmarker, embedder] = loaded as [LoadedModel, LoadedModel, LoadedModel]
    this.detector = new FaceDetector(detector.session)
    this.landmarker = new FaceLandmarker(landmarker.session)
    this.embedder = new FaceEmbedder(embedder.session)
    this.model = embedder.identity
    this.thresholds = calibratedThresholds(embedder.identity)
    this.models = loaded.map(({ identity }) => identity)
    this.selfTestMs = selfTestMs
    this.#loaded = loaded
  }

  /** Only the most prominent face: an attendance check has one person, and others are an issue, not an answer. */
  async analyse(image: RgbImage, purpose: 'frame' | 'portrait'): Promise<readonly FaceFound[]> {
    const face = await this.locate(image, purpose)
    if (face === null) return []
    const { landmarks, points, otherFaceWidth } = face
    const map = similarity(points, ARCFACE_TEMPLATE)
    this.embedder.align(image, map)
    const measures = measureFace(points, landmarks, this.embedder.planes)
    const embedding = await this.embedder.embed()
    if (purpose === 'portrait') {
      this.embedder.align(image, mirrored(map, ALIGNED_SIDE))
      addInto(embedding, await this.embedder.embed())
      normalised(embedding)
    }
    const box = faceBox(landmarks)
    const surroundings = { outside: shareOutside(box, image), otherFaceWidth }
    const issue = firstIssue(measures, surroundings, GATES[purpose])
    return [{ box, quality: { issue, ...measures }, template: { model: this.model, embedding } }]
  }

  /** Finds the most prominent face and its landmarks; null when there is none. */
  async locate(image: RgbImage, purpose: 'frame' | 'portrait'): Promise<LocatedFace | null> {
    for (const minimum of SEARCHES[purpose]) {
      const detections = await this.detector.detect(image, minimum.score)
      for (const detection of detections) {
        const landmarks = await this.landmarker.locate(image, detection)
        if (landmarks.presence < minimum.presence) continue
        const others = detections.filter((other) => other !== detection)
        const widths = others.map(({ box }) => box.width / detection.box.width)
        return { detection, landmarks, points: fivePoints(landmarks), otherFaceWidth: Math.max(0, ...widths) }
      }
    }
    return null
  }

  /** `FACE_MODEL_MISMATCH` when either template comes from other weights. */
  compare(a: Template, b: Template): Result<number> {
    if (a.model.sha256 !== this.model.sha256 || b.model.sha256 !== this.model.sha256) {
      return failed(new Fault('FACE_MODEL_MISMATCH', 'template was made by another model; enrol again'))
    }
    return ok(cosine(a.embedding, b.embedding))
  }

  async close(): Promise<void> {
    for (const { session } of this.#loaded) await session.release()
  }
}

/** Thresholds mean nothing for other weights than those they were measured with. */
function calibratedThresholds({ name, sha256 }: ModelIdentity): Thresholds {
  const { model, accept, reject, fmr, population } = calibration.arcface
  if (model.sha256 !== sha256)
    throw new Fault('FACE_NOT_CALIBRATED', `no thresholds for these weights of ${name}`)
  return { accept, reject, fmr, population }
}

function addInto(sum: Float32Array, addend: Float32Array): void {
  for (let i = 0; i < sum.length; i++) sum[i] = sum[i]! + addend[i]!
}
