import type { FaceEngine } from '../face/engine.ts'
import type { FrameObservation } from '../face/liveness/observation.ts'

/** The passive network looks at so many frames of one look: more of the same moment say little more. */
const MOST_PASSIVE = 6

/**
 * Gathers what the liveness layers want to know of a look's frames. Each request goes out when the frame's comparison
 * has answered and is awaited only at the end, so that it runs while the camera makes the next frame.
 */
export class LookObserver {
  readonly #engine: FaceEngine
  readonly #requests: Promise<FrameObservation | null>[] = []

  constructor(engine: FaceEngine) {
    this.#engine = engine
  }

  /** Asks about the frame that was compared last; `at` is when it had come. */
  ask(at: number): void {
    const passive = this.#requests.length < MOST_PASSIVE
    this.#requests.push(
      this.#engine.observe({ at, passive }).then((observed) => (observed.ok ? observed.value : null)),
    )
  }

  /** All that was answered, in order; a frame that the engine was lost on is left out. */
  async observations(): Promise<readonly FrameObservation[]> {
    const answers = await Promise.all(this.#requests)
    return answers.filter((answer) => answer !== null)
  }
}
