import { Tensor } from 'onnxruntime-node'
import type { Landmarks } from '../landmarks.ts'
import { type LoadedModel, licenceOf, loadModel, MODEL_FOLDER } from '../models.ts'
import { faceBox } from '../quality.ts'
import type { Box, ModelIdentity, RgbImage, WeightsLicence } from '../recogniser.ts'
import { runSelfTest } from '../self-test.ts'
import { type Affine, type PlaneFormat, samplesFor, warp } from '../warp.ts'
import { assertLivenessCalibrated } from './calibration.ts'

const SIDE = 128
const FORMAT: PlaneFormat = { width: SIDE, height: SIDE, order: 'rgb', scale: 1, offset: 0 }
/** How much of the surroundings the network is shown: paper rims and bezels are around a face, not in it. */
const CONTEXT = 2.7

export interface LivenessNetworkOptions {
  /** Where the weights lie; the product's own by default. */
  readonly modelFolder?: string
  readonly threads?: number
}

/**
 * The passive network: one picture of a face with its surroundings to the probability that it is of a person and not
 * of a picture of one. Not reentrant: it owns its input buffers. Measured in docs/liveness.md.
 */
export class LivenessNetwork {
  readonly identity: ModelIdentity
  readonly #model: LoadedModel
  readonly #rgb = new Float32Array(3 * SIDE * SIDE)
  readonly #bgr = new Float32Array(3 * SIDE * SIDE)
  readonly #inputs = [this.#rgb, this.#bgr].map((planes) => ({
    input: new Tensor('float32', planes, [1, 3, SIDE, SIDE]),
  }))

  /**
   * Throws `FACE_MODEL_MISSING`, `FACE_MODEL_ALTERED`, `FACE_SELF_TEST` or `FACE_NOT_CALIBRATED`: then liveness can't be
   * judged here.
   */
  static async open(options: LivenessNetworkOptions = {}): Promise<LivenessNetwork> {
    const network = await LivenessNetwork.openUncalibrated(options)
    assertLivenessCalibrated(network.identity)
    return network
  }

  /** The same for scores and never for verdicts: weights that have no thresholds yet open too. */
  static async openUncalibrated(options: LivenessNetworkOptions = {}): Promise<LivenessNetwork> {
    const { modelFolder = MODEL_FOLDER, threads = 1 } = options
    const model = await loadModel(modelFolder, 'fr_liveness', threads)
    await runSelfTest([model])
    return new LivenessNetwork(model)
  }

  private constructor(model: LoadedModel) {
    this.#model = model
    this.identity = model.identity
  }

  get licence(): WeightsLicence {
    return licenceOf('fr_liveness')
  }

  /** 0 a picture of a face … 1 a face, for the face whose landmarks were found in this very image. */
  async score(image: RgbImage, landmarks: Landmarks): Promise<number> {
    const map = cropOf(contextBox(faceBox(landmarks), image))
    warp(image, map, FORMAT, this.#rgb, samplesFor(map, 1.5))
    const plane = SIDE * SIDE
    for (const channel of [0, 1, 2]) {
      this.#bgr.set(this.#rgb.subarray(channel * plane, (channel + 1) * plane), (2 - channel) * plane)
    }
    // In red-green-blue it lets fewer attacks through, in blue-green-red it troubles fewer people; the mean has both.
    const sums = [0, 0, 0]
    for (const input of this.#inputs) {
      const { output } = await this.#model.session.run(input)
      for (const i of [0, 1, 2]) sums[i]! += (output!.data as Float32Array)[i]! / 2
    }
    return firstOfSoftmax(sums)
  }

  async close(): Promise<void> {
    await this.#model.session.release()
  }
}

/**
 * The face's box, 2.7 times as large or as large as the picture allows, moved inside the picture: as the network was
 * trained (minivision-ai/Silent-Face-Anti-Spoofing: generate_patches.py). Black around the face is an attack to it.
 */
export function contextBox(face: Box, image: { readonly width: number; readonly height: number }): Box {
  const right = image.width - 1
  const bottom = image.height - 1
  const scale = Math.min(CONTEXT, right / face.width, bottom / face.height)
  const width = scale * face.width
  const height = scale * face.height
  const x = face.x + (face.width - width) / 2
  const y = face.y + (face.height - height) / 2
  return {
    x: Math.min(right - width, Math.max(0, x)),
    y: Math.min(bottom - height, Math.max(0, y)),
    width,
    height,
  }
}

function cropOf({ x, y, width, height }: Box): Affine {
  const across = width / SIDE
  const down = height / SIDE
  return [across, 0, x + across / 2 - 0.5, 0, down, y + down / 2 - 0.5]
}

function firstOfSoftmax(values: readonly number[]): number {
  const [first] = values
  return 1 / values.reduce((sum, value) => sum + Math.exp(value - first!), 0)
}
