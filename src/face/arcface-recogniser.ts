import { Fault } from '../common/fault.ts'
import { failed, ok, type Result } from '../common/result.ts'
import { ARCFACE_TEMPLATE, enlarged, type FivePoints, fivePoints, mirrored, similarity } from './align.ts'
import { calibratedThresholds } from './calibrated-thresholds.ts'
import { FaceDetector } from './detect.ts'
import { ALIGNED_FORMAT, FaceEmbedder, similarityOf } from './embed.ts'
import { FaceLandmarker, type Landmarks } from './landmarks.ts'
import { type EmbedderModel, openModelFolder } from './model-folder.ts'
import { type LoadedModel, licenceOf, loadModel, MODEL_FOLDER } from './models.ts'
import { faceBox, firstIssue, GATES, measureFace, shareOutside } from './quality.ts'
import type {
  FaceFound,
  ModelIdentity,
  Recogniser,
  RgbImage,
  Template,
  Thresholds,
  WeightsLicence,
} from './recogniser.ts'
import { runSelfTest } from './self-test.ts'
import {
  beginTrack,
  continueTrack,
  type FaceRegion,
  isPlausible,
  mayFollow,
  type Track,
  type TrackedFrame,
} from './track.ts'
import { type Affine, samplesFor, warp } from './warp.ts'

const BUILT_IN = 'arcface'

/** A face's place in a picture, before it is drawn and embedded. */
export interface LocatedFace {
  /** Where the landmarks were looked for. */
  readonly region: FaceRegion
  readonly landmarks: Landmarks
  readonly points: FivePoints
  /** Width of the second face in the picture as a share of this one's; 0 when alone. When tracked, as last detected. */
  readonly otherFaceWidth: number
  /** Found in the region of the frame before, without the detector. */
  readonly tracked: boolean
}

export interface ArcfaceOptions {
  /** Where the weights lie; the product's own by default. */
  readonly modelFolder?: string
  readonly threads?: number
  /** A folder whose embedding network takes the built-in one's place: docs/face-models.md. */
  readonly embedderFolder?: string
  /** Instead of the calibrated ones: lets weights that have none yet be opened, to measure them. */
  readonly thresholds?: Thresholds
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
  readonly engine: string
  readonly model: ModelIdentity
  readonly models: readonly ModelIdentity[]
  readonly thresholds: Thresholds
  /** How long the self-test took, ms. */
  readonly selfTestMs: number
  readonly detector: FaceDetector
  readonly landmarker: FaceLandmarker
  readonly embedder: FaceEmbedder
  /** Of the embedding network's weights. */
  readonly licence: WeightsLicence
  readonly #loaded: readonly LoadedModel[]
  /** The face as the gates are set for; null when that is what the embedder draws. */
  readonly #gatePlanes: Float32Array | null

  /**
   * Loads the weights, checks them and runs the self-test, which also warms the networks up.
   * Throws `FACE_MODEL_MISSING`, `FACE_MODEL_ALTERED`, `FACE_NOT_CALIBRATED` or `FACE_SELF_TEST`, for a folder also
   * what `openModelFolder` throws: then no face may be compared here.
   */
  static async open(options: ArcfaceOptions = {}): Promise<ArcfaceRecogniser> {
    const { modelFolder = MODEL_FOLDER, threads = 1, embedderFolder } = options
    const load = (name: 'blazeface' | 'facemesh' | 'fr_feature') => loadModel(modelFolder, name, threads)
    const finders = await Promise.all([load('blazeface'), load('facemesh')])
    const builtIn = embedderFolder === undefined ? await load('fr_feature') : null
    const start = performance.now()
    await runSelfTest(builtIn === null ? finders : [...finders, builtIn])
    const model =
      builtIn === null ? await openModelFolder(embedderFolder!, threads) : builtInEmbedder(builtIn)
    const thresholds = options.thresholds ?? model.thresholds ?? thresholdsOfBuiltIn(model)
    return new ArcfaceRecogniser(finders, model, thresholds, performance.now() - start)
  }

  private constructor(
    finders: readonly LoadedModel[],
    model: EmbedderModel,
    thresholds: Thresholds,
    selfTestMs: number,
  ) {
    const [detector, landmarker] = finders as [LoadedModel, LoadedModel]
    this.engine = model.engine
    this.detector = new FaceDetector(detector.session)
    this.landmarker = new FaceLandmarker(landmarker.session)
    this.embedder = model.embedder
    this.licence = model.licence
    this.model = model.identity
    this.thresholds = thresholds
    this.#loaded = [...finders, model]
    this.models = this.#loaded.map(({ identity }) => identity)
    this.selfTestMs = selfTestMs
    const shared = model.embedder.format.template === ARCFACE_TEMPLATE
    this.#gatePlanes = shared ? null : new Float32Array(3 * ALIGNED_FORMAT.width * ALIGNED_FORMAT.height)
  }

  /** Only the most prominent face: an attendance check has one person, and others are an issue, not an answer. */
  async analyse(image: RgbImage, purpose: 'frame' | 'portrait'): Promise<readonly FaceFound[]> {
    const face = await this.locate(image, purpose)
    return face === null ? [] : [await this.#describe(image, face, purpose)]
  }

  /** One frame of a look: in the region of the frame before while that holds, else by detection. */
  async track(image: RgbImage, previous: Track | null): Promise<TrackedFrame> {
    const followed = mayFollow(previous) ? await this.#follow(image, previous) : null
    const face = followed ?? (await this.locate(image, 'frame'))
    if (face === null) return { faces: [], track: null }
    const found = await this.#describe(image, face, 'frame')
    const track =
      followed === null || previous === null
        ? beginTrack(face.landmarks, face.points, face.otherFaceWidth)
        : continueTrack(previous, face.landmarks, face.points)
    // With others around, the detector says each time which face is the one in front.
    return { faces: [found], track: found.quality.issue === 'several-faces' ? null : track }
  }

  /** The tracked face in this frame; null when it isn't plainly the same one a moment later. */
  async #follow(image: RgbImage, track: Track): Promise<LocatedFace | null> {
    const { region, otherFaceWidth } = track
    const landmarks = await this.landmarker.locate(image, region)
    const points = fivePoints(landmarks)
    if (!isPlausible(track, landmarks, points)) return null
    return { region, landmarks, points, otherFaceWidth, tracked: true }
  }

  async #describe(image: RgbImage, face: LocatedFace, purpose: 'frame' | 'portrait'): Promise<FaceFound> {
    const { landmarks, points, otherFaceWidth, tracked } = face
    const { embedder } = this
    const map = similarity(points, embedder.format.template)
    embedder.align(image, map)
    const measures = measureFace(points, landmarks, this.#drawnForGates(image, points))
    const plain = await embedder.embed()
    const embedding = purpose === 'frame' ? plain : await this.#fused(plain, image, this.#portraitViews(map))
    const box = faceBox(landmarks)
    const surroundings = { outside: shareOutside(box, image), otherFaceWidth }
    const issue = firstIssue(measures, surroundings, GATES[purpose])
    const template = { model: this.model, embedding }
    return { box, quality: { issue, ...measures }, template, tracked, landmarks }
  }

  /** A frame's template with its mirror image averaged in: a little better, at the price of one more embedding. */
  async refine(image: RgbImage, { template, landmarks }: FaceFound): Promise<Template> {
    if (landmarks === undefined) return template
    const map = similarity(fivePoints(landmarks), this.embedder.format.template)
    const view = mirrored(map, this.embedder.format.width)
    return { model: this.model, embedding: await this.#fused(template.embedding, image, [view]) }
  }

  /** A portrait is compared with many frames, so it is worth more looks: mirrored, a tenth larger, a tenth smaller. */
  #portraitViews(map: Affine): readonly Affine[] {
    const { width, height } = this.embedder.format
    const middle = { x: (width - 1) / 2, y: (height - 1) / 2 }
    return [mirrored(map, width), enlarged(map, 1.1, middle), enlarged(map, 1 / 1.1, middle)]
  }

  async #fused(plain: Float32Array, image: RgbImage, views: readonly Affine[]): Promise<Float32Array> {
    const embeddings = [plain]
    for (const view of views) {
      this.embedder.align(image, view)
      embeddings.push(await this.embedder.embed())
    }
    return this.embedder.fuse(embeddings)
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
        const points = fivePoints(landmarks)
        const otherFaceWidth = Math.max(0, ...widths)
        return { region: detection, landmarks, points, otherFaceWidth, tracked: false }
      }
    }
    return null
  }

  /** `FACE_MODEL_MISMATCH` when either template comes from other weights or from another reading of them. */
  compare(a: Template, b: Template): Result<number> {
    const { name, sha256 } = this.model
    const isOurs = ({ model }: Template) => model.sha256 === sha256 && model.name === name
    if (!isOurs(a) || !isOurs(b)) {
      return failed(new Fault('FACE_MODEL_MISMATCH', 'template was made by another model; enrol again'))
    }
    return ok(similarityOf(this.embedder.format.metric, a.embedding, b.embedding))
  }

  async close(): Promise<void> {
    for (const { session } of this.#loaded) await session.release()
  }

  /** What the embedder drew last, or a drawing of the gates' own where the embedder's is of another geometry. */
  #drawnForGates(image: RgbImage, points: FivePoints): Float32Array {
    if (this.#gatePlanes === null) return this.embedder.planes
    const map = similarity(points, ARCFACE_TEMPLATE)
    warp(image, map, ALIGNED_FORMAT, this.#gatePlanes, samplesFor(map, 1.5))
    return this.#gatePlanes
  }
}

/** A folder states its own: even with the built-in weights it may read them in another way. */
function thresholdsOfBuiltIn({ engine, identity }: EmbedderModel): Thresholds {
  if (engine === BUILT_IN) return calibratedThresholds(identity)
  throw new Fault(
    'FACE_NOT_CALIBRATED',
    `the manifest of ${identity.name} states no thresholds: measure them first`,
  )
}

function builtInEmbedder({ identity, session }: LoadedModel): EmbedderModel {
  return {
    engine: BUILT_IN,
    identity,
    session,
    embedder: new FaceEmbedder(session),
    thresholds: null,
    licence: licenceOf('fr_feature'),
  }
}
