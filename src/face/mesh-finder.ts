import { FaceDetector } from './detect.ts'
import { FaceLandmarker, type Landmarks } from './landmarks.ts'
import { loadModel } from './models.ts'
import type { RgbImage } from './recogniser.ts'

const MINIMUM = { score: 0.5, presence: 0.5 }

/** Finds the mesh of the most prominent face, for the liveness layers beside an engine that knows fewer points. */
export class MeshFinder {
  readonly #detector: FaceDetector
  readonly #landmarker: FaceLandmarker

  /** Throws `FACE_MODEL_MISSING` or `FACE_MODEL_ALTERED`. */
  static async open(modelFolder: string): Promise<MeshFinder> {
    const [detector, landmarker] = await Promise.all([
      loadModel(modelFolder, 'blazeface', 1),
      loadModel(modelFolder, 'facemesh', 1),
    ])
    return new MeshFinder(new FaceDetector(detector.session), new FaceLandmarker(landmarker.session))
  }

  private constructor(detector: FaceDetector, landmarker: FaceLandmarker) {
    this.#detector = detector
    this.#landmarker = landmarker
  }

  async find(image: RgbImage): Promise<Landmarks | null> {
    for (const detection of await this.#detector.detect(image, MINIMUM.score)) {
      const landmarks = await this.#landmarker.locate(image, detection)
      if (landmarks.presence >= MINIMUM.presence) return landmarks
    }
    return null
  }
}
