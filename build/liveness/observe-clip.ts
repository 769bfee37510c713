import { createHash } from 'node:crypto'
import { unwrap } from '../../src/common/result.ts'
import type { ArcfaceRecogniser } from '../../src/face/arcface-recogniser.ts'
import { decodeImage } from '../../src/face/image.ts'
import { type FrameObservation, observe } from '../../src/face/liveness/observation.ts'
import type { LivenessNetwork } from '../../src/face/liveness/passive.ts'

/** The passive network is asked about as many frames as at the door: the others say little more. */
const PASSIVE_EVERY = 3

/** Looks at encoded frames as the station does. A frame that was looked at before is not looked at again. */
export class ClipObserver {
  readonly #recogniser: ArcfaceRecogniser
  readonly #network: LivenessNetwork
  readonly #known = new Map<string, FrameObservation>()

  constructor(recogniser: ArcfaceRecogniser, network: LivenessNetwork) {
    this.#recogniser = recogniser
    this.#network = network
  }

  async observe(frames: readonly Uint8Array[], everyMs: number): Promise<FrameObservation[]> {
    const observations: FrameObservation[] = []
    for (const [i, frame] of frames.entries()) {
      observations.push(await this.#one(frame, i * everyMs, i % PASSIVE_EVERY === 0))
    }
    return observations
  }

  /** A clip is over: what was known of its frames takes room. */
  forget(): void {
    this.#known.clear()
  }

  async #one(encoded: Uint8Array, at: number, withPassive: boolean): Promise<FrameObservation> {
    const sha256 = createHash('sha256').update(encoded).digest('hex')
    const known = this.#known.get(sha256)
    if (known !== undefined) return { ...known, at }
    const { image } = unwrap(await decodeImage(encoded))
    const face = await this.#recogniser.locate(image, 'frame')
    const landmarks = face?.landmarks ?? null
    const passive = landmarks === null || !withPassive ? null : await this.#network.score(image, landmarks)
    const observation = observe({ image, sha256, at }, landmarks, passive)
    this.#known.set(sha256, observation)
    return observation
  }
}
