import { type FusedLiveness, fuseLiveness } from '../face/liveness/fuse.ts'
import type { LayerReading } from '../face/liveness/layer.ts'
import { motionReading } from '../face/liveness/motion.ts'
import type { FrameObservation } from '../face/liveness/observation.ts'
import { passiveReading } from '../face/liveness/passive-reading.ts'
import { replayReading } from '../face/liveness/replay.ts'
import type { FrameMemory, SeenFrames } from '../face/liveness/seen-frames.ts'
import { textureReading } from '../face/liveness/texture.ts'

/** What the layers say together, and each by itself. */
export type { FusedLiveness } from '../face/liveness/fuse.ts'

/** Judges whether a living person stands before this station's camera; knows what was shown to it before. */
export interface LivenessGuard {
  /** Ask for proof by coloured light of the screen before prompts. */
  readonly light: boolean
  /** What the layers say of a visit's observations so far, and of what was asked of the person since. */
  judge(observations: readonly FrameObservation[], proofs?: readonly LayerReading[]): FusedLiveness
  /** The visit is over: its frames are earlier ones from now on. */
  remember(observations: readonly FrameObservation[]): void
}

/** `camera` tells what is known of the device itself, null where nothing is. */
export function livenessGuard(parts: {
  readonly memory: SeenFrames & Pick<FrameMemory, 'addVisit'>
  readonly camera: () => LayerReading | null
  readonly light: boolean
}): LivenessGuard {
  const { memory, light } = parts
  return {
    light,
    judge: (observations, proofs = []) => {
      const camera = parts.camera()
      return fuseLiveness([
        passiveReading(observations),
        motionReading(observations),
        textureReading(observations),
        replayReading(observations, memory),
        ...(camera === null ? [] : [camera]),
        ...proofs,
      ])
    },
    remember: (observations) => memory.addVisit(observations),
  }
}
